namespace AgentCore.Adapters.Processes.Tests;

/// <summary>What a scan of Python source finds, and what it says of it.</summary>
public sealed class PythonScanTests
{
    private static readonly string Depot = Path.Combine(Python.Folder, "depot");

    [PythonTheory]
    [InlineData("LoaderAgent", "A", "run(task)", "")]
    [InlineData("PackerAgent", "A", "run(messages=..., stream=...)", "")]
    [InlineData("RouterAgent", "B", "route_parcel(parcel: Parcel)", "")]
    [InlineData("PricingAgent", "C", "price(product: str, amount: int)", "")]
    [InlineData("BookkeeperAgent", "A", "run(prompt: str)", "ledger,currency")]
    [InlineData("GuideBot", "B", "run()", "")]
    [InlineData("HandlerAgent", "C", "on_turn(turn_context)", "")]
    [InlineData("ClockBot", "D", null, "")]
    [InlineData("CardAgent", "E", null, "")]
    [InlineData("TorchAgent", "C", null, "method")]
    [InlineData("RestAgent", "A", "reply(*args, **kwargs)", "")]
    [InlineData("Crew.InnerAgent", "A", "run(with_message=...)", "")]
    [InlineData("OpenAgent", "E", null, "")]
    [InlineData("DeciderAgent", "B", "decide(facts)", "")]
    [InlineData("PacAgent", "A", "getAction(gameState)", "")]
    [InlineData("weather_agent", "A", "weather_agent(state)", "")]
    [InlineData("DashedAgent", "A", "run(task)", "")]
    [InlineData("DangerAgent", "A", "run(task)", "")]
    [InlineData("ShiftAgent", "B", "run()", "ledger")]
    [InlineData("NightHandler", "B", "run()", "ledger")]
    [InlineData("DeskAgent", "C", "process(context)", "")]
    [InlineData("AuditAgent", "B", "audit(request: str, day=...)", "")]
    [InlineData("OutlineAgent", "B", "parse(topic: str, example_input: str=...)", "")]
    [InlineData("ThinkerAgent", "A", "generate(messages: list, stop=...)", "ledger")]
    [InlineData("ParcelBot", "D", null, "")]
    [InlineData("LookoutAgent", "B", "search(query: str)", "")]
    [InlineData("DriverAgent", "C", "step(reward, observation)", "")]
    [InlineData("RiderAgent", "A", "step(reward=..., observation=...)", "")]
    [InlineData("ForemanAgent", "A", "__call__(*message, session=...)", "")]
    [InlineData("FinderAgent", "B", "search(query: str)", "")]
    [InlineData("SmithAgent", "A", "generate(prompt: str)", "")]
    [InlineData("HiredAgent", "A", "run(task)", "work")]
    public async Task Scan_Shape_GradedAndExplained(string name, string grade, string? method, string gaps)
    {
        var agent = Assert.Single((await ScanAsync(Depot)).Agents, a => a.Target.EndsWith(":" + name, StringComparison.Ordinal));

        Assert.Equal((grade, method), (agent.Class, agent.Method));
        Assert.Equal(gaps, string.Join(',', agent.Construct.Concat(agent.Arguments).Where(a => a.From == "missing").Select(a => a.Name)));
    }

    [PythonTheory]
    [InlineData("AgentFactory")]
    [InlineData("AgentError")]
    [InlineData("run_agent")]
    [InlineData("planner_agent")]
    [InlineData("Worker")]
    [InlineData("ShiftNoticeHandler")]
    [InlineData("SketchAgent")]
    public async Task Scan_NamedLikeAgents_NotTakenForOne(string name) =>
        Assert.DoesNotContain((await ScanAsync(Depot)).Agents, a => a.Target.EndsWith(":" + name, StringComparison.Ordinal));

