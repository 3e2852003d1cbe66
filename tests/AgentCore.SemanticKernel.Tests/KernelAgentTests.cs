using AgentCore.Agents;
using AgentCore.Checkpoints;
using AgentCore.Testing;
using AgentCore.Tools;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.SemanticKernel;
using Microsoft.SemanticKernel.ChatCompletion;

namespace AgentCore.SemanticKernel.Tests;

public class KernelAgentTests
{
    [Fact]
    public void Create_KernelWithoutAModel_SaysSo()
    {
        var error = Assert.Throws<ArgumentException>(() => new KernelAgent(new AgentMetadata("a"), new Kernel()));

        Assert.Contains("no chat service", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Create_UnknownService_NamesIt()
    {
        var error = Assert.Throws<ArgumentException>(() => new KernelAgent(new AgentMetadata("a"), new Bank().Kernel, new KernelAgentOptions { ServiceId = "none" }));

        Assert.Contains("'none'", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_ModelCallsAFunctionThatIsNotAllowed_IsToldAndNothingRuns()
    {
        var bank = new Bank(new ScriptedChatClient().ThenCall("money_pay", new { amount = 1 }).ThenReply("sorry"));

        var result = await Agent(bank, []).ExecuteAsync("pay");

        Assert.Equal("sorry", result.EnsureDone().Output);
        Assert.Equal(0, bank.Paid);
        Assert.Contains("money_pay", $"{Results(bank.Model.Requests[1]).Single()}", StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_ModelsOwnLoop_DoesNotCallPastTheGate()
    {
        // The client of the kernel has a loop of its own that would call the function; two calls prove that ours did.
        var bank = new Bank(new ScriptedChatClient().ThenCall("money_pay", new { amount = 1 }).ThenReply("done"));
        var events = new List<AgentEvent>();

        var result = await Agent(bank, ["money.*"]).ExecuteAsync("pay", new RunOptions { OnEvent = events.Add });

        Assert.Equal("done", result.EnsureDone().Output);
        Assert.Equal(1, bank.Paid);
        Assert.Equal(["model", "tool", "model"], events.OfType<StepFinishedEvent>().Select(e => e.Kind));
        Assert.Equal(30, result.Usage!.TotalTokenCount);
    }

    [Fact]
    public async Task Run_OverItsTokens_Stops()
    {
        var bank = new Bank(new ScriptedChatClient().ThenCall("money_pay", new { amount = 1 }).ThenReply("never"));

        var result = await Agent(bank, ["money.*"]).ExecuteAsync("pay", new RunOptions { MaxTokens = 10 });

        Assert.Equal(RunStatus.Limited, result.Status);
        Assert.Equal(1, bank.Model.Calls);
    }

    [Theory]
    [InlineData(false, false)]
    [InlineData(true, false)]
    [InlineData(false, true)]
    [InlineData(true, true)]
    public async Task Run_NativeFunctionThatAsksTheModel_IsCountedInItsStep(bool journalled, bool streaming)
    {
        var bank = new Bank(new ScriptedChatClient().ThenCall("asks_model").ThenReply("from inside").ThenReply("done"));
        bank.Kernel.Plugins.Add(KernelPluginFactory.CreateFromFunctions("asks", [KernelFunctionFactory.CreateFromMethod(Ask, "model")]));
        var steps = new List<(string Kind, long? Tokens)>();
        var store = journalled ? new MemoryCheckpointStore() : null;

        var result = await Agent(bank, ["asks.model"]).ExecuteAsync("go", new RunOptions
        {
            Store = store,
            OnEvent = journalled ? e => { if (e is StepFinishedEvent s) steps.Add((s.Kind, s.Usage?.TotalTokenCount)); } : null,
        });

        Assert.Equal("done", result.EnsureDone().Output);
        Assert.Equal(45, result.Usage!.TotalTokenCount);
        if (store is null)
            return;

        Assert.Equal([("model", 15L), ("tool", 15L), ("model", 15L)], steps);
        Assert.Equal(45, (await Agent(bank, ["asks.model"]).ReplayAsync(result.RunId!, new RunOptions { Store = store })).Replayed.Usage!.TotalTokenCount);

        async Task<string> Ask(Kernel kernel)
        {
            if (!streaming)
                return $"{await kernel.InvokePromptAsync("hello")}";
            var text = "";
            await foreach (var part in kernel.InvokePromptStreamingAsync("hello"))
                text += part;
            return text;
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Run_NativeFunctionThatAsksTheModelOnAndOn_IsHeldToTheBudget(bool journalled)
    {
        var bank = new Bank(new ScriptedChatClient().ThenCall("asks_model").Otherwise(_ => "more"));
        bank.Kernel.Plugins.Add(KernelPluginFactory.CreateFromFunctions("asks", [KernelFunctionFactory.CreateFromMethod(
            async (Kernel kernel) =>
            {
                for (var i = 0; i < 100; i++)
                    await kernel.InvokePromptAsync("hello");
            },
            "model")]));

        var result = await Agent(bank, ["asks.model"]).ExecuteAsync("go", new RunOptions { MaxTokens = 40, Store = journalled ? new MemoryCheckpointStore() : null });

        Assert.Equal(RunStatus.Limited, result.Status);
        Assert.Equal(3, bank.Model.Calls);
    }

    [Fact]
    public async Task Run_CancelledInTheModel_IsCancelled()
    {
        using var source = new CancellationTokenSource();
        var bank = new Bank(new ScriptedChatClient().Then(async (_, token) =>
        {
            await source.CancelAsync();
            token.ThrowIfCancellationRequested();
            return new ChatResponse();
        }));

        Assert.Equal(RunStatus.Cancelled, (await Agent(bank, []).ExecuteAsync("go", source.Token)).Status);
    }

    [Fact]
    public async Task Run_FromAnyPrefixOfItsJournal_ResumesRight()
    {
        var result = await ReplayCheck.EnsureAsync(
            () => Agent(
                new Bank(new ScriptedChatClient().Then((messages, _) => Task.FromResult(Results(messages).Any()
                    ? new ChatResponse(new ChatMessage(ChatRole.Assistant, $"the bank says: {Results(messages).Last()}"))
                    : ScriptedChatClient.CallReply(("money_pay", new { amount = 7 })))).Otherwise(messages => $"the bank says: {Results(messages).Last()}")),
                ["money.*"],
                new KernelAgentOptions { Instructions = "You serve {{$name}} and know that {{money.pay amount='3'}}.", Arguments = new() { ["name"] = "Ann" }, Functions = _ => new ToolOptions { Repeatable = true } }),
            "pay 7");

        Assert.Contains("paid 7", result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Instructions_WithATemplate_AreRenderedThroughTheGate()
    {
        var bank = new Bank(new ScriptedChatClient("hello"));
        var events = new List<AgentEvent>();
        var agent = Agent(bank, ["money.*"], new KernelAgentOptions
        {
            Instructions = "Serve {{$name}} of {{$city}}; {{money.pay amount='3'}}.",
            Arguments = new() { ["name"] = "Ann" },
        });

        var result = await agent.ExecuteAsync(new AgentTask("hi").With("city", "Ulm"), new RunOptions { Store = new MemoryCheckpointStore(), OnEvent = events.Add });

        Assert.Equal("hello", result.EnsureDone().Output);
        Assert.Equal("Serve Ann of Ulm; paid 3.", bank.Instructions[0]);
        Assert.Equal(["tool", "model"], events.OfType<StepFinishedEvent>().Select(e => e.Kind));

        var denied = await Agent(bank, [], agent.Settings).ExecuteAsync("hi");
        Assert.Equal(RunStatus.Failed, denied.Status);
        Assert.Equal(1, bank.Paid);
    }

    [Fact]
    public async Task PromptFunction_CalledByTheModel_HoldsStepsOfItsOwn()
    {
        var bank = new Bank(new ScriptedChatClient().ThenCall("words_short", new { text = "long" }).ThenReply("short!").ThenReply("done"));
        bank.Kernel.Plugins.Add(KernelPluginFactory.CreateFromFunctions("words", [KernelFunctionFactory.CreateFromPrompt("Shorten {{$text}}, {{money.pay amount='2'}}", functionName: "short")]));
        var events = new List<AgentEvent>();

        var result = await Agent(bank, ["words.*", "money.*"]).ExecuteAsync("go", new RunOptions { Store = new MemoryCheckpointStore(), OnEvent = events.Add });

        Assert.Equal("done", result.EnsureDone().Output);
        Assert.Equal(["model", "tool", "model", "model"], events.OfType<StepFinishedEvent>().Select(e => e.Kind));
        Assert.Equal("Shorten long, paid 2", bank.Model.Requests[1][^1].Text);
        Assert.Equal("short!", $"{Results(bank.Model.Requests[2]).Single()}");
        Assert.Equal(45, result.Usage!.TotalTokenCount);
    }

    [Fact]
    public async Task PromptFunction_WhoseTemplateCallsWhatIsNotAllowed_FailsWithoutCallingIt()
    {
        var bank = new Bank(new ScriptedChatClient().ThenCall("words_short", new { text = "long" }).ThenReply("done"));
        bank.Kernel.Plugins.Add(KernelPluginFactory.CreateFromFunctions("words", [KernelFunctionFactory.CreateFromPrompt("{{money.pay amount='2'}}", functionName: "short")]));

        var result = await Agent(bank, ["words.*"]).ExecuteAsync("go");

        Assert.Equal("done", result.EnsureDone().Output);
        Assert.Equal(0, bank.Paid);
        Assert.Equal(2, bank.Model.Calls);
    }

    [Fact]
    public async Task PromptFunction_ThatCallsItself_IsStopped()
    {
        var bank = new Bank(new ScriptedChatClient().ThenCall("words_loop").ThenReply("done"));
        bank.Kernel.Plugins.Add(KernelPluginFactory.CreateFromFunctions("words", [KernelFunctionFactory.CreateFromPrompt("{{words.loop}}", functionName: "loop")]));

        var result = await Agent(bank, ["words.*"]).ExecuteAsync("go");

        Assert.Equal("done", result.EnsureDone().Output);
        Assert.Contains("16 functions deep", $"{Results(bank.Model.Requests[1]).Single()}", StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Function_ThatNeedsApproval_WaitsForADecision(bool prompt)
    {
        var bank = new Bank(new ScriptedChatClient().ThenCall(prompt ? "words_short" : "money_pay", new { amount = 1 }).ThenReply("done"));
        bank.Kernel.Plugins.Add(KernelPluginFactory.CreateFromFunctions("words", [KernelFunctionFactory.CreateFromPrompt("{{money.pay amount='2'}}", functionName: "short")]));
        var agent = Agent(bank, ["*"], new KernelAgentOptions { Functions = f => new ToolOptions { Approval = f.PluginName == (prompt ? "words" : "money") } });

        var result = await agent.ExecuteAsync("go", new RunOptions { Store = new MemoryCheckpointStore() });

        Assert.Equal(RunStatus.NeedsDecision, result.Status);
        Assert.Equal(0, bank.Paid);
        Assert.Equal(1, bank.Model.Calls);
    }

    [Fact]
    public async Task Session_GoesOnOverRuns_AndIsKept()
    {
        var store = new MemoryCheckpointStore();
        var bank = new Bank(new ScriptedChatClient("one", "two"));
        var session = new AgentSession();
        var agent = Agent(bank, []);

        await agent.ExecuteAsync("first", new RunOptions { Session = session, Store = store });
        await agent.ExecuteAsync("second", new RunOptions { Session = session, Store = store });

        Assert.Equal(["first", "one", "second"], bank.Model.Requests[1].Select(m => m.Text));
        Assert.Equal(["first", "one", "second", "two"], (await AgentSession.LoadAsync(store, session.Id)).Messages.Select(m => m.Text));
    }

    [Fact]
    public async Task CompletionService_OfTheKernel_IsTheModel()
    {
        var service = new ScriptedChatClient().ThenCall("money_pay", new { amount = 4 }).ThenReply("done").AsChatCompletionService();
        var bank = new Bank(configure: b => b.Services.AddSingleton(service));

        var result = await Agent(bank, ["money.*"]).ExecuteAsync("go");

        Assert.Equal("done", result.EnsureDone().Output);
        Assert.Equal(1, bank.Paid);
        Assert.Equal(0, bank.Model.Calls);
    }

    [Fact]
    public async Task RegistryOfAnyAgent_TakesAKernelsFunctions()
    {
        var bank = new Bank();
        bank.Kernel.Plugins.Add(KernelPluginFactory.CreateFromFunctions("shop", [KernelFunctionFactory.CreateFromMethod(async (Kernel kernel) => $"{await kernel.InvokeAsync("money", "pay", GateTests.Arguments())}", "buy")]));
        var model = new ScriptedChatClient().ThenCall("shop_buy").ThenReply("done");

        foreach (var (nested, paid) in new (CapabilitySet?, int)[] { (null, 0), (new CapabilitySet(["money.pay"]), 1) })
        {
            var tools = new ToolRegistry().AddKernel(bank.Kernel, nested);
            using var client = new ScriptedChatClient().ThenCall("shop_buy").ThenReply("done");
            using var agent = new ChatAgent(new AgentMetadata("a") { Capabilities = new CapabilitySet(["shop.*"]) }, client, null, new AgentOptions { Tools = tools });
            Assert.Equal("done", (await agent.ExecuteAsync("go")).EnsureDone().Output);
            Assert.Equal(paid, bank.Paid);
        }
    }

    private static KernelAgent Agent(Bank bank, string[] capabilities, KernelAgentOptions? options = null) =>
        new(new AgentMetadata("teller") { Capabilities = new CapabilitySet(capabilities) }, bank.Kernel, options);

    private static IEnumerable<object?> Results(IReadOnlyList<ChatMessage> messages) =>
        messages.SelectMany(m => m.Contents).OfType<Microsoft.Extensions.AI.FunctionResultContent>().Select(r => r.Result);
}
