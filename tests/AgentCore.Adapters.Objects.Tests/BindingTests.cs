using AgentCore.Adapters.Objects.Bindings;
using AgentCore.Adapters.Objects.Loading;
using AgentCore.Adapters.Objects.Tests.Fixtures;
using AgentCore.Testing;
using Microsoft.Extensions.AI;

namespace AgentCore.Adapters.Objects.Tests;

public sealed class BindingTests
{
    [Fact]
    public void Execute_DataIsMissing_FailsAndNamesTheArgument()
    {
        using var agent = new UniversalAgentAdapter(new TwoArgumentAgent());

        var result = agent.Execute("tea");

        Assert.Equal(RunStatus.Failed, result.Status);
        Assert.Contains("'limit' (int) has no value: give the task data 'limit'", result.Error!.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Execute_SeveralArguments_AreFilledByName()
    {
        using var agent = new UniversalAgentAdapter(new TwoArgumentAgent());

        Assert.Equal("tea up to 3", agent.Execute(new AgentTask("tea").With("limit", 3)).Output);
        Assert.Equal("x up to 4", agent.Execute("""{"query":"x","LIMIT":4}""").Output);
        Assert.Equal("""{"LIMIT":4} up to 4""", agent.Execute("""{"LIMIT":4}""").Output);
        Assert.Equal("""{"query":"x"} up to 3""", agent.Execute(new AgentTask("""{"query":"x"}""").With("limit", 3)).Output);
    }

    [Fact]
    public void Execute_ContextIsAGap_FailsAndSaysHowToFillIt()
    {
        using var agent = new UniversalAgentAdapter(new ContextAgent());

        var gap = Assert.Single(agent.Explain().Gaps);
        Assert.Equal("arguments.turn", gap.At);
        Assert.Contains("ITurnContext", agent.Execute("hi").Error!.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Execute_GapFilledInCode_Runs()
    {
        var binding = ObjectBinding.For<ContextAgent>().Named("turner").Method("HandleAsync").ArgumentValue("turn", new Turn()).Repeatable().Build();
        using var agent = new UniversalAgentAdapter(new ContextAgent(), binding);

        Assert.Equal("me: hi", agent.Execute("hi").EnsureDone().Output);
        Assert.Equal("turner", agent.Metadata.Name);
        Assert.Empty(agent.Explain().Gaps);
    }

    [Fact]
    public void Execute_GapFilledFromServices_Runs()
    {
        using var agent = new UniversalAgentAdapter(typeof(ContextAgent), options: new UniversalAgentOptions { Services = new Provider() });

        Assert.Equal("me: hi", agent.Execute("hi").EnsureDone().Output);
    }

    [Fact]
    public void Execute_CallWrittenInCode_IsTheCall()
    {
        var binding = ObjectBinding.For<TwoArgumentAgent>().Call(async (a, task, token) => await a.RunAsync(task.Input, 7, token)).Build();
        using var agent = new UniversalAgentAdapter(new TwoArgumentAgent(), binding);

        Assert.Equal("tea up to 7", agent.Execute("tea").EnsureDone().Output);
    }

    [Fact]
    public void Initialize_ConstructorGap_FailsAndNamesIt()
    {
        using var agent = new UniversalAgentAdapter(typeof(KeyedAgent));

        Assert.False(agent.Initialize());
        Assert.Contains("apiKey", agent.LastError!.Message, StringComparison.Ordinal);
        Assert.Equal(["construct.apiKey", "construct.model"], agent.Explain().Gaps.Select(g => g.At));
    }

    [Fact]
    public void Execute_ConstructorFilled_NeverShowsTheSecret()
    {
        Environment.SetEnvironmentVariable("OBJECTS_TEST_KEY", "hidden-1234");
        var binding = new ObjectBinding
        {
            Construct =
            [
                new ArgumentBinding { Name = "apiKey", From = ArgumentSource.Environment, Value = "OBJECTS_TEST_KEY" },
                new ArgumentBinding { Name = "model", From = ArgumentSource.Value, Value = "small" },
            ],
        };
        using var agent = new UniversalAgentAdapter(typeof(KeyedAgent), binding);

        Assert.Equal("11/small: hi", agent.Execute("hi").EnsureDone().Output);
        Assert.DoesNotContain("hidden", agent.Explain().ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Rum", "has no method 'Rum'")]
    [InlineData("Task<string> RunAsync(int x)", "has no method")]
    public void Create_UnknownMethod_NamesTheMethodsThereAre(string method, string message)
    {
        var e = Assert.Throws<ArgumentException>(() => new UniversalAgentAdapter(new RunTextAgent(), new ObjectBinding { Method = method }));

        Assert.Contains(message, e.Message, StringComparison.Ordinal);
        Assert.Contains("string Run(string input)", e.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("kind: chat\ntype: X", "kind: object")]
    [InlineData("kind: object", "'type' is missing")]
    [InlineData("kind: object\ntype: X\nmethood: Run", "line 3")]
    [InlineData("kind: object\ntype: X\narguments:\n  - name: a\n    from: outer space", "'outer space' is none of input, data")]
    [InlineData("kind: object\ntype: X\nclass: Z", "one of A, B, C, D, E")]
    [InlineData("kind: object\ntype: X\nrepeatable: maybe", "Boolean")]
    [InlineData("kind: object\ntype: X\nlifecycle:\n  every: soon", "30s")]
    [InlineData("", "empty")]
    public void Parse_WrongBinding_SaysWhatAndWhere(string yaml, string message)
    {
        var e = Assert.Throws<ArgumentException>(() => BindingFile.Parse(yaml, "x.yaml"));

        Assert.Contains(message, e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Write_GeneratedBinding_ReadsBackTheSame()
    {
        using var agent = new UniversalAgentAdapter(typeof(TickAgent));
        var binding = agent.Binding with { Assembly = "/a.dll", Lifecycle = agent.Binding.Lifecycle with { Every = TimeSpan.FromSeconds(90) } };

        var read = BindingFile.Parse(BindingFile.Write(binding));

        Assert.Equal(BindingFile.Write(binding), BindingFile.Write(read));
        Assert.Equal(TimeSpan.FromSeconds(90), read.Lifecycle.Every);
    }

    [Fact]
    public void Execute_MarkedMethod_GoesBeforeConvention()
    {
        using var agent = new UniversalAgentAdapter(new MarkedAgent());

        Assert.Equal("marked Oslo", agent.Execute(new AgentTask("x").With("city", "Oslo")).Output);
        Assert.True(agent.Binding.Repeatable);
    }

    [Fact]
    public void Explain_Overloads_TellsTheChoiceAndWhatIsLeft()
    {
        using var agent = new UniversalAgentAdapter(typeof(OverloadAgent));

        var explanation = agent.Explain();

        Assert.Equal("Task<string> RunAsync(string input, CancellationToken cancellationToken)", explanation.Method);
        Assert.Contains("string input <- input", explanation.Passes);
        Assert.Contains("CancellationToken cancellationToken <- cancellation", explanation.Passes);
        Assert.Contains(explanation.Ignores, i => i.StartsWith("string Run(int number)", StringComparison.Ordinal));
        Assert.Null(agent.Instance);
    }

    [Fact]
    public void Explain_ClassWhoseConstructorThrows_RunsNothing()
    {
        using var agent = new UniversalAgentAdapter(typeof(ExplodingAgent));

        Assert.Contains("Run", agent.Explain().Method, StringComparison.Ordinal);
        Assert.Equal(0, ExplodingAgent.Made);
        Assert.False(agent.Initialize());
        Assert.Contains("boom", agent.LastError!.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Resume_CallWithUnknownOutcome_WaitsForADecision()
    {
        using var agent = new UniversalAgentAdapter(new CancellingAgent());
        using var source = new CancellationTokenSource();
        var store = new MemoryCheckpointStore();

        var run = agent.ExecuteAsync(new AgentTask("x"), new RunOptions { Store = store }, source.Token);
        await CancellingAgent.Entered.Task;
        await source.CancelAsync();
        var result = await run;

        Assert.Equal(RunStatus.NeedsDecision, result.Status);
    }

    [Fact]
    public async Task Resume_FinishedCall_IsNotMadeAgain()
    {
        var inner = new CountingAgent();
        using var agent = new UniversalAgentAdapter(inner);

        await ReplayCheck.EnsureAsync(() => new UniversalAgentAdapter(new CountingAgent()), new AgentTask("x"));

        Assert.Equal("x 1", agent.Execute("x").Output);
    }

    [Fact]
    public void Execute_Conversation_ReachesForeignMessages()
    {
        using var agent = new UniversalAgentAdapter(new MessageListAgent());
        var task = new AgentTask("and now?") { Messages = [new ChatMessage(ChatRole.User, "hi"), new ChatMessage(ChatRole.Assistant, "ho")] };

        Assert.Equal("3:User:and now?", agent.Execute(task).Output);
    }

    [Fact]
    public async Task Execute_CancelledInAStream_StopsReading()
    {
        using var agent = new UniversalAgentAdapter(new StreamAgent());
        using var source = new CancellationTokenSource();
        await source.CancelAsync();

        var result = await agent.ExecuteAsync("a b c", source.Token);

        Assert.NotEqual(RunStatus.Done, result.Status);
    }

    [Fact]
    public void Open_MissingAssembly_SaysWhichPath()
    {
        var e = Assert.Throws<ArgumentException>(() => ObjectAgents.Open(new ObjectBinding { Type = "X", Assembly = "/nowhere/x.dll" }));

        Assert.Contains("/nowhere/x.dll", e.Message, StringComparison.Ordinal);
    }

    private sealed class Turn : ITurnContext
    {
        public string Who => "me";
    }

    [Theory]
    [InlineData("{\"product\": \"tea\"}")]
    [InlineData("[\"tea\"]")]
    public void Execute_AgentOfThisLibraryWithAJsonTask_GetsTheTaskAsItIs(string input)
    {
        using var agent = new UniversalAgentAdapter(new RepeatingAgent());

        Assert.Equal(input, agent.Execute(input).EnsureDone().Output);
    }

    private sealed class RepeatingAgent() : BaseAgent("repeating")
    {
        protected override AgentResult OnExecute(AgentContext context) => AgentResult.Done(context.Task.Input);
    }

    private sealed class Provider : IServiceProvider
    {
        public object? GetService(Type serviceType) => serviceType == typeof(ITurnContext) ? new Turn() : null;
    }

    private sealed class ExplodingAgent
    {
        public ExplodingAgent()
        {
            Made++;
            throw new InvalidOperationException("boom");
        }

        public static int Made { get; private set; }

        public string Run(string input) => input;
    }

    private sealed class CancellingAgent
    {
        public static TaskCompletionSource Entered { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public async Task<string> RunAsync(string input, CancellationToken cancellationToken)
        {
            Entered.TrySetResult();
            await Task.Delay(Timeout.Infinite, cancellationToken);
            return input;
        }
    }
}
