using System.Diagnostics;
using System.Text.Json;

namespace AgentCore.Runner.Tests;

/// <summary>Python agents from a folder to the command line.</summary>
public sealed class MigratePythonTests
{
    private const string Agents = """
        import os, time


        class EchoAgent:
            def run(self, task):
                print("noise")
                return "again: " + task


        class PriceAgent:
            def price(self, product: str, amount: int):
                return "%d %s" % (amount, product)


        class KeyedAgent:
            def __init__(self, key):
                self.key = key

            def run(self, task):
                return self.key + task


        class RaisingAgent:
            def run(self, task):
                raise ValueError("never")


        class SleepyAgent:
            def run(self, task):
                time.sleep(1000)


        class DyingAgent:
            def run(self, task):
                os._exit(7)


        class CardAgent:
            name = "a card"
        """;

    // One is through at once, the other when it is let go.
    private const string Slow = """
        import os, time


        class EchoAgent:
            def run(self, task):
                return task


        class SlowAgent:
            def run(self, task):
                while not os.path.exists("go"):
                    time.sleep(0.01)
                return task
        """;

    [PythonFact]
    public async Task Migrate_Python_FromFolderToRun()
    {
        using var workspace = new Workspace(plugin: false);
        workspace.Write("shop/clerks.py", Agents);
        workspace.Write("shop/torn.py", "class TornAgent:\n    def run(self, task)\n");

        var scan = (await workspace.RunAsync("migrate", "scan", "shop", "--json")).Expect(0).Json;
        Assert.Equal(7, scan.GetProperty("agents").GetInt32());
        Assert.Contains("torn.py, line 2", scan.GetProperty("problems")[0].GetString(), StringComparison.Ordinal);

        var wrap = (await workspace.RunAsync("migrate", "wrap", "shop", "--json")).Expect(0).Json;
        Assert.Equal(5, wrap.GetProperty("counts").GetProperty("Wrapped").GetInt32());
        Assert.Equal(1, wrap.GetProperty("counts").GetProperty("Gaps").GetInt32());
        Assert.Contains("construct.key", await File.ReadAllTextAsync(workspace.PathOf("agents/keyed.yaml")), StringComparison.Ordinal);
        Assert.False(File.Exists(workspace.PathOf("agents/card.yaml")));

        var verify = (await workspace.RunAsync("migrate", "verify", "--timeout", "2", "--json")).Expect(1).Json;
        var statuses = Each(verify, "status");
        Assert.Equal(
            ("Verified", "Verified", "Gaps", "SameError", "TimedOut", "SameError"),
            (statuses["echo"], statuses["price"], statuses["keyed"], statuses["raising"], statuses["sleepy"], statuses["dying"]));

        workspace.Write("agents/keyed.yaml", await File.ReadAllTextAsync(workspace.PathOf("agents/keyed.yaml")) + "construct: { key: k- }\n");
        Assert.Equal("k-hi", (await workspace.RunAsync("run", "keyed", "hi", "--json")).Expect(0).Json.GetProperty("output").GetString());
        var kept = (await workspace.RunAsync("migrate", "wrap", "shop", "--verify", "--timeout", "2", "--json")).Expect(1).Json;
        Assert.Contains("construct: { key: k- }", await File.ReadAllTextAsync(workspace.PathOf("agents/keyed.yaml")), StringComparison.Ordinal);
        Assert.Equal(0, kept.GetProperty("resumed").GetInt32());
    }

    [PythonFact]
    public async Task Migrate_InventoryThatNamesSource_ReadFromThere()
    {
        using var workspace = new Workspace(plugin: false);
        workspace.Write("shop/clerks.py", Agents);
        workspace.Write("shop/desk/__init__.py", "class Counter:\n    def serve(self, order, /):\n        return 'served ' + order\n");
        workspace.Write("shop/agents.jsonl", """
            {"name": "EchoAgent", "file": "clerks.py", "methods": ["answer(question)"]}
            {"name": "Counter", "module": "desk", "methods": []}
            {"name": "LostAgent", "file": "nowhere.py", "methods": ["run(task)"]}
            """);

        var scan = (await workspace.RunAsync("migrate", "scan", "shop/agents.jsonl", "--json")).Expect(0).Json;
        Assert.Equal(3, scan.GetProperty("agents").GetInt32());
        var methods = scan.GetProperty("found").EnumerateArray().ToDictionary(a => a.GetProperty("name").GetString()!, a => a.GetProperty("method").GetString());
        Assert.Equal(("run(task)", "serve(order)"), (methods["echo"], methods["counter"]));

        (await workspace.RunAsync("migrate", "wrap", "shop/agents.jsonl", "--json")).Expect(0);
        Assert.Equal("served tea", (await workspace.RunAsync("run", "counter", "tea", "--json")).Expect(0).Json.GetProperty("output").GetString());
        Assert.False(File.Exists(workspace.PathOf("agents/lost.yaml")));
    }

