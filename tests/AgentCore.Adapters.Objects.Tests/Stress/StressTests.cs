using System.Text.Json;
using AgentCore.Adapters.Objects.Migration;

namespace AgentCore.Adapters.Objects.Tests.Stress;

/// <summary>430 agent classes over 28 base classes, 20 of them broken, migrated by one call, and again after a stop.</summary>
public sealed class StressTests(Xunit.Abstractions.ITestOutputHelper output)
{
    private const int Agents = 430;
    private const int Broken = 20;

    [Fact]
    public async Task Run_430AgentsAnd20Broken_EachIsReportedRightlyAndAStopIsMadeGood()
    {
        using var compiled = new Compiled("Stress", StressSource.Write(Agents, Broken));
        var workspace = Path.Combine(compiled.Folder, "workspace");
        using var stop = new CancellationTokenSource();
        var half = new Halfway(Agents / 2, stop);

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Engine(workspace, half).RunAsync([compiled.Path], stop.Token));
        // As kill -9 leaves it: the last line cut in two.
        await File.AppendAllTextAsync(Path.Combine(workspace, "agents", MigrationEngine.ProgressFile), "{\"key\":\"Stress.Num");
        var report = await Engine(workspace, null).RunAsync([compiled.Path]);

        output.WriteLine($"{report.Items.Count} agents, {report.Resumed} of them before the stop, the rest in {report.Elapsed.TotalSeconds:0.0} s: {string.Join(", ", report.Counts)}");
        Assert.Equal(Agents, report.Items.Count);
        Assert.InRange(report.Resumed, Agents / 2, Agents - 1);
        Assert.All(report.Items.Where(i => Number(i) >= Broken), i => Assert.True(i.Status == MigrationStatus.Verified, $"{i.Name} ({i.Type}): {i.Status} {i.Message}"));
        Assert.All(report.Items.Where(i => Number(i) < Broken), AssertReported);
        Assert.Equal(Agents, Directory.GetFiles(Path.Combine(workspace, "agents"), "*.yaml").Length);
    }

    [Fact]
    public async Task Run_AgentThatTookTheProcessTwice_IsLeftOutAndNamed()
    {
        using var compiled = new Compiled("StressCrash", StressSource.Write(3, 0));
        var workspace = Path.Combine(compiled.Folder, "workspace");
        var log = Path.Combine(workspace, "agents", MigrationEngine.ProgressFile);
        using var stop = new CancellationTokenSource();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Engine(workspace, new Halfway(1, stop), 1).RunAsync([compiled.Path], stop.Token));
        // As two deaths leave it.
        var done = JsonDocument.Parse((await File.ReadAllLinesAsync(log))[^1]).RootElement;
        await File.WriteAllTextAsync(log, JsonSerializer.Serialize(new { key = done.GetProperty("key").GetString(), starts = 2 }) + "\n");

        var report = await Engine(workspace, null).RunAsync([compiled.Path]);

        Assert.Equal(done.GetProperty("item").GetProperty("type").GetString(), report.Items.Single(i => i.Status == MigrationStatus.Crashed).Type);
        Assert.Equal(2, report.Items.Count(i => i.Status == MigrationStatus.Verified));
    }

    [Fact]
    public async Task Verify_BindingCompletedByHand_RunsAndStays()
    {
        using var compiled = new Compiled("StressGap", StressSource.Write(5, 5));
        var workspace = Path.Combine(compiled.Folder, "workspace");
        var wrapped = await new MigrationEngine(new MigrationOptions { Workspace = workspace }).RunAsync([compiled.Path]);
        var secret = wrapped.Items.Single(i => i.Status == MigrationStatus.Gaps && i.Message.Contains("apiKey", StringComparison.Ordinal));
        var yaml = await File.ReadAllTextAsync(secret.File!);
        await File.WriteAllTextAsync(secret.File!, yaml.Replace("from: missing", "from: value\n  value: abc", StringComparison.Ordinal));

        var verified = await Engine(workspace, null).VerifyAsync([secret.Name]);
        await new MigrationEngine(new MigrationOptions { Workspace = workspace }).RunAsync([compiled.Path]);

        Assert.Equal(MigrationStatus.Verified, Assert.Single(verified.Items).Status);
        Assert.Contains("value: abc", await File.ReadAllTextAsync(secret.File!), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Verify_UnknownName_ListsTheBindingsThereAre()
    {
        using var compiled = new Compiled("StressNames", StressSource.Write(2, 0));
        var workspace = Path.Combine(compiled.Folder, "workspace");
        await Engine(workspace, null).RunAsync([compiled.Path]);

        var e = await Assert.ThrowsAsync<ArgumentException>(() => Engine(workspace, null).VerifyAsync(["nobody"]));

        Assert.Contains("number0", e.Message, StringComparison.Ordinal);
    }

    private static MigrationEngine Engine(string workspace, IProgress<MigrationProgress>? progress, int parallel = 8) => new(new MigrationOptions
    {
        Workspace = workspace,
        Verify = new VerifyOptions { Timeout = TimeSpan.FromSeconds(5) },
        Parallelism = parallel,
        Progress = progress,
    });

    private static void AssertReported(MigrationItem item)
    {
        var (status, words) = StressSource.Broken[Number(item) % StressSource.Broken.Length].Kind switch
        {
            "constructor" => (MigrationStatus.SameError, "constructor broken"),
            "static" => (MigrationStatus.SameError, "TypeInitializationException"),
            "hang" => (MigrationStatus.TimedOut, "5 s"),
            "secret" => (MigrationStatus.Gaps, "apiKey"),
            _ => (MigrationStatus.Gaps, "IMissing"),
        };
        Assert.True(item.Status == status && item.Message.Contains(words, StringComparison.Ordinal), $"{item.Name}: {item.Status}, {item.Message}");
    }

    private static int Number(MigrationItem item) =>
        int.Parse(item.Type["Stress.Number".Length..^"Agent".Length], System.Globalization.CultureInfo.InvariantCulture);

    private sealed class Halfway(int at, CancellationTokenSource stop) : IProgress<MigrationProgress>
    {
        public void Report(MigrationProgress value)
        {
            if (value.Done >= at)
                stop.Cancel();
        }
    }
}
