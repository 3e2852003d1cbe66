using System.Runtime.CompilerServices;
using Microsoft.Extensions.AI;

namespace AgentCore.Tests.Teams.Trials;

/// <summary>A model that answers sense and nonsense, calls tools that are there and not there, fails, and gets stuck.</summary>
internal sealed class TrialModel(int seed, double trouble, TrialWorld world) : IChatClient
{
    private static readonly string[] Replies =
    [
        "yes", "no", "I don't know.", "APPROVED", "DONE", "m0", "m1", "m2 should go on", "m0, then m3", "VOTE: yes", "VOTE: no", "VOTE: maybe", "",
        """{"facts": ["f"], "plan": ["p"]}""", """{"done": false, "progress": true, "next": "m1", "instruction": "do"}""",
        """{"done": false, "progress": false, "next": "m0"}""", """{"done": true, "answer": "it is done"}""", """{"done": "perhaps"}""", "{ not json", "{\"next\": 7}",
    ];

    private readonly Lock _lock = new();
    private readonly Random _random = new(seed);

    public Task<ChatResponse> GetResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default) => world.WorkAsync(async () =>
    {
        int kind;
        double luck;
        string text;
        lock (_lock)
        {
            luck = _random.NextDouble();
            kind = _random.Next(12);
            text = Replies[_random.Next(Replies.Length)];
        }

        cancellationToken.ThrowIfCancellationRequested();
        if (luck < trouble)
        {
            switch (kind)
            {
                case 0:
                    await Task.Delay(Timeout.Infinite, cancellationToken);
                    break;
                case 1:
                    await world.Released.Task;
                    break;
                case 2:
                    throw new OperationCanceledException("The model gave up by itself.");
                default:
                    throw new HttpRequestException("The model is down.");
            }
        }

        if (kind == 3)
            await Task.Yield();
        AIContent content = kind switch
        {
            5 or 6 when options?.Tools is { Count: > 0 } tools => Call(tools[kind % tools.Count].Name, text),
            7 when luck < 0.5 => Call("no_such_tool", text),
            _ => new TextContent(text),
        };
        return new ChatResponse(new ChatMessage(ChatRole.Assistant, [content]))
        {
            Usage = new UsageDetails { InputTokenCount = 20, OutputTokenCount = 5, TotalTokenCount = 25 },
        };
    });

    public async IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        foreach (var update in (await GetResponseAsync(messages, options, cancellationToken)).ToChatResponseUpdates())
            yield return update;
    }

    public object? GetService(Type serviceType, object? serviceKey = null) => null;

    public void Dispose()
    {
        // Nothing is held.
    }

    private static FunctionCallContent Call(string tool, string text) =>
        new($"call {Guid.NewGuid():n}", tool, new Dictionary<string, object?> { ["to"] = text.StartsWith('m') ? text[..2] : "m1", ["text"] = text });
}
