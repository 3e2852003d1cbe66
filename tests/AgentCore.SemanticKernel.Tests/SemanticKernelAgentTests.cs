using System.Runtime.CompilerServices;
using AgentCore.Agents;
using AgentCore.Testing;
using AgentCore.Tools;
using Microsoft.SemanticKernel;
using Microsoft.SemanticKernel.Agents;
using Microsoft.SemanticKernel.ChatCompletion;

namespace AgentCore.SemanticKernel.Tests;

public class SemanticKernelAgentTests
{
    [Fact]
    public async Task ChatCompletionAgent_WithoutTheCapability_DoesNotRunTheFunction()
    {
        var bank = new Bank(new ScriptedChatClient().ThenCall("money_pay", new { amount = 1 }).ThenReply("sorry"));

        var result = await Wrap(bank, []).ExecuteAsync("pay");

        Assert.Equal("sorry", result.EnsureDone().Output);
        Assert.Equal(0, bank.Paid);
    }

    [Fact]
    public async Task ChatCompletionAgent_Run_KeepsModelAndFunctionCallsAsSteps()
    {
        var bank = new Bank(new ScriptedChatClient().ThenCall("money_pay", new { amount = 1 }).ThenReply("done"));
        var events = new List<AgentEvent>();

        var result = await Wrap(bank, ["money.*"]).ExecuteAsync("pay", new RunOptions { Store = new MemoryCheckpointStore(), OnEvent = events.Add });

        Assert.Equal("done", result.EnsureDone().Output);
        Assert.Equal(["model", "tool", "model"], events.OfType<StepFinishedEvent>().Select(e => e.Kind));
        Assert.Equal(30, result.Usage!.TotalTokenCount);
        Assert.Equal(1, bank.Paid);
    }

    [Fact]
    public async Task ChatCompletionAgent_FromAnyPrefixOfItsJournal_ResumesRight() => await ReplayCheck.EnsureAsync(
        () => Wrap(
            new Bank(new ScriptedChatClient().Then(Answer).Then(Answer)),
            ["money.*"],
            _ => new ToolOptions { Repeatable = true }),
        "pay");

    [Fact]
    public async Task ChatCompletionAgent_FunctionThatNeedsApproval_WaitsForADecision()
    {
        var bank = new Bank(new ScriptedChatClient().ThenCall("money_pay", new { amount = 1 }).ThenReply("never"));

        var result = await Wrap(bank, ["*"], _ => new ToolOptions { Approval = true }).ExecuteAsync("pay", new RunOptions { Store = new MemoryCheckpointStore() });

        Assert.Equal(RunStatus.NeedsDecision, result.Status);
        Assert.Equal(1, bank.Model.Calls);
    }

    [Fact]
    public async Task OtherAgent_Run_IsOneStepThatIsNotRepeated()
    {
        var store = new MemoryCheckpointStore();
        var calls = 0;
        var inner = new OwnAgent(history => { calls++; return $"heard {history.Count}"; });
        var events = new List<AgentEvent>();
        var session = new AgentSession();

        using var agent = new SemanticKernelAgent(inner);
        var first = await agent.ExecuteAsync("a", new RunOptions { Store = store, Session = session, OnEvent = events.Add });
        var second = await agent.ExecuteAsync("b", new RunOptions { Store = store, Session = session });

        Assert.Equal("heard 1", first.EnsureDone().Output);
        Assert.Equal("heard 3", second.EnsureDone().Output);
        Assert.Equal("step", Assert.Single(events.OfType<StepFinishedEvent>()).Kind);
        Assert.Equal(2, calls);
    }

