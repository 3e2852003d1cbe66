namespace AgentCore.Adapters.Processes.Tests;

/// <summary>Bindings, and what is said where one is missing.</summary>
public sealed class PythonBindingTests
{
    [Fact]
    public void Create_TargetWithoutColon_Refused()
    {
        var e = Assert.Throws<ArgumentException>(() => new PythonOptions("module.Class"));
        Assert.Contains("module:Class", e.Message, StringComparison.Ordinal);
    }

    [PythonTheory]
    [InlineData("nowhere:Agent", "No module named 'nowhere'")]
    [InlineData("sync_agents:Nobody", "sync_agents has no Nobody; it has")]
    [InlineData("missing.py:Agent", "there is no file")]
    [InlineData("sync_agents:Ambiguous", "has no method of a usual name; name one under 'method' (PythonOptions.Method). It has: warm, cool")]
    [InlineData("bad_agents:NeedsModel", "needs model")]
    public async Task Initialize_Unusable_SaysWhy(string target, string expected)
    {
        using var agent = Python.Agent(target);

        Assert.False(await agent.InitializeAsync());

        Assert.Contains(expected, agent.LastError!.Message, StringComparison.Ordinal);
    }

    [PythonFact]
    public async Task Execute_ParameterWithoutSource_GapNamed()
    {
        using var agent = Python.Agent("sync_agents:OddName", p => p with { Method = "route_parcel" });

        var result = await agent.ExecuteAsync("Bern");

        Assert.Equal(RunStatus.Failed, result.Status);
        Assert.Contains("route_parcel needs weight: float", result.Error!.Message, StringComparison.Ordinal);
        Assert.NotNull(agent.ProcessId);
    }

    [PythonFact]
    public async Task Execute_Bound_ArgumentsFollow()
    {
        using var agent = Python.Agent("sync_agents:OddName", p => p with
        {
            Method = "route_parcel",
            Arguments = new Dictionary<string, string> { ["destination"] = "input", ["weight"] = "data.kilos" },
        });

        var result = await agent.ExecuteAsync(new AgentTask("Bern").With("kilos", 12));

        Assert.Equal("Bern by truck", result.Output);
    }

    [PythonFact]
    public async Task Execute_ConstantArgument_Given()
    {
        using var agent = Python.Agent("sync_agents:OddName", p => p with
        {
            Method = "route_parcel",
            Arguments = new Dictionary<string, string> { ["weight"] = "=2.5" },
        });

        Assert.Equal("Bern by bike", (await agent.ExecuteAsync("Bern")).Output);
    }

    [PythonTheory]
    [InlineData("sync_agents:OddName", "weight: float (")]
    [InlineData("sync_agents:KeywordsAgent", "weight (")]
    public async Task Execute_ConstantThatIsNoJson_SaysWhichAndWhatToWrite(string target, string where)
    {
        using var agent = Python.Agent(target, p => p with
        {
            Method = target.EndsWith("OddName", StringComparison.Ordinal) ? "route_parcel" : null,
            Arguments = new Dictionary<string, string> { ["weight"] = "=oops" },
        });

        var message = (await agent.ExecuteAsync("Bern")).Error!.Message;

        Assert.Contains(where + "the binding has =oops, and what follows = is no JSON", message, StringComparison.Ordinal);
        Assert.Contains("write a text as '=\"oops\"'", message, StringComparison.Ordinal);
    }

    [PythonFact]
    public async Task Execute_ConstructorArguments_Given()
    {
        using var agent = Python.Agent("bad_agents:NeedsModel", p => p with { ConstructorArguments = new Dictionary<string, object?> { ["model"] = "small" } });

        Assert.Equal("small hi", (await agent.ExecuteAsync("hi")).Output);
    }

    [PythonFact]
    public async Task Execute_NamedMethod_Preferred()
    {
        using var agent = Python.Agent("async_agents:BothForms", p => p with { Method = "ainvoke" });

        Assert.Equal("ainvoked hi", (await agent.ExecuteAsync("hi")).Output);
    }

    [Fact]
    public async Task Execute_InterpreterMissing_SaysWhatToDo()
    {
        using var agent = Python.Agent("sync_agents:RunText", p => p with { Interpreter = "no-such-python" });

        var result = await agent.ExecuteAsync("x");

        Assert.Equal(RunStatus.Failed, result.Status);
        Assert.Contains("'no-such-python' was not found", result.Error!.Message, StringComparison.Ordinal);
    }

    [PythonFact]
    public async Task Execute_BindingOfNoParameter_Named()
    {
        using var agent = Python.Agent("sync_agents:RunText", p => p with { Arguments = new Dictionary<string, string> { ["tsk"] = "input" } });

        var result = await agent.ExecuteAsync("x");

        Assert.Contains("no tsk, which the binding names", result.Error!.Message, StringComparison.Ordinal);
    }

    [PythonFact]
    public async Task Initialize_EnvironmentMissing_SaysHowToMakeIt()
    {
        using var agent = Python.Agent("sync_agents:RunText", p => p with { VirtualEnvironment = Path.Combine(Python.Folder, "nowhere") });

        Assert.False(await agent.InitializeAsync());

        Assert.Contains("python3 -m venv", agent.LastError!.Message, StringComparison.Ordinal);
    }

    [PythonFact]
    public async Task Initialize_LibraryMissing_NamedWithTheInterpreter()
    {
        using var agent = Python.Agent("depot/needs_library.py:NeedyAgent");

        Assert.False(await agent.InitializeAsync());

        Assert.Contains("No module named 'no_such_library' (imported by depot/needs_library.py); install it for", agent.LastError!.Message, StringComparison.Ordinal);
    }
}