    [PythonFact]
    public async Task Scan_SyntaxError_NamedWithItsLine()
    {
        var problem = Assert.Single((await ScanAsync(Depot)).Problems);

        Assert.Contains("broken.py, line 2", problem, StringComparison.Ordinal);
    }

    [PythonFact]
    public async Task Scan_Arguments_SourcesTold()
    {
        var agents = (await ScanAsync(Depot)).Agents;

        Assert.Equal("product<input amount<data.amount", Sources("PricingAgent"));
        Assert.Equal("turn_context<context", Sources("HandlerAgent"));
        Assert.Equal("question<input on_event<callback tone<default", Sources("CallbackAgent"));
        Assert.Equal("reward<data.reward observation<input", Sources("DriverAgent"));
        Assert.Equal("reward<default observation<input", Sources("RiderAgent"));
        Assert.Equal("message<input session<default", Sources("ForemanAgent"));
        Assert.Equal("messages<messages on_new_message<default additional_user_message<default", Sources("ClerkAgent"));

        string Sources(string name) => string.Join(' ', agents.Single(a => a.Target.EndsWith(":" + name, StringComparison.Ordinal)).Arguments.Select(a => $"{a.Name}<{a.From}"));
    }

    [PythonFact]
    public async Task Scan_Targets_NameModulesOrFiles()
    {
        var agents = (await ScanAsync(Depot)).Agents;

        Assert.Contains(agents, a => a.Target == "crew.agents:LoaderAgent" && a.Root == Depot);
        Assert.Contains(agents, a => a.Target == "dashed-name.py:DashedAgent");
    }

    [PythonFact]
    public async Task Scan_NamedTypesAndBases_TheseAlone()
    {
        Assert.Equal("crew.agents:AgentFactory", Assert.Single((await ScanAsync(Depot, types: "*Factory")).Agents).Target);
        Assert.Contains((await ScanAsync(Depot, bases: "Ledger")).Agents, a => a.Target == "crew.agents:LoaderAgent");
    }

    [PythonFact]
    public async Task Scan_FilesThatCannotBeRead_NamedAndTheOthersFound()
    {
        await InFolderAsync(async folder =>
        {
            await File.WriteAllTextAsync(Path.Combine(folder, "deep.py"), "x = " + new string('-', 100_000) + "1\n");
            await File.WriteAllTextAsync(Path.Combine(folder, "half.py"), "class HalfAgent:\n    def run(self, task: '\\ud800'): return task\n");
            await File.WriteAllTextAsync(Path.Combine(folder, "mine.py"), "class ÄgypterAgent:\n    def run(self, task): return task\n");

            var scan = await ScanAsync(folder);

            Assert.Equal(["half", "ägypter"], scan.Agents.Select(a => a.Name));
            Assert.Contains("deep.py is nested too deep", Assert.Single(scan.Problems), StringComparison.Ordinal);
        });
    }

    [UnixFact]
    public async Task Scan_Pipe_PassedOver()
    {
        await InFolderAsync(async folder =>
        {
            await ShellAsync("mkfifo \"$0/pipe.py\"", folder);

            var scan = await ScanAsync(folder);

            Assert.Equal((0, 0), (scan.Files, scan.Problems.Count));
        });
    }

    [UnixFact]
    public async Task Scan_NameThatIsNoText_Named()
    {
        if (!OperatingSystem.IsLinux())
            return; // Others have no such names.

        await InFolderAsync(async folder =>
        {
            await ShellAsync("printf 'class BadAgent: pass' > \"$0/$(printf 'bad\\344').py\"", folder);

            var scan = await ScanAsync(folder);

            await ShellAsync("rm \"$0\"/bad*", folder);
            Assert.Empty(scan.Agents);
            Assert.Contains("bad\ufffd.py: its name is no text in UTF-8", Assert.Single(scan.Problems), StringComparison.Ordinal);
        });
    }