    [PythonFact]
    public async Task Inventory_OfPythonAgents_ReadsBack()
    {
        using var workspace = new Workspace(plugin: false);
        workspace.Write("shop/clerks.py", Agents);

        (await workspace.RunAsync("migrate", "scan", "shop", "--inventory", workspace.PathOf("list.jsonl"))).Expect(0);
        var first = (await workspace.RunAsync("migrate", "scan", "shop", "--json")).Expect(0).Json;
        var again = (await workspace.RunAsync("migrate", "scan", "list.jsonl", "--json")).Expect(0).Json;

        Assert.Equal(first.GetProperty("counts").GetRawText(), again.GetProperty("counts").GetRawText());
    }

    [PythonFact]
    public async Task Verify_BothFail_SaysOfWhatAndWhoseFaultItIs()
    {
        using var workspace = new Workspace(plugin: false);
        workspace.Write("shop/clerks.py", """
            import os


            class RaisingAgent:
                def run(self, task):
                    raise ValueError("never")


            class DyingAgent:
                def run(self, task):
                    os._exit(7)


            class FileAgent:
                def run(self, task):
                    return open("/no/such/file").read()


            class KeyAgent:
                def run(self, task):
                    return os.environ["NO_SUCH_VARIABLE"]


            class WrappingAgent:
                def run(self, task):
                    try:
                        raise ConnectionRefusedError("no server")
                    except OSError as e:
                        raise RuntimeError("all is lost") from e


            class DictAgent:
                def run(self, task):
                    return {}["name"]
            """);
        (await workspace.RunAsync("migrate", "wrap", "shop")).Expect(0);

        var report = (await workspace.RunAsync("migrate", "verify", "--json")).Expect(0).Json;

        var (statuses, messages) = (Each(report, "status"), Each(report, "message"));
        Assert.Equal(("SameError", "both fail alike: ValueError: never"), (statuses["raising"], messages["raising"]));
        Assert.Equal(("SameError", "both fail alike: KeyError: 'name'"), (statuses["dict"], messages["dict"]));
        Assert.Equal("SameError", statuses["dying"]);
        Assert.Contains("exit code 7", messages["dying"], StringComparison.Ordinal);
        Assert.Equal(("Gaps", "surroundings: it needs what isn't here: KeyError: 'NO_SUCH_VARIABLE'"), (statuses["key"], messages["key"]));
        Assert.Equal(("Gaps", "surroundings: it needs what isn't here: RuntimeError: all is lost"), (statuses["wrapping"], messages["wrapping"]));
        Assert.StartsWith("surroundings: it needs what isn't here: FileNotFoundError: ", messages["file"], StringComparison.Ordinal);
    }

    [PythonFact]
    public async Task Migrate_NothingFound_SaysHowToNameIt()
    {
        using var workspace = new Workspace(plugin: false);
        workspace.Write("shop/greeter.py", "class Greeter:\n    def run(self, task):\n        return 'hello ' + task\n");

        foreach (var command in (string[])["scan", "wrap"])
            Assert.Contains("Name yours with --type NAME", (await workspace.RunAsync("migrate", command, "shop")).Expect(0).Output, StringComparison.Ordinal);
        Assert.Contains("'agentcore migrate wrap PATH'", (await workspace.RunAsync("migrate", "verify")).Expect(0).Output, StringComparison.Ordinal);
        Assert.Contains("1 agent in", (await workspace.RunAsync("migrate", "scan", "shop", "--type", "Greeter")).Expect(0).Output, StringComparison.Ordinal);
    }

    [PythonTheory]
    [InlineData("one", "20", false, 1)]
    [InlineData("two", "20", false, 0)]
    [InlineData("one", "21", false, 0)]
    [InlineData("one", "20", true, 0)]
    public async Task Verify_Resumed_DoneAnewWhereSomethingWasChanged(string task, string timeout, bool isSourceChanged, int resumed)
    {
        using var workspace = new Workspace(plugin: false);
        workspace.Write("shop/clerks.py", Slow);
        (await workspace.RunAsync("migrate", "wrap", "shop")).Expect(0);
        using (var first = workspace.Start("migrate", "verify", "--task", "one", "--timeout", "20"))
        {
            await first.UntilAsync(() => Log(workspace).Any(e => e.TryGetProperty("item", out var item) && item.ValueKind == JsonValueKind.Object));
            first.Kill();
        }

        if (isSourceChanged)
            File.SetLastWriteTimeUtc(workspace.PathOf("shop/clerks.py"), DateTime.UtcNow.AddMinutes(1));
        workspace.Write("shop/go", "");
        var report = (await workspace.RunAsync("migrate", "verify", "--task", task, "--timeout", timeout, "--json")).Expect(0).Json;

        Assert.Equal(resumed, report.GetProperty("resumed").GetInt32());
    }

