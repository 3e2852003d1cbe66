using System.Globalization;

namespace AgentCore.Adapters.Processes.Tests;

/// <summary>Agents that hang, print noise, die, raise, return too much, or leave processes behind.</summary>
public sealed class PythonMisbehaviourTests
{
    [PythonFact]
    public async Task Execute_Hangs_EndedAndOutcomeUnknown()
    {
        using var agent = Python.Agent("bad_agents:Hangs", p => p with { Limits = p.Limits with { TaskTimeout = TimeSpan.FromSeconds(2) } });

        var result = await agent.ExecuteAsync("hang");

        Assert.Equal(RunStatus.NeedsDecision, result.Status);
        Assert.Contains("ProcessLimits.TaskTimeout", result.Pending[0].Question, StringComparison.Ordinal);
        Assert.Contains("bad_agents.py", result.Pending[0].Question, StringComparison.Ordinal);
        Assert.Null(agent.ProcessId);
        Assert.Equal("fine", (await agent.ExecuteAsync("again")).Output);
    }

    [PythonFact]
    public async Task Execute_HangsRepeatable_Fails()
    {
        using var agent = Python.Agent("bad_agents:Hangs", p => p with { Repeatable = true, Limits = p.Limits with { TaskTimeout = TimeSpan.FromSeconds(2) } });

        var result = await agent.ExecuteAsync("hang");

        Assert.Equal(RunStatus.Failed, result.Status);
        Assert.True(result.Error!.Retryable);
        Assert.Equal("System.TimeoutException", result.Error.Type);
    }

    [PythonFact]
    public async Task Execute_Cancelled_ProcessEnded()
    {
        using var agent = Python.Agent("bad_agents:Hangs");
        await agent.InitializeAsync();
        var id = agent.ProcessId!.Value;
        using var cancel = new CancellationTokenSource();

        var running = agent.ExecuteAsync("hang", new RunOptions { OnEvent = e => { if (e is StepStartedEvent) cancel.Cancel(); } }, cancel.Token);
        var result = await running;

        Assert.Contains(result.Status, new[] { RunStatus.NeedsDecision, RunStatus.Cancelled });
        await agent.ShutdownAsync();
        await Processes.GoneAsync(id);
    }

    [PythonFact]
    public async Task Dispose_WhileBusy_ProcessEnded()
    {
        var agent = Python.Agent("bad_agents:Hangs");
        await agent.InitializeAsync();
        var id = agent.ProcessId!.Value;
        var begun = new TaskCompletionSource();
        var running = agent.ExecuteAsync("hang", new RunOptions { OnEvent = e => { if (e is StepStartedEvent) begun.TrySetResult(); } });
        await begun.Task;

        agent.Dispose();

        Assert.Equal(RunStatus.Failed, (await running).Status);
        await Processes.GoneAsync(id);
    }

    [PythonFact]
    public async Task Execute_Noise_DoesNotReachTheProtocol()
    {
        using var agent = Python.Agent("bad_agents:Noisy");

        Assert.Equal("quiet please", (await agent.ExecuteAsync("please")).Output);
    }

    [PythonFact]
    public async Task Execute_Dies_FailedStepNamesCodeAndLastLines()
    {
        using var agent = Python.Agent("bad_agents:Dies");

        var result = await agent.ExecuteAsync("die");

        Assert.Equal(RunStatus.Failed, result.Status);
        Assert.Equal(typeof(ProcessException).FullName, result.Error!.Type);
        Assert.False(result.Error.Retryable);
        Assert.Contains("exit code 3", result.Error.Message, StringComparison.Ordinal);
        Assert.Contains("last words", result.Error.Message, StringComparison.Ordinal);
        Assert.Equal("alive", (await agent.ExecuteAsync("x")).Output);
    }

    [PythonFact]
    public async Task Execute_DiesAgainAndAgain_NotStartedAnyMore()
    {
        using var agent = Python.Agent("bad_agents:Dies", p => p with { Limits = p.Limits with { MaxRestarts = 2 } });
        for (var i = 0; i < 3; i++)
            await agent.ExecuteAsync("die");

        var result = await agent.ExecuteAsync("x");

        Assert.Contains("ProcessLimits.MaxRestarts (2)", result.Error!.Message, StringComparison.Ordinal);
        Assert.Contains("exit code 3", result.Error.Message, StringComparison.Ordinal);
        await agent.ShutdownAsync();
        await agent.InitializeAsync();
        Assert.Equal("alive", (await agent.ExecuteAsync("x")).Output);
    }

    [PythonFact]
    public async Task Execute_Segfault_SignalNamed()
    {
        using var agent = Python.Agent("bad_agents:Segfaults");

        var result = await agent.ExecuteAsync("x");

        Assert.Contains("signal 11, SIGSEGV", result.Error!.Message, StringComparison.Ordinal);
    }

