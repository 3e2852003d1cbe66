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
        var statuses = verify.GetProperty("items").EnumerateArray().ToDictionary(i => i.GetProperty("name").GetString()!, i => i.GetProperty("status").GetString());
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
    public async Task Verify_EndedTheProcessTwice_LeftOutAndNamed()
    {
        using var workspace = new Workspace(plugin: false);
        workspace.Write("shop/clerks.py", "class EchoAgent:\n    def run(self, task):\n        return task\n\n\nclass OtherAgent(EchoAgent):\n    pass\n");
        (await workspace.RunAsync("migrate", "wrap", "shop")).Expect(0);
        var ticks = File.GetLastWriteTimeUtc(workspace.PathOf("agents/echo.yaml")).Ticks;
        workspace.Write("agents/.verify.jsonl", JsonSerializer.Serialize(new { key = $"python|echo|{ticks}", starts = 2 }) + "\n");

        var report = (await workspace.RunAsync("migrate", "verify", "--json")).Expect(1).Json;

        var statuses = report.GetProperty("items").EnumerateArray().ToDictionary(a => a.GetProperty("name").GetString()!, a => a.GetProperty("status").GetString());
        Assert.Equal(("Crashed", "Verified"), (statuses["echo"], statuses["other"]));
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

    private sealed class PythonFactAttribute : FactAttribute
    {
        public PythonFactAttribute() => Skip =
            (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).Any(f => File.Exists(Path.Combine(f, "python3"))) ? null : "python3 was not found in PATH.";
    }
}
