using System.Runtime.CompilerServices;
using Microsoft.Extensions.AI;

namespace AgentCore.Adapters.Objects.Migration;

/// <summary>Answers in place of a model while an agent is compared with its original: the same words for the same question, so that both sides hear alike; JSON where it is asked for, by its schema.</summary>
internal sealed class StandInClient : IChatClient
{
    /// <summary>Somebody asked it something.</summary>
    public bool Asked { get; private set; }

    public Task<ChatResponse> GetResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return Task.FromResult(new ChatResponse(new ChatMessage(ChatRole.Assistant, Answer(messages, options))));
    }

    public async IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        await Task.CompletedTask.ConfigureAwait(false);
        cancellationToken.ThrowIfCancellationRequested();
        yield return new ChatResponseUpdate(ChatRole.Assistant, Answer(messages, options));
    }

    public object? GetService(Type serviceType, object? serviceKey = null) => serviceKey is null && serviceType.IsInstanceOfType(this) ? this : null;

    public void Dispose()
    {
    }

    private string Answer(IEnumerable<ChatMessage> messages, ChatOptions? options)
    {
        Asked = true;
        if (options?.ResponseFormat is ChatResponseFormatJson json)
            return (json.Schema is { } schema ? SchemaSample.Of(schema) : null)?.ToJsonString() ?? "{}";
        return $"Answer to: {messages.LastOrDefault(m => m.Role == ChatRole.User)?.Text}";
    }
}
