using Microsoft.SemanticKernel;
using Microsoft.SemanticKernel.ChatCompletion;

namespace AgentCore.SemanticKernel.Gate;

/// <summary>A completion service that is always given a kernel. Semantic Kernel's conversion gives none, and a service that is a chat client
/// inside then takes no notice of <c>autoInvoke: false</c>: its loop tries the calls that it should hand back.</summary>
internal sealed class HandingBackService(IChatCompletionService service) : IChatCompletionService
{
    private static readonly Kernel Empty = new();

    public IReadOnlyDictionary<string, object?> Attributes => service.Attributes;

    public Task<IReadOnlyList<ChatMessageContent>> GetChatMessageContentsAsync(
        ChatHistory chatHistory, PromptExecutionSettings? executionSettings = null, Kernel? kernel = null, CancellationToken cancellationToken = default) =>
        service.GetChatMessageContentsAsync(chatHistory, executionSettings, kernel ?? Empty, cancellationToken);

    public IAsyncEnumerable<StreamingChatMessageContent> GetStreamingChatMessageContentsAsync(
        ChatHistory chatHistory, PromptExecutionSettings? executionSettings = null, Kernel? kernel = null, CancellationToken cancellationToken = default) =>
        service.GetStreamingChatMessageContentsAsync(chatHistory, executionSettings, kernel ?? Empty, cancellationToken);
}