    [PythonFact]
    public async Task Verify_EndedTheProcessTwice_LeftOutAndNamed()
    {
        using var workspace = new Workspace(plugin: false);
        workspace.Write("shop/clerks.py", Slow);
        (await workspace.RunAsync("migrate", "wrap", "shop")).Expect(0);
        using (var first = workspace.Start("migrate", "verify"))
        {
            await first.UntilAsync(() => Log(workspace).Any(e => IsBegun(e, "slow")));
            first.Kill();
        }

        var begun = Log(workspace).First(e => IsBegun(e, "slow")).GetProperty("key").GetString();
        workspace.Write("agents/.verify.jsonl", JsonSerializer.Serialize(new { key = begun, starts = 2 }) + "\n");
        var report = (await workspace.RunAsync("migrate", "verify", "--json")).Expect(1).Json;

        var statuses = Each(report, "status");
        Assert.Equal(("Crashed", "Verified"), (statuses["slow"], statuses["echo"]));
    }

    [PythonFact]
    public async Task Verify_StoppedAmongPython_DotNetIsNotDoneAgain()
    {
        using var workspace = new Workspace(plugin: false);
        workspace.Write("shop/clerks.py", "import os, time\n\n\nclass SlowAgent:\n    def run(self, task):\n        open('began', 'w').close()\n        time.sleep(0 if os.path.exists('go') else 1000)\n        return task\n");
        (await workspace.RunAsync("migrate", "wrap", "shop", typeof(ParrotAgent).Assembly.Location, "--type", "SlowAgent", "--type", "ParrotAgent")).Expect(0);
        using (var first = workspace.Start("migrate", "verify", "--timeout", "100"))
        {
            await first.UntilAsync(() => Directory.EnumerateFiles(workspace.Folder, "began", SearchOption.AllDirectories).Any());
            first.Signal(2);
            (await first.EndAsync()).Expect(130);
        }

        foreach (var folder in Directory.EnumerateDirectories(workspace.Folder).Append(workspace.Folder))
            await File.WriteAllTextAsync(Path.Combine(folder, "go"), "");
        var report = (await workspace.RunAsync("migrate", "verify", "--timeout", "100", "--json")).Expect(0).Json;

        Assert.Equal(1, report.GetProperty("resumed").GetInt32());
        Assert.False(File.Exists(workspace.PathOf("agents/.verify.jsonl")));
    }

    [PythonFact]
    public async Task Migrate_NameTaken_FileOfTheOtherStays()
    {
        using var workspace = new Workspace(plugin: false);
        workspace.Write("shop/clerks.py", Agents);
        workspace.Write("agents/echo.yaml", "kind: process\nname: echo\ncommand: cat\nprotocol: text\n");

        var wrap = (await workspace.RunAsync("migrate", "wrap", "shop", "--type", "EchoAgent", "--json")).Expect(1).Json;

        Assert.Contains("--overwrite", wrap.GetProperty("items")[0].GetProperty("message").GetString(), StringComparison.Ordinal);
        Assert.StartsWith("kind: process", await File.ReadAllTextAsync(workspace.PathOf("agents/echo.yaml")), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Migrate_InterpreterMissing_SaysWhatToDo()
    {
        using var workspace = new Workspace(plugin: false);
        workspace.Write("shop/clerks.py", Agents);

        var scan = await workspace.RunAsync("migrate", "scan", "shop", "--python", "no-such-python");

        scan.Expect(1);
        Assert.Contains("'no-such-python' was not found", scan.Error, StringComparison.Ordinal);
    }

    private static Dictionary<string, string> Each(JsonElement report, string field) =>
        report.GetProperty("items").EnumerateArray().ToDictionary(i => i.GetProperty("name").GetString()!, i => i.GetProperty(field).GetString()!);

    /// <summary>The whole lines of the progress that a comparison keeps.</summary>
    private static List<JsonElement> Log(Workspace workspace)
    {
        var file = workspace.PathOf("agents/.verify.jsonl");
        if (!File.Exists(file))
            return [];
        // Who works in a workspace has its log to itself; other programs than ours may look at it all the same.
        using var reader = Process.Start(new ProcessStartInfo("python3", ["-c", "import sys; sys.stdout.write(open(sys.argv[1]).read())", file]) { RedirectStandardOutput = true })!;
        return [.. reader.StandardOutput.ReadToEnd().Split('\n')[..^1].Select(l => JsonElement.Parse(l))];
    }

    private static bool IsBegun(JsonElement entry, string name) =>
        entry.GetProperty("starts").GetInt32() == 1 && entry.GetProperty("key").GetString()!.Contains($"{name}.yaml", StringComparison.Ordinal);

    private const string NoPython = "python3 was not found in PATH.";

    private static bool HasPython => (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).Any(f => File.Exists(Path.Combine(f, "python3")));

    private sealed class PythonFactAttribute : FactAttribute
    {
        public PythonFactAttribute() => Skip = HasPython ? null : NoPython;
    }

    private sealed class PythonTheoryAttribute : TheoryAttribute
    {
        public PythonTheoryAttribute() => Skip = HasPython ? null : NoPython;
    }
}