    [PythonFact]
    public async Task Execute_FiftyMegabytes_LimitNamedAndProcessKept()
    {
        using var agent = Python.Agent("bad_agents:FiftyMegabytes");

        var result = await agent.ExecuteAsync("big");

        Assert.Equal(RunStatus.Failed, result.Status);
        Assert.Contains("ProcessLimits.MaxOutputBytes", result.Error!.Message, StringComparison.Ordinal);
        Assert.Equal("small", (await agent.ExecuteAsync("x")).Output);
    }

    [PythonFact]
    public async Task Execute_FiftyMegabytesAllowed_Returned()
    {
        using var agent = Python.Agent("bad_agents:FiftyMegabytes", p => p with { Limits = p.Limits with { MaxOutputBytes = 64 << 20 } });

        Assert.Equal(50 << 20, (await agent.ExecuteAsync("big")).Output.Length);
    }

    [PythonTheory]
    [InlineData("bad_agents:Endless")]
    [InlineData("bad_agents:EmptyPieces")]
    public async Task Execute_EndlessStream_LimitNamedAndProcessKept(string target)
    {
        using var agent = Python.Agent(target, p => p with { Limits = p.Limits with { MaxOutputBytes = 100_000 } });
        await agent.InitializeAsync();
        var id = agent.ProcessId;

        var result = await agent.ExecuteAsync("x");

        Assert.Contains("ProcessLimits.MaxOutputBytes", result.Error!.Message, StringComparison.Ordinal);
        Assert.Equal(id, agent.ProcessId);
    }

    [PythonFact]
    public async Task Execute_StreamOfLargePieces_CountedAsTheyCome()
    {
        using var agent = Python.Agent("bad_agents:LargePieces", p => p with { Limits = p.Limits with { MaxOutputBytes = 100_000 } });
        var pieces = 0;

        var result = await agent.ExecuteAsync("x", new RunOptions { OnEvent = e => pieces += e is NoteEvent ? 1 : 0 });

        Assert.Contains("ProcessLimits.MaxOutputBytes", result.Error!.Message, StringComparison.Ordinal);
        Assert.Equal(9, pieces);
    }

    [PythonTheory]
    [InlineData("bad_agents:Endless")]
    [InlineData("bad_agents:EmptyPieces")]
    public async Task RunDirect_EndlessStream_LimitNamed(string target)
    {
        using var agent = Python.Agent(target, p => p with { Limits = p.Limits with { MaxOutputBytes = 100_000 } });

        var direct = await PythonDirect.RunAsync("endless", agent.Python, new AgentTask("x"), false, TimeSpan.FromSeconds(60), default);

        Assert.Null(direct.TimedOut);
        Assert.Contains("ProcessLimits.MaxOutputBytes", direct.Error, StringComparison.Ordinal);
    }

    [PythonFact]
    public async Task Execute_Raises_TypeMessageAndPlaceTold()
    {
        using var agent = Python.Agent("bad_agents:Raises");

        var result = await agent.ExecuteAsync("x");

        Assert.StartsWith("ValueError: bad input: x", result.Error!.Message, StringComparison.Ordinal);
        Assert.Contains("bad_agents.py", result.Error.Message, StringComparison.Ordinal);
        Assert.NotNull(agent.ProcessId);
    }

    [PythonTheory]
    [InlineData("bad_agents:RaisesSpeechless", "Speechless: <Speechless, which can't be shown: ZeroDivisionError>")]
    [InlineData("bad_agents:ExitsUnspeakably", "SystemExit: the agent called sys.exit(<Unspeakable, which can't be shown: Speechless>)")]
    public async Task Execute_ErrorThatIsHardToTell_TypeNamedAndProcessKept(string target, string expected)
    {
        using var agent = Python.Agent(target);
        await agent.InitializeAsync();
        var id = agent.ProcessId;

        var result = await agent.ExecuteAsync("x");
        var direct = await PythonDirect.RunAsync("odd", agent.Python, new AgentTask("x"), false, TimeSpan.FromSeconds(60), default);

        Assert.StartsWith(expected, result.Error!.Message, StringComparison.Ordinal);
        Assert.Equal(id, agent.ProcessId);
        Assert.StartsWith(expected, direct.Error, StringComparison.Ordinal);
    }

    [PythonFact]
    public async Task Execute_ErrorLongerThanTheLimit_CutAndProcessKept()
    {
        using var agent = Python.Agent("bad_agents:RaisesAtLength", p => p with { Limits = p.Limits with { MaxOutputBytes = 1024 } });
        await agent.InitializeAsync();
        var id = agent.ProcessId;

        var result = await agent.ExecuteAsync("x");

        Assert.StartsWith("ValueError: xxx", result.Error!.Message, StringComparison.Ordinal);
        Assert.Equal(id, agent.ProcessId);
    }