    [Fact]
    public async Task OtherAgent_ThatThrows_FailsTheRun()
    {
        using var agent = new SemanticKernelAgent(new OwnAgent(_ => throw new InvalidOperationException("broken")));

        Assert.Contains("broken", (await agent.ExecuteAsync("a")).Error!.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task BaseAgent_InAGroupChatOfSemanticKernel_TakesItsTurns()
    {
        var bank = new Bank(new ScriptedChatClient("from the model"));
        using var ours = new CodeAgent([], context => Task.FromResult($"after '{context.Task.Input}' of {context.Task.Messages.Count} before"));
        var chat = new AgentGroupChat(
            new ChatCompletionAgent { Name = "theirs", Kernel = bank.Kernel }, ours.AsSemanticKernelAgent())
        {
            ExecutionSettings = new() { TerminationStrategy = { MaximumIterations = 2 } },
        };
        chat.AddChatMessage(new ChatMessageContent(AuthorRole.User, "begin"));

        var said = new List<string>();
        await foreach (var message in chat.InvokeAsync())
            said.Add($"{message.AuthorName}: {message.Content}");

        Assert.Equal(["theirs: from the model", "code: after 'from the model' of 1 before"], said);
    }

    [Fact]
    public async Task BaseAgent_AsSemanticKernelAgent_KeepsItsThreadAndStreams()
    {
        using var ours = new CodeAgent([], context => Task.FromResult($"{context.Task.Messages.Count}:{context.Task.Input}"));
        var agent = ours.AsSemanticKernelAgent();
        var thread = new ChatHistoryAgentThread();

        await foreach (var reply in agent.InvokeAsync("one", thread))
            Assert.Equal("0:one", reply.Message.Content);
        await foreach (var part in agent.InvokeStreamingAsync("two", thread))
            Assert.Equal("2:two", part.Message.Content);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task BaseAgent_AsAnOrchestrationInvokesIt_TellsItsAnswer(bool streaming)
    {
        using var ours = new CodeAgent([], context => Task.FromResult($"heard {context.Task.Input}"));
        var agent = ours.AsSemanticKernelAgent();
        var told = new List<string?>();
        var options = new AgentInvokeOptions { OnIntermediateMessage = m => { told.Add($"{m.AuthorName}: {m.Content}"); return Task.CompletedTask; } };
        ChatMessageContent[] messages = [new(AuthorRole.User, "one"), new(AuthorRole.User, "two")];

        AgentThread? thread = null;
        if (streaming)
        {
            await foreach (var reply in agent.InvokeStreamingAsync(messages, thread, options))
                thread = reply.Thread;
        }
        else
        {
            await foreach (var reply in agent.InvokeAsync(messages, thread, options))
                thread = reply.Thread;
        }

        Assert.Equal(["code: heard two"], told);
        await thread!.DeleteAsync();
    }

    [Fact]
    public async Task BaseAgent_ThatFails_ThrowsToSemanticKernel()
    {
        using var ours = new CodeAgent([], _ => throw new InvalidOperationException("broken"));

        var error = await Assert.ThrowsAsync<AgentRunException>(async () =>
        {
            await foreach (var _ in ours.AsSemanticKernelAgent().InvokeAsync("one"))
            {
                // It throws before it says anything.
            }
        });

        Assert.Contains("broken", error.Message, StringComparison.Ordinal);
    }

    private static Task<Microsoft.Extensions.AI.ChatResponse> Answer(IReadOnlyList<Microsoft.Extensions.AI.ChatMessage> messages, CancellationToken cancellationToken) =>
        Task.FromResult(messages.Any(m => m.Role == Microsoft.Extensions.AI.ChatRole.Tool)
            ? new(new Microsoft.Extensions.AI.ChatMessage(Microsoft.Extensions.AI.ChatRole.Assistant, "done"))
            : ScriptedChatClient.CallReply(("money_pay", new { amount = 1 })));

    private static SemanticKernelAgent Wrap(Bank bank, string[] capabilities, Func<KernelFunction, ToolOptions?>? functions = null) => new(
        new ChatCompletionAgent
        {
            Name = "teller",
            Instructions = "You are a teller.",
            Kernel = bank.Kernel,
            Arguments = new KernelArguments(new PromptExecutionSettings { FunctionChoiceBehavior = FunctionChoiceBehavior.Auto() }),
        },
        new AgentMetadata("teller") { Capabilities = new CapabilitySet(capabilities) },
        functions);

    /// <summary>A kind of agent that Semantic Kernel doesn't have.</summary>
    private sealed class OwnAgent(Func<IReadOnlyCollection<ChatMessageContent>, string> answer) : Agent
    {
        public override async IAsyncEnumerable<AgentResponseItem<ChatMessageContent>> InvokeAsync(
            ICollection<ChatMessageContent> messages, AgentThread? thread = null, AgentInvokeOptions? options = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
        {
            await Task.Yield();
            yield return new(new ChatMessageContent(AuthorRole.Assistant, answer([.. messages])), new ChatHistoryAgentThread());
        }

        public override IAsyncEnumerable<AgentResponseItem<StreamingChatMessageContent>> InvokeStreamingAsync(
            ICollection<ChatMessageContent> messages, AgentThread? thread = null, AgentInvokeOptions? options = null, CancellationToken cancellationToken = default) => throw new NotSupportedException();

        protected override IEnumerable<string> GetChannelKeys() => ["own"];

        protected override Task<AgentChannel> CreateChannelAsync(CancellationToken cancellationToken) => throw new NotSupportedException();

        protected override Task<AgentChannel> RestoreChannelAsync(string channelState, CancellationToken cancellationToken) => throw new NotSupportedException();
    }
}
