using AgentCore.Agents;
using Microsoft.Extensions.AI;

namespace AgentCore.Benchmarks;

/// <summary>A turn of a chat agent above the raw client, journal off.</summary>
internal sealed class ChatRows : IRows
{
    public async IAsyncEnumerable<Row> MeasureAsync()
    {
        using var client = new InstantClient();
        using var agent = ChatAgent.Create("bench", client).WithInstructions("Be brief.").Build();
        var session = new AgentSession();
        var options = new RunOptions { Session = session };
        while (session.Messages.Count < 2_000)
            await agent.ExecuteAsync("hi", options);

        var turns = await Measure.TogetherAsync(
            10_000,
            async () => await client.GetResponseAsync(new List<ChatMessage>(1) { new(ChatRole.User, "hi") }),
            async () => await agent.ExecuteAsync("hi", new RunOptions { Session = new AgentSession() }),
            async () => await agent.ExecuteAsync("hi", options));
        yield return Row.Above("chat turn, fresh conversation", turns[1].Nanoseconds, "ns", turns[0].Nanoseconds, 1_000);
        yield return Row.Above("chat turn, fresh conversation, memory", turns[1].Bytes, "B", turns[0].Bytes, 2_500);
        yield return Row.RatioAtMost("chat turn, after turn 1,000", turns[2].Nanoseconds, "ns", turns[1].Nanoseconds, 1.25);
        yield return Row.RatioAtMost("chat turn, after turn 1,000, memory", turns[2].Bytes, "B", turns[1].Bytes, 1.25);

        using var caller = new InstantClient(callsTool: true);
        var function = AIFunctionFactory.Create((int n) => n, "noop");
        using var toolAgent = ChatAgent.Create("bench", caller).WithTool(function).Build();
        var calls = await Measure.TogetherAsync(
            10_000,
            () => RawToolTurnAsync(caller, function),
            async () => await toolAgent.ExecuteAsync("hi", new RunOptions { Session = new AgentSession() }));
        yield return Row.Above("chat turn with a tool call", calls[1].Nanoseconds, "ns", calls[0].Nanoseconds, 2_000);
        yield return Row.Above("chat turn with a tool call, memory", calls[1].Bytes, "B", calls[0].Bytes, 5_000);
    }

    private static async ValueTask RawToolTurnAsync(InstantClient client, AIFunction function)
    {
        var messages = new List<ChatMessage> { new(ChatRole.User, "hi") };
        var first = await client.GetResponseAsync(messages);
        var call = (FunctionCallContent)first.Messages[0].Contents[0];
        messages.Add(first.Messages[0]);
        messages.Add(new ChatMessage(ChatRole.Tool, [new FunctionResultContent(call.CallId, await function.InvokeAsync(new AIFunctionArguments(call.Arguments)))]));
        await client.GetResponseAsync(messages);
    }
}
