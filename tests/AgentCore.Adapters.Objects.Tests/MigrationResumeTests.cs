using System.Text.Json;
using AgentCore.Adapters.Objects.Bindings;
using AgentCore.Adapters.Objects.Migration;
using AgentCore.Adapters.Objects.Tests.Stress;

namespace AgentCore.Adapters.Objects.Tests;

/// <summary>What a migration does again and what it doesn't: after an end, after a stop, beside another one.</summary>
public sealed class MigrationResumeTests : IDisposable
{
    private const string Shop = """
        namespace Shop;
        public class FirstAgent { public string Run(string input) => input; }
        public class KeyAgent(string apiKey) { public string Run(string input) => apiKey + input; }
        public class LastAgent { public string Run(string input) => input; }
        """;

    private readonly Compiled _shop = new("Shop", Shop);
    private readonly string _workspace = Directory.CreateTempSubdirectory("agentcore-resume-").FullName;

    [Fact]
    public async Task Run_AgainAfterTheEnd_LooksAnew()
    {
        await Engine().RunAsync([_shop.Path]);
        Fill();

        var again = await Engine().RunAsync([_shop.Path]);

        Assert.Equal(0, again.Resumed);
        Assert.All(again.Items, i => Assert.Equal(MigrationStatus.Verified, i.Status));
        Assert.False(File.Exists(Log(MigrationEngine.ProgressFile)));
    }

    [Fact]
    public async Task Run_AgainWithoutVerify_TellsTheGapsOfTheFile()
    {
        await Wrap().RunAsync([_shop.Path]);
        Fill();

        var again = await Wrap().RunAsync([_shop.Path]);

        Assert.All(again.Items, i => Assert.Equal(MigrationStatus.Wrapped, i.Status));
    }

    [Fact]
    public async Task Run_StoppedAndNothingChanged_GoesOn()
    {
        await StopAsync(e => e.RunAsync([_shop.Path], Stop.Token));

        Assert.Equal(2, (await Engine().RunAsync([_shop.Path])).Resumed);
    }

    [Fact]
    public async Task Run_StoppedAndABindingTakenAway_WritesItAgain()
    {
        await StopAsync(e => e.RunAsync([_shop.Path], Stop.Token));
        Directory.GetFiles(Agents, "*.yaml").ToList().ForEach(File.Delete);

        var report = await Engine().RunAsync([_shop.Path]);

        Assert.Equal(0, report.Resumed);
        Assert.All(report.Items, i => Assert.True(File.Exists(i.File)));
    }

    [Fact]
    public async Task Run_StoppedAndAGapFilled_IsRunAgain()
    {
        await StopAsync(e => e.RunAsync([_shop.Path], Stop.Token));
        Fill();

        var report = await Engine().RunAsync([_shop.Path]);

        Assert.Equal(1, report.Resumed);
        Assert.All(report.Items, i => Assert.Equal(MigrationStatus.Verified, i.Status));
    }

    [Fact]
    public async Task Ends_ThenDoneAgainAfterAChange_IsForgotten()
    {
        var (path, file) = (Path.Combine(_workspace, "log"), Path.Combine(_workspace, "a.yaml"));
        await File.WriteAllTextAsync(file, "1");
        using (var log = await MigrationLog.OpenAsync(path, anew: false, default))
        {
            log.Begin("a");
            log.Begin("a");
            log.Ends("a", new IOException("old error"));
            Assert.Equal(2, log.Starts("a"));
            log.End("a", new MigrationItem("a", "A", default, MigrationStatus.Crashed, "x") { File = file });
        }

        await File.WriteAllTextAsync(file, "22");
        File.SetLastWriteTimeUtc(file, DateTime.UtcNow.AddMinutes(5));
        using (var log = await MigrationLog.OpenAsync(path, anew: false, default))
        {
            Assert.Null(log.Done("a"));
            Assert.Null(log.EndingOf("a"));
        }
    }

    [Theory]
    [InlineData(false, MigrationStatus.Gaps)]
    [InlineData(true, MigrationStatus.Crashed)]
    public async Task Run_TookTheProcessTwice_TellsTheGapsThatTheFileStillHas(bool filled, MigrationStatus status)
    {
        await StopAsync(e => e.RunAsync([_shop.Path], Stop.Token));
        if (filled)
            Fill();
        // As two deaths leave it.
        var key = (await File.ReadAllLinesAsync(Log(MigrationEngine.ProgressFile))).Select(line => JsonDocument.Parse(line).RootElement.GetProperty("key").GetString()!).First(k => k.StartsWith("Shop.KeyAgent|", StringComparison.Ordinal));
        await File.WriteAllTextAsync(Log(MigrationEngine.ProgressFile), JsonSerializer.Serialize(new { key, starts = 2 }) + "\n");

        var report = await Engine().RunAsync([_shop.Path]);

        Assert.Equal(status, report.Items.Single(i => i.Type == "Shop.KeyAgent").Status);
    }

    [Theory]
    [InlineData("timeout")]
    [InlineData("tasks")]
    [InlineData("assembly")]
    [InlineData("dependency")]
    public async Task Run_StoppedAndSomethingElseChanged_IsRunAgain(string what)
    {
        await StopAsync(e => e.RunAsync([_shop.Path], Stop.Token));

        Assert.Equal(0, (await Changed(what).RunAsync([_shop.Path])).Resumed);
    }