    [PythonTheory]
    [InlineData("bad_agents:Exits", "the agent called sys.exit(4)")]
    [InlineData("bad_agents:ReadsInput", "read ''")]
    [InlineData("bad_agents:FloodsErrors", "flooded")]
    public async Task Execute_OddHabit_Contained(string target, string expected)
    {
        using var agent = Python.Agent(target);

        var result = await agent.ExecuteAsync("x");

        Assert.Contains(expected, result.Error?.Message ?? result.Output, StringComparison.Ordinal);
    }

    [PythonFact]
    public async Task Execute_ResultNoJsonHolds_MadePlain()
    {
        using var agent = Python.Agent("bad_agents:NotANumber");

        var result = await agent.ExecuteAsync("x");

        Assert.True(result.IsDone, result.Error?.Message);
    }

    [PythonFact]
    public async Task Initialize_StartHangs_PlaceTold()
    {
        using var agent = Python.Agent("bad_agents:StartHangs", p => p with { Limits = p.Limits with { StartTimeout = TimeSpan.FromSeconds(6) } });

        Assert.False(await agent.InitializeAsync());

        Assert.Contains("ProcessLimits.StartTimeout", agent.LastError!.Message, StringComparison.Ordinal);
        Assert.Contains("in start", agent.LastError.Message, StringComparison.Ordinal);
    }

    [PythonFact]
    public async Task Shutdown_ChildrenLeft_Ended()
    {
        using var agent = Python.Agent("bad_agents:LeavesChildren");
        var ids = (await agent.ExecuteAsync("x")).Output.Split(' ').Select(i => int.Parse(i, CultureInfo.InvariantCulture)).ToList();
        Assert.All(ids, id => Assert.True(Processes.IsAlive(id)));

        await agent.ShutdownAsync();

        if (OperatingSystem.IsLinux())
            await Task.WhenAll(ids.Select(Processes.GoneAsync));
    }

    [PythonFact]
    public async Task Execute_DiesWithChildren_ChildrenEnded()
    {
        using var agent = Python.Agent("bad_agents:LeavesChildren");

        var result = await agent.ExecuteAsync("die");

        var ids = result.Error!.Message.Split('\n')[^1].Split(' ').Select(i => int.Parse(i, CultureInfo.InvariantCulture)).ToList();
        Assert.Equal(2, ids.Count);
        if (OperatingSystem.IsLinux())
            await Task.WhenAll(ids.Select(Processes.GoneAsync));
    }

    [PythonFact]
    public async Task Execute_Environment_ScrubbedAndMasked()
    {
        Environment.SetEnvironmentVariable("AGENTCORE_TEST_HIDDEN", "hidden-value");
        Environment.SetEnvironmentVariable("AGENTCORE_TEST_SECRET", "s3cret\"value");
        using var agent = Python.Agent("bad_agents:ShowsEnvironment", p => p with
        {
            Environment = new ProcessEnvironment
            {
                Secrets = ["AGENTCORE_TEST_SECRET"],
                Variables = new Dictionary<string, string> { ["SHOWN"] = "yes" },
            },
        });

        var result = await agent.ExecuteAsync("x");

        Assert.Contains("SHOWN=yes", result.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("hidden-value", result.Output, StringComparison.Ordinal);
        Assert.Contains("AGENTCORE_TEST_SECRET=***", result.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("s3cret", result.Output, StringComparison.Ordinal);
    }

    [PythonTheory]
    [InlineData("progress", 10 << 20)]
    [InlineData("error", 10 << 20)]
    [InlineData("error", 1024)]
    [InlineData("object", 10 << 20)]
    [InlineData("escaped", 10 << 20)]
    public async Task Execute_SecretWhereATextIsCut_NoPartShown(string where, long most)
    {
        Environment.SetEnvironmentVariable("AGENTCORE_TEST_CUT_SECRET", "k3y\"0123456789\nabcdefghijkl");
        using var agent = Python.Agent("bad_agents:LeaksWhereItIsCut", p => p with
        {
            Environment = new ProcessEnvironment { Secrets = ["AGENTCORE_TEST_CUT_SECRET"] },
            Limits = p.Limits with { MaxOutputBytes = most },
        });
        var told = new List<string>();

        var result = await agent.ExecuteAsync(where, new RunOptions { OnEvent = e => told.Add(e.ToString()) });

        var all = string.Join('\n', told) + result.Output + result.Error?.Message;
        Assert.Contains("xxx***", all, StringComparison.Ordinal);
        Assert.DoesNotContain("k3y", all, StringComparison.Ordinal);
    }
}
