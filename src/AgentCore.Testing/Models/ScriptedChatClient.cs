using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.AI;

namespace AgentCore.Testing;

/// <summary>A model that says what a script says: replies, tool calls, delays, errors. It keeps what it was asked.</summary>
/// <example><c>new ScriptedChatClient("hello").ThenCall("files.read", new { path = "a.md" }).ThenReply("done")</c></example>
public sealed class ScriptedChatClient : IChatClient
{
    private readonly ConcurrentQueue<Func<IReadOnlyList<ChatMessage>, CancellationToken, Task<ChatResponse>>> _script = new();
    private readonly ConcurrentQueue<IReadOnlyList<ChatMessage>> _requests = new();
    private readonly TimeProvider _time;
    private Func<IReadOnlyList<ChatMessage>, ChatResponse>? _otherwise;
    private int _calls;

    /// <summary>Creates a scripted model.</summary>
    /// <param name="time">The clock that delays go by; null for the system's.</param>
    public ScriptedChatClient(TimeProvider? time = null) => _time = time ?? TimeProvider.System;

    /// <summary>Creates a scripted model with replies.</summary>
    /// <param name="replies">What it says, call by call.</param>
    public ScriptedChatClient(params IEnumerable<string> replies) : this((TimeProvider?)null)
    {
        ArgumentNullException.ThrowIfNull(replies);
        foreach (var reply in replies)
            ThenReply(reply);
    }

    /// <summary>What it was asked, call by call: copies of the messages.</summary>
    public IReadOnlyList<IReadOnlyList<ChatMessage>> Requests => [.. _requests];

    /// <summary>How often it was called.</summary>
    public int Calls => Volatile.Read(ref _calls);

    /// <summary>Adds a reply.</summary>
    /// <param name="text">What it says.</param>
    /// <param name="usage">The tokens that it reports; null for 10 in and 5 out.</param>
    public ScriptedChatClient ThenReply(string text, UsageDetails? usage = null) =>
        Then((_, _) => Task.FromResult(Reply(new ChatMessage(ChatRole.Assistant, text), usage)));

    /// <summary>Adds a reply that calls a tool.</summary>
    /// <param name="tool">The tool's name.</param>
    /// <param name="arguments">Its arguments: an object whose properties are their names; null for none.</param>
    public ScriptedChatClient ThenCall(string tool, object? arguments = null) => ThenCalls((tool, arguments));

    /// <summary>Adds a reply that calls several tools at once.</summary>
    /// <param name="calls">The tools and their arguments.</param>
    public ScriptedChatClient ThenCalls(params (string Tool, object? Arguments)[] calls)
    {
        ArgumentNullException.ThrowIfNull(calls);
        return Then((_, _) => Task.FromResult(CallReply(calls)));
    }

    /// <summary>Adds a failure.</summary>
    /// <param name="error">What it throws.</param>
    public ScriptedChatClient ThenThrow(Exception error) => Then((_, _) => Task.FromException<ChatResponse>(error));

    /// <summary>Adds a reply that takes its time.</summary>
    /// <param name="delay">How long, by the client's clock.</param>
    /// <param name="text">What it says.</param>
    public ScriptedChatClient ThenWait(TimeSpan delay, string text) => Then(async (_, cancellationToken) =>
    {
        await Task.Delay(delay, _time, cancellationToken).ConfigureAwait(false);
        return Reply(new ChatMessage(ChatRole.Assistant, text), null);
    });

    /// <summary>Adds a reply that depends on what it is asked.</summary>
    /// <param name="reply">Makes the reply.</param>
    public ScriptedChatClient Then(Func<IReadOnlyList<ChatMessage>, CancellationToken, Task<ChatResponse>> reply)
    {
        ArgumentNullException.ThrowIfNull(reply);
        _script.Enqueue(reply);
        return this;
    }

    /// <summary>What it says when the script is at its end; without this it throws then.</summary>
    /// <param name="reply">Makes the text of the reply from what it is asked.</param>
    public ScriptedChatClient Otherwise(Func<IReadOnlyList<ChatMessage>, string> reply)
    {
        ArgumentNullException.ThrowIfNull(reply);
        _otherwise = messages => Reply(new ChatMessage(ChatRole.Assistant, reply(messages)), null);
        return this;
    }

    /// <summary>A reply that calls tools.</summary>
    /// <param name="calls">The tools and their arguments.</param>
    public static ChatResponse CallReply(params (string Tool, object? Arguments)[] calls)
    {
        ArgumentNullException.ThrowIfNull(calls);
        var contents = calls.Select((c, i) => (AIContent)new FunctionCallContent($"call-{i}", c.Tool, ToDictionary(c.Arguments)));
        return Reply(new ChatMessage(ChatRole.Assistant, [.. contents]), null);
    }

    /// <inheritdoc/>
    public async Task<ChatResponse> GetResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        IReadOnlyList<ChatMessage> asked = [.. messages];
        _requests.Enqueue(asked);
        Interlocked.Increment(ref _calls);
        if (_script.TryDequeue(out var next))
            return await next(asked, cancellationToken).ConfigureAwait(false);

        return _otherwise?.Invoke(asked)
            ?? throw new InvalidOperationException($"The script of the model is at its end, after {Calls - 1} calls. The last message was: {asked[^1].Text}");
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var response = await GetResponseAsync(messages, options, cancellationToken).ConfigureAwait(false);
        foreach (var update in response.ToChatResponseUpdates())
        {
            // Text comes word by word, as real models send it.
            if (update.Contents is [TextContent text])
            {
                foreach (var word in Words(text.Text))
                    yield return new ChatResponseUpdate(update.Role, word) { MessageId = update.MessageId, ResponseId = update.ResponseId };
            }
            else
            {
                yield return update;
            }
        }
    }

    /// <inheritdoc/>
    public object? GetService(Type serviceType, object? serviceKey = null)
    {
        ArgumentNullException.ThrowIfNull(serviceType);
        if (serviceKey is not null)
            return null;
        return serviceType == typeof(ChatClientMetadata) ? new ChatClientMetadata("scripted", null, "scripted") : serviceType.IsInstanceOfType(this) ? this : null;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        // Nothing is held.
    }

    private static ChatResponse Reply(ChatMessage message, UsageDetails? usage) => new(message)
    {
        ModelId = "scripted",
        FinishReason = message.Contents.Any(c => c is FunctionCallContent) ? ChatFinishReason.ToolCalls : ChatFinishReason.Stop,
        Usage = usage ?? new UsageDetails { InputTokenCount = 10, OutputTokenCount = 5, TotalTokenCount = 15 },
    };

    private static Dictionary<string, object?>? ToDictionary(object? arguments) => arguments switch
    {
        null => null,
        IDictionary<string, object?> dictionary => new(dictionary),
        _ => JsonSerializer.SerializeToElement(arguments).EnumerateObject().ToDictionary(p => p.Name, p => (object?)p.Value),
    };

    private static IEnumerable<string> Words(string text)
    {
        var word = new StringBuilder();
        foreach (var c in text)
        {
            word.Append(c);
            if (c is not (' ' or '\n'))
                continue;
            yield return word.ToString();
            word.Clear();
        }

        if (word.Length > 0)
            yield return word.ToString();
    }
}
