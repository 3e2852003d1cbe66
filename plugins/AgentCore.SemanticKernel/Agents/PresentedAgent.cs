using System.Runtime.CompilerServices;
using Microsoft.SemanticKernel;
using Microsoft.SemanticKernel.Agents;
using Microsoft.SemanticKernel.ChatCompletion;

namespace AgentCore.SemanticKernel;

/// <summary>Code as a Semantic Kernel agent: it is given what was said and answers with one message.</summary>
internal sealed class PresentedAgent : ChatHistoryAgent
{
    private readonly Func<ChatHistory, CancellationToken, Task<string>> _answer;

    public PresentedAgent(string name, string description, Func<ChatHistory, CancellationToken, Task<string>> answer)
    {
        Id = name;
        Name = name;
        Description = description;
        _answer = answer;
    }

    public override async IAsyncEnumerable<AgentResponseItem<ChatMessageContent>> InvokeAsync(
        ICollection<ChatMessageContent> messages,
        AgentThread? thread = null,
        AgentInvokeOptions? options = null,
        [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var history = await EnsureThreadExistsWithMessagesAsync(messages, thread, () => new ChatHistoryAgentThread(), cancellationToken).ConfigureAwait(false);
        var reply = await AnswerAsync(history.ChatHistory, cancellationToken).ConfigureAwait(false);
        await NotifyThreadOfNewMessage(history, reply, cancellationToken).ConfigureAwait(false);

        // Orchestrations take an agent's answer from here alone.
        if (options?.OnIntermediateMessage is { } told)
            await told(reply).ConfigureAwait(false);
        yield return new AgentResponseItem<ChatMessageContent>(reply, history);
    }

    public override async IAsyncEnumerable<AgentResponseItem<StreamingChatMessageContent>> InvokeStreamingAsync(
        ICollection<ChatMessageContent> messages,
        AgentThread? thread = null,
        AgentInvokeOptions? options = null,
        [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        await foreach (var reply in InvokeAsync(messages, thread, options, cancellationToken).ConfigureAwait(false))
            yield return new AgentResponseItem<StreamingChatMessageContent>(ToStreaming(reply.Message), reply.Thread);
    }

    protected override async IAsyncEnumerable<ChatMessageContent> InvokeAsync(
        ChatHistory history,
        KernelArguments? arguments = null,
        Kernel? kernel = null,
        [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        yield return await AnswerAsync(history, cancellationToken).ConfigureAwait(false);
    }

    protected override async IAsyncEnumerable<StreamingChatMessageContent> InvokeStreamingAsync(
        ChatHistory history,
        KernelArguments? arguments = null,
        Kernel? kernel = null,
        [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var reply = await AnswerAsync(history, cancellationToken).ConfigureAwait(false);
        yield return ToStreaming(reply);
        history.Add(reply);
    }

    /// <summary>Semantic Kernel's own way to save a chat is closed to agents of other assemblies.</summary>
    protected override Task<AgentChannel> RestoreChannelAsync(string channelState, CancellationToken cancellationToken) =>
        throw new NotSupportedException($"The chat of '{Name}' can't be restored by Semantic Kernel's serializer. Run it as a team with GroupChatProtocol, whose runs are kept and resumed.");

    private async Task<ChatMessageContent> AnswerAsync(ChatHistory history, CancellationToken cancellationToken) =>
        new(AuthorRole.Assistant, await _answer(history, cancellationToken).ConfigureAwait(false)) { AuthorName = Name };

    private static StreamingChatMessageContent ToStreaming(ChatMessageContent message) =>
        new(message.Role, message.Content) { AuthorName = message.AuthorName };
}