    [Theory]
    [InlineData("timeout")]
    [InlineData("tasks")]
    [InlineData("assembly")]
    [InlineData("dependency")]
    public async Task Verify_StoppedAndSomethingElseChanged_IsRunAgain(string what)
    {
        await Wrap().RunAsync([_shop.Path]);
        await StopAsync(e => e.VerifyAsync([], Stop.Token));

        var report = await Changed(what).VerifyAsync([]);

        Assert.Equal(0, report.Resumed);
        Assert.False(File.Exists(Log(MigrationEngine.VerifyProgressFile)));
    }

    [Fact]
    public async Task Verify_BesideAnother_SaysSo()
    {
        await Wrap().RunAsync([_shop.Path]);
        using var other = await MigrationLog.OpenAsync(Log(MigrationEngine.VerifyProgressFile), false, default);

        var e = await Assert.ThrowsAsync<InvalidOperationException>(() => Engine().VerifyAsync([]));

        Assert.Contains("Another migration is at work in this workspace", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Verify_NothingWrapped_SaysWhatToDo()
    {
        var e = await Assert.ThrowsAsync<ArgumentException>(() => Engine().VerifyAsync(["nosuch"]));

        Assert.Contains("No agent is wrapped in this workspace yet: migrate wrap PATH", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Wrap_NameOfAnotherClass_TakesALongerOneAndKeepsIt()
    {
        using var books = new Compiled("Books", "namespace Books; public class FirstAgent { public string Run(string input) => input; }");
        await Wrap().RunAsync([_shop.Path]);

        var report = await Wrap().RunAsync([books.Path]);
        var again = await Wrap(overwrite: true).RunAsync([books.Path]);

        Assert.Equal(("books-first", MigrationStatus.Wrapped), (Assert.Single(report.Items).Name, report.Items[0].Status));
        Assert.Equal(report.Items, again.Items);
        Assert.Equal("Books.FirstAgent", BindingFile.Read(report.Items[0].File!).Type);
        Assert.Equal("Shop.FirstAgent", BindingFile.Read(Path.Combine(Agents, "first.yaml")).Type);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Wrap_NameOfAnAgentOfAnotherKind_LeavesItsFile(bool overwrite)
    {
        Directory.CreateDirectory(Agents);
        await File.WriteAllTextAsync(Path.Combine(Agents, "first.yaml"), "kind: chat\nname: first\n");

        var report = await Wrap(overwrite).RunAsync([_shop.Path]);

        Assert.Equal("shop-first", report.Items.Single(i => i.Type == "Shop.FirstAgent").Name);
        Assert.StartsWith("kind: chat", await File.ReadAllTextAsync(Path.Combine(Agents, "first.yaml")), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Wrap_SameClassOfAnotherBuild_FailsNamingBoth()
    {
        using var other = new Compiled("Shop", Shop);
        await Wrap().RunAsync([_shop.Path]);

        var report = await Wrap().RunAsync([other.Path]);
        var anew = await Wrap(overwrite: true).RunAsync([other.Path]);

        Assert.All(report.Items, i => Assert.Equal(MigrationStatus.Failed, i.Status));
        Assert.Contains(_shop.Path, report.Items[0].Message, StringComparison.Ordinal);
        Assert.Contains(other.Path, report.Items[0].Message, StringComparison.Ordinal);
        Assert.All(anew.Items, i => Assert.Equal(other.Path, BindingFile.Read(i.File!).Assembly));
    }

    public void Dispose()
    {
        Stop.Dispose();
        _shop.Dispose();
        Directory.Delete(_workspace, recursive: true);
    }

    private string Agents => Path.Combine(_workspace, "agents");

    private CancellationTokenSource Stop { get; } = new();

    private string Log(string name) => Path.Combine(Agents, name);

    private MigrationEngine Wrap(bool overwrite = false) => new(new MigrationOptions { Workspace = _workspace, Overwrite = overwrite });

    private MigrationEngine Engine(VerifyOptions? verify = null, IProgress<MigrationProgress>? progress = null) =>
        new(new MigrationOptions { Workspace = _workspace, Verify = verify ?? new VerifyOptions(), Parallelism = 1, Progress = progress });

    /// <summary>Runs until two are done.</summary>
    private async Task StopAsync(Func<MigrationEngine, Task> run) =>
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => run(Engine(progress: new Second(Stop))));

    private void Fill()
    {
        var file = Path.Combine(Agents, "key.yaml");
        File.WriteAllText(file, File.ReadAllText(file).Replace("from: missing", "from: value\n  value: abc", StringComparison.Ordinal));
    }

    private MigrationEngine Changed(string what)
    {
        var later = DateTime.UtcNow.AddMinutes(1);
        if (what == "assembly")
            File.SetLastWriteTimeUtc(_shop.Path, later);
        if (what == "dependency")
            File.WriteAllText(Path.Combine(_shop.Folder, "Library.dll"), "");
        return Engine(what switch
        {
            "timeout" => new VerifyOptions { Timeout = TimeSpan.FromSeconds(11) },
            "tasks" => new VerifyOptions { Tasks = ["another"] },
            _ => null,
        });
    }

    private sealed class Second(CancellationTokenSource stop) : IProgress<MigrationProgress>
    {
        public void Report(MigrationProgress value)
        {
            if (value.Done == 2)
                stop.Cancel();
        }
    }
}
