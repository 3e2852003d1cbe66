using System.Text.Json;
using AgentCore.Adapters.Objects.Migration;
using AgentCore.Adapters.Objects.Tests.Stress;

namespace AgentCore.Runner.Tests;

/// <summary>Migrations that are killed, and agents that take the process with them.</summary>
public sealed class MigrateInterruptionTests(Xunit.Abstractions.ITestOutputHelper output)
{
    private const int Agents = 430;
    private const int Broken = 20;

    /// <summary>About what one line of the log has, of the two that an agent has, in bytes.</summary>
    private const int EntrySize = 400;

    private const string Deadly = """
        using System; using System.Threading;
        namespace Deadly;
        public class ExitAgent { public string Run(string input) { Environment.Exit(0); return input; } }
        public class FailFastAgent { public string Run(string input) { Environment.FailFast("enough"); return input; } }
        public class DeepAgent { public string Run(string input) => input + Deeper(0); static int Deeper(int n) => Deeper(n + 1) + 1; }
        public class ThreadAgent { public string Run(string input) { new Thread(() => Thread.Sleep(Timeout.Infinite)).Start(); return "ran " + input; } }
        public class NoiseAgent { public string Run(string input) { Console.OpenStandardOutput().Write("noise"u8); return Console.ReadLine() + input; } }
        public class PlainAgent { public string Run(string input) => "plain " + input; }
        """;

    [Fact]
    public async Task Wrap_KilledHalfWay_GoesOnAndReportsEachRightly()
    {
        using var compiled = new Compiled("Stress", StressSource.Write(Agents, Broken));
        using var workspace = new Workspace(plugin: false);
        string[] command = ["migrate", "wrap", compiled.Path, "--verify", "--timeout", "2", "--parallel", "8", "--json"];
        var log = workspace.PathOf($"agents/{MigrationEngine.ProgressFile}");

        using (var first = workspace.Start(command))
        {
            await first.UntilAsync(() => SizeOf(log) > Agents * EntrySize);
            first.Kill();
        }

        var report = (await workspace.RunAsync(command)).Expect(1).Json;

        output.WriteLine($"{report.GetProperty("resumed")} of {Agents} before the kill, the rest in {report.GetProperty("elapsedSeconds")} s: {report.GetProperty("counts")}");
        Assert.InRange(report.GetProperty("resumed").GetInt32(), 1, Agents - 1);
        var items = report.GetProperty("items").EnumerateArray().ToList();
        Assert.Equal(Agents, items.Count);
        Assert.Equal(Agents - Broken, items.Count(i => Status(i) == "Verified"));
        Assert.Equal(8, items.Count(i => Status(i) == "SameError"));
        Assert.Equal(8, items.Count(i => Status(i) == "Gaps"));
        Assert.Equal(4, items.Count(i => Status(i) == "TimedOut"));
    }