    [PythonFact]
    public async Task Scan_EnvironmentBeside_Found()
    {
        await InFolderAsync(async folder =>
        {
            Directory.CreateDirectory(Path.Combine(folder, ".venv", "lib"));
            await File.WriteAllTextAsync(Path.Combine(folder, ".venv", "pyvenv.cfg"), "");
            await File.WriteAllTextAsync(Path.Combine(folder, ".venv", "lib", "hidden.py"), "class HiddenAgent:\n    def run(self, task): return task\n");
            await File.WriteAllTextAsync(Path.Combine(folder, "mine.py"), "class MyAgent:\n    def run(self, task): return task\n");

            var agent = Assert.Single((await ScanAsync(folder)).Agents);

            Assert.Equal(Path.Combine(folder, ".venv"), agent.Environment);
        });
    }

    [Fact]
    public async Task Scan_NoInterpreter_SaysWhatToDo()
    {
        var e = await Assert.ThrowsAsync<ProcessException>(() => PythonScanner.ScanAsync("no-such-python", [Depot], [], [], default));

        Assert.Contains("'no-such-python' was not found", e.Message, StringComparison.Ordinal);
    }

    [PythonTheory]
    [InlineData("crew.agents:LoaderAgent", "<load hi>")]
    [InlineData("crew.agents:PackerAgent", "pack hi")]
    [InlineData("crew.agents:RouterAgent", "hi")]
    [InlineData("crew.agents:GuideBot", "walking")]
    [InlineData("crew.agents:HandlerAgent", "heard hi")]
    [InlineData("crew.agents:ClockBot", "11")]
    [InlineData("crew.agents:RestAgent", "got hi")]
    [InlineData("crew.agents:Crew.InnerAgent", "inner hi")]
    [InlineData("crew.agents:PacAgent", "north of hi")]
    [InlineData("crew.agents:weather_agent", "sunny hi")]
    [InlineData("dashed-name.py:DashedAgent", "dashed hi")]
    [InlineData("crew.ways:DeskAgent", "processed hi")]
    [InlineData("crew.ways:AuditAgent", "audited hi")]
    [InlineData("crew.ways:OutlineAgent", "said hi")]
    [InlineData("crew.ways:ParcelBot", "started")]
    [InlineData("crew.ways:LookoutAgent", "saw hi")]
    [InlineData("crew.ways:RiderAgent", "ride to hi")]
    [InlineData("crew.ways:ForemanAgent", "hi, at once")]
    [InlineData("crew.ways:FinderAgent", "all hi")]
    [InlineData("crew.ways:SmithAgent", "code for hi")]
    [InlineData("crew.ways:ClerkAgent", "hi None")]
    public async Task Execute_Scanned_RunsAsItSays(string target, string expected)
    {
        using var agent = Python.Agent(target, p => p with { WorkingDirectory = Depot });

        var result = await agent.ExecuteAsync("hi");

        Assert.Equal(("", expected), (result.Error?.Message ?? "", result.Output));
    }

    [PythonFact]
    public async Task Execute_TextWithAllParameters_TakenApart()
    {
        using var agent = Python.Agent("crew.agents:PricingAgent", p => p with { WorkingDirectory = Depot });

        Assert.Equal("3 tea", (await agent.ExecuteAsync("""{"product": "tea", "amount": 3}""")).Output);
    }

    private static async Task ShellAsync(string script, string folder)
    {
        using var shell = System.Diagnostics.Process.Start("sh", ["-c", script, folder]);
        await shell.WaitForExitAsync();
    }

    private static async Task InFolderAsync(Func<string, Task> act)
    {
        var folder = Directory.CreateTempSubdirectory("agentcore-").FullName;
        try
        {
            await act(folder);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static Task<PythonScan> ScanAsync(string path, string? types = null, string? bases = null) =>
        PythonScanner.ScanAsync(OperatingSystem.IsWindows() ? "python" : "python3", [path], types is null ? [] : [types], bases is null ? [] : [bases], default);
}
