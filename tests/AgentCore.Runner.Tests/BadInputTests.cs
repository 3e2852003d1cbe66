namespace AgentCore.Runner.Tests;

public sealed class BadInputTests
{
    [Theory]
    [InlineData("run assistent hello", "unknown_agent", "Did you mean 'assistant'?")]
    [InlineData("team run reserch hello", "unknown_team", "There is no team 'reserch'.")]
    [InlineData("run clerk hello --model scirpt/steps", "unknown_model_provider", "Did you mean 'script'?")]
    [InlineData("run clerk hello --model script/step", "unknown_model", "Did you mean 'script/steps'?")]
    [InlineData("run clerk hello --store flie", "unknown_kind_of_store", "Did you mean 'file'?")]
    [InlineData("run clerk hello --input dcos", "missing_folder", "There is no file or folder 'dcos'")]
    [InlineData("run clerk hello --workspace nowhere", "missing_folder", "--workspace")]
    [InlineData("run clerk hello --budget much", "usage", "such as 20000, 20k or 1.5m")]
    [InlineData("run clerk hello --max-turns 0", "usage", "from 1 to 1,000,000")]
    [InlineData("run clerk", "usage", "needs TASK")]
    [InlineData("run clerk two words", "usage", "put it into quotes")]
    [InlineData("runs lits", "usage", "Did you mean 'list'?")]
    [InlineData("run clerk hello --jsn", "usage", "Did you mean '--json'?")]
    [InlineData("runs show last", "unknown_run", "has no runs yet")]
    [InlineData("run  hello", "usage", "AGENT is empty")]
    [InlineData("run clerk ", "usage", "TASK is empty")]
    [InlineData("run clerk hello --input ", "usage", "--input is empty; name a file or folder")]
    [InlineData("runs list --workspace ", "usage", "--workspace is empty; name a folder")]
    [InlineData("init --workspace ", "usage", "--workspace is empty; name a folder")]
    [InlineData("runs list --limit 0", "usage", "--limit is '0'; give a whole number of 1 or more.")]
    [InlineData("runs list --limit -3", "usage", "--limit is '-3'")]
    [InlineData("errors show 12ab", "unknown_run", "has no runs yet")]
    public async Task Run_BadInput_SaysWhatToDoAndExits2(string arguments, string code, string says)
    {
        using var workspace = new Workspace();

        var json = (await workspace.RunAsync([.. arguments.Split(' '), "--json"])).Expect(2);
        Assert.Equal(code, json.Json.GetProperty("error").GetProperty("code").GetString());
        Assert.Contains(says, json.Json.GetProperty("error").GetProperty("message").GetString(), StringComparison.Ordinal);

        var plain = (await workspace.RunAsync(arguments.Split(' '))).Expect(2);
        Assert.Equal("", plain.Output);
        Assert.Contains(says, plain.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Doctor_ErrorsInDefinitions_NamesAllWithFileLineAndField()
    {
        using var workspace = new Workspace();
        WriteFaulty(workspace);

        var outcome = (await workspace.RunAsync("doctor", "--json")).Expect(1);

        var message = string.Join('\n', outcome.Json.GetProperty("problems").EnumerateArray());
        Assert.Contains("agents/a.yaml:3:3: role: it must be a text, not a list.", message, StringComparison.Ordinal);
        Assert.Contains("agents/a.yaml:4:1: capabilites: there is no such field. Did you mean 'capabilities'?", message, StringComparison.Ordinal);
        Assert.Contains("agents/b.yaml:1:7: kind: 'chta' is no kind of agent. Did you mean 'chat'?", message, StringComparison.Ordinal);
        Assert.Contains("agents/c.yaml:2:9: tools[0]: There is no tool 'ledger.apend'. Did you mean 'ledger.append'?", message, StringComparison.Ordinal);
        Assert.Contains("agents/d.yaml:", message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_ErrorsInOtherDefinitions_GoesOnAndSaysSoInALine()
    {
        using var workspace = new Workspace();
        WriteFaulty(workspace);

        var outcome = (await workspace.RunAsync("run", "clerk", "hello", "--json")).Expect(0);

        Assert.Contains("agentcore: not used by this run, but wrong: agents/a.yaml:3:3: role: it must be a text, not a list. 'agentcore doctor' shows all 5 faults.", outcome.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_ErrorsInItsDefinition_NamesThemAlone()
    {
        using var workspace = new Workspace();
        WriteFaulty(workspace);

        var error = (await workspace.RunAsync("run", "a", "hello", "--json")).Expect(2).Json.GetProperty("error");

        Assert.Equal("bad_definition", error.GetProperty("code").GetString());
        Assert.Equal(["agents/a.yaml", "agents/a.yaml"], error.GetProperty("errors").EnumerateArray().Select(e => e.GetProperty("file").GetString()));
    }

    [Theory]
    [InlineData("a", "agents/a.yaml:2:10: command: it is empty; give a text: the program: a path, or a name to be found in PATH.")]
    [InlineData("b", "agents/b.yaml:2:11: assembly: it is empty; give a text: the path of the assembly that holds the class.")]
    public async Task Run_EmptyProgramOrAssembly_IsTheFilesErrorWithItsPlace(string agent, string says)
    {
        using var workspace = new Workspace();
        workspace.Write("agents/a.yaml", "kind: process\ncommand: \"\"\n");
        workspace.Write("agents/b.yaml", "kind: object\nassembly: \" \"\ntype: X\n");

        var outcome = (await workspace.RunAsync("run", agent, "hello", "--json")).Expect(2);

        Assert.Equal(says, outcome.Json.GetProperty("error").GetProperty("message").GetString());
    }

    [Fact]
    public async Task Run_StoreInUse_SaysSoAndListsRunsAllTheSame()
    {
        using var workspace = new Workspace();
        using var first = workspace.Start("run", "clerk", "call ledger.wait\ndone");
        await first.UntilAsync(() => workspace.Ledger.Count > 0);

        var second = (await workspace.RunAsync("run", "clerk", "hello", "--json")).Expect(1);
        Assert.Equal("store_in_use", second.Json.GetProperty("error").GetProperty("code").GetString());

        var list = (await workspace.RunAsync("runs", "list", "--json")).Expect(0);
        Assert.Equal("running", list.Json.GetProperty("runs")[0].GetProperty("status").GetString());

        workspace.Write("go.txt", "");
        (await first.EndAsync()).Expect(0);
    }

    [Fact]
    public async Task Doctor_WorkspaceThatCannotBeWrittenTo_IsAProblem()
    {
        if (!OperatingSystem.IsLinux())
            return;
        using var workspace = new Workspace(plugin: false);

        // Nobody may make a file there, whoever runs this.
        var doctor = (await workspace.RunAsync("doctor", "--workspace", "/proc", "--json")).Expect(1);

        Assert.Contains(doctor.Json.GetProperty("problems").EnumerateArray(), p => p.GetString()!.StartsWith("The runs can't be kept in '/proc'", StringComparison.Ordinal));
        (await workspace.RunAsync("doctor")).Expect(0);
        Assert.Empty(Directory.GetFileSystemEntries(workspace.Folder));
    }

    [Fact]
    public async Task Init_WhereNothingCanBeMade_SaysWhatToDo()
    {
        if (!OperatingSystem.IsLinux())
            return;
        using var workspace = new Workspace(plugin: false);

        var init = (await workspace.RunAsync("init", "--workspace", "/proc/x")).Expect(1);

        Assert.Contains("A workspace can't be laid out in '/proc/x'", init.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task RunsImport_RunWithoutAnId_IsDamaged()
    {
        using var workspace = new Workspace();
        (await workspace.RunAsync("run", "clerk", "hello")).Expect(0);
        (await workspace.RunAsync("runs", "export", "last", "run.jsonl")).Expect(0);
        var text = File.ReadAllText(workspace.PathOf("run.jsonl"));
        workspace.Write("run.jsonl", System.Text.RegularExpressions.Regex.Replace(text, "\"id\":\"[^\"]+\"", "\"id\":\"\""));

        var import = (await workspace.RunAsync("runs", "import", "run.jsonl")).Expect(2);

        Assert.Contains("Line 1 of the archive is damaged", import.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_NoModelAvailable_SaysWhy()
    {
        using var workspace = new Workspace();
        workspace.Write("agentcore.yaml", "model: script/steps\nsettings:\n  SCRIPT_OFF: \"1\"\n");

        var outcome = (await workspace.RunAsync("run", "clerk", "hello", "--json")).Expect(1);

        Assert.Equal("model_unavailable", outcome.Json.GetProperty("error").GetProperty("code").GetString());
        Assert.Contains("SCRIPT_OFF is set", outcome.Json.GetProperty("error").GetProperty("message").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_PluginThatIsNoAssembly_IsRefusedAndTheRestWorks()
    {
        using var workspace = new Workspace();
        workspace.Write("plugins/broken.dll", "no assembly");

        var run = (await workspace.RunAsync("run", "clerk", "hello", "--json")).Expect(0);
        Assert.Equal("hello", run.Json.GetProperty("output").GetString());
        Assert.Contains("plugin broken was not loaded: it is no .NET assembly", run.Error, StringComparison.Ordinal);

        var doctor = (await workspace.RunAsync("doctor", "--json")).Expect(1);
        Assert.Contains(doctor.Json.GetProperty("plugins").EnumerateArray(), p => p.GetProperty("name").GetString() == "broken" && !p.GetProperty("loaded").GetBoolean());
    }

    private static void WriteFaulty(Workspace workspace)
    {
        workspace.Write("agents/a.yaml", "instructions: hello\nrole:\n  - x\ncapabilites: [files.read]\n");
        workspace.Write("agents/b.yaml", "kind: chta\n");
        workspace.Write("agents/c.yaml", "instructions: hello\ntools: [ledger.apend]\n");
        workspace.Write("agents/d.yaml", "instructions: [\n");
    }
}