    [Fact]
    public async Task Wrap_AgentsThatEndTheProcess_AreNamedAndNeverStopTheRest()
    {
        using var compiled = new Compiled("Deadly", Deadly);
        using var workspace = new Workspace(plugin: false);

        var outcome = (await workspace.RunAsync("migrate", "wrap", compiled.Path, "--verify", "--json")).Expect(1);

        AssertDeadly(outcome.Json);
        Assert.Contains("An agent ended the process", outcome.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Verify_AgentsThatEndTheProcess_AreNamedAndNeverStopTheRest()
    {
        using var compiled = new Compiled("Deadly", Deadly);
        using var workspace = new Workspace(plugin: false);
        (await workspace.RunAsync("migrate", "wrap", compiled.Path)).Expect(0);

        AssertDeadly((await workspace.RunAsync("migrate", "verify", "--json")).Expect(1).Json);
        (await workspace.RunAsync("migrate", "verify", "plain", "thread")).Expect(0);
        Assert.False(File.Exists(workspace.PathOf($"agents/{MigrationEngine.VerifyProgressFile}")));
    }

    [Fact]
    public async Task Wrap_Interrupted_EndsItsWorkerAndGoesOn()
    {
        using var compiled = new Compiled("Stress", StressSource.Write(60, 20));
        using var workspace = new Workspace(plugin: false);
        string[] command = ["migrate", "wrap", compiled.Path, "--verify", "--timeout", "5", "--json"];
        var log = workspace.PathOf($"agents/{MigrationEngine.ProgressFile}");

        using (var first = workspace.Start(command))
        {
            await first.UntilAsync(() => SizeOf(log) > 10 * EntrySize);
            first.Signal(2);
            (await first.EndAsync()).Expect(130);
        }

        var report = (await workspace.RunAsync(command)).Expect(1).Json;
        Assert.InRange(report.GetProperty("resumed").GetInt32(), 1, 59);
        Assert.False(File.Exists(log));
    }

    [Fact]
    public async Task Verify_TryingAnAgentWithGapsEndsTheProcess_TellsTheGaps()
    {
        using var compiled = new Compiled("Gaping", "public interface IRules { int Of(int n); } public class DeepBot { private readonly IRules _r; public DeepBot(IRules r) => _r = r; public int Run(int n) => _r is null ? n : Run(n + 1) + 1; } public class EchoBot { public string Run(string text) => text; }");
        using var workspace = new Workspace(plugin: false);

        var report = (await workspace.RunAsync("migrate", "wrap", compiled.Path, "--verify", "--json")).Expect(0).Json;

        var items = report.GetProperty("items").EnumerateArray().ToDictionary(i => i.GetProperty("name").GetString()!, i => (Status(i), i.GetProperty("message").GetString()!));
        Assert.Equal("Verified", items["echo-bot"].Item1);
        Assert.Equal("Gaps", items["deep-bot"].Item1);
        Assert.StartsWith("construct.r: an IRules 'r'", items["deep-bot"].Item2, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Verify_ThreadOfAnAgentThrows_TellsWhat_AndWhetherItIsOutside()
    {
        using var compiled = new Compiled(
            "Thrown",
            """
            using System; using System.Threading;
            public class FileBot { public string Run(string text) { new Thread(() => System.IO.File.ReadAllText("/nowhere/maze.txt")).Start(); new SemaphoreSlim(0).Wait(); return text; } }
            public class OwnBot { public string Run(string text) { new Thread(() => throw new ArgumentException("never on a day with a thread")).Start(); new SemaphoreSlim(0).Wait(); return text; } }
            public class EchoBot { public string Run(string text) => text; }
            """);
        using var workspace = new Workspace(plugin: false);

        var report = (await workspace.RunAsync("migrate", "wrap", compiled.Path, "--verify", "--json")).Expect(1).Json;

        var items = report.GetProperty("items").EnumerateArray().ToDictionary(i => i.GetProperty("name").GetString()!, i => (Status(i), i.GetProperty("message").GetString()!));
        Assert.Equal("Verified", items["echo-bot"].Item1);
        Assert.Equal("Gaps", items["file-bot"].Item1);
        Assert.StartsWith("surroundings: it needs what isn't here, and ended the process: DirectoryNotFoundException: ", items["file-bot"].Item2, StringComparison.Ordinal);
        Assert.Equal("Crashed", items["own-bot"].Item1);
        Assert.Contains("2 times while it ran (ArgumentException: never on a day with a thread)", items["own-bot"].Item2, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_AgentThatLeavesAThread_EndsAllTheSame()
    {
        using var compiled = new Compiled("Deadly", Deadly);
        using var workspace = new Workspace(plugin: false);
        (await workspace.RunAsync("migrate", "wrap", compiled.Path)).Expect(0);

        var run = (await workspace.RunAsync("run", "thread", "on", "--json")).Expect(0);

        Assert.Equal("ran on", run.Json.GetProperty("output").GetString());
    }

    private static void AssertDeadly(JsonElement report)
    {
        var items = report.GetProperty("items").EnumerateArray().ToDictionary(i => i.GetProperty("name").GetString()!, Status);
        Assert.Equal(6, items.Count);
        Assert.All(["exit", "fail-fast", "deep"], name => Assert.Equal("Crashed", items[name]));
        Assert.All(["thread", "noise", "plain"], name => Assert.Equal("Verified", items[name]));
    }

    private static string? Status(JsonElement item) => item.GetProperty("status").GetString();

    // Nobody else may open it as long as it is written.
    private static long SizeOf(string file) => File.Exists(file) ? new FileInfo(file).Length : 0;
}
