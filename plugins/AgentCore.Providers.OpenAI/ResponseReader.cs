using System.Text.Json;
using Microsoft.Extensions.AI;

namespace AgentCore.Providers.OpenAI;

/// <summary>Reads a whole answer.</summary>
internal static class ResponseReader
{
    /// <summary>The code of an <see cref="ErrorContent"/> that is the model's refusal, as Microsoft.Extensions.AI names it.</summary>
    public const string RefusalCode = "Refusal";

    /// <summary>Reads a completion.</summary>
    /// <exception cref="Models.ModelException">It is an error, or has no choice.</exception>
    public static ChatResponse Read(JsonElement root, IReadOnlyDictionary<string, string>? names, EndpointErrors errors)
    {
        errors.ThrowIfError(root);
        if (root.Items("choices").FirstOrDefault() is not { ValueKind: JsonValueKind.Object } choice || choice.Get("message") is not { } message)
            throw errors.Malformed("it has no choices[0].message", root.GetRawText());
        errors.ThrowIfError(choice);

        var calls = new ToolCallAssembler(names);
        calls.AddWhole(message);
        var reply = new ChatMessage(ChatRole.Assistant, Contents(message, calls)) { MessageId = Id(root), CreatedAt = root.Created() };
        return new ChatResponse(reply)
        {
            ResponseId = reply.MessageId,
            CreatedAt = reply.CreatedAt,
            ModelId = root.Text("model"),
            FinishReason = Finish(choice.FinishReason(), calls),
            Usage = root.Usage(),
        };
    }

    /// <summary>The answer's id. Where a server gives none, one is made, so that messages can be told apart.</summary>
    public static string Id(JsonElement root) => root.Text("id") is { Length: > 0 } id ? id : $"chatcmpl-{Guid.NewGuid():N}";

    /// <summary>Several servers say "stop" though there are calls.</summary>
    public static ChatFinishReason? Finish(ChatFinishReason? reason, ToolCallAssembler calls) =>
        !calls.IsEmpty && (reason is null || reason == ChatFinishReason.Stop) ? ChatFinishReason.ToolCalls : reason;

    /// <summary>A refusal, as content that survives JSON and is sent back as what it is.</summary>
    public static ErrorContent Refusal(string text) => new(text) { ErrorCode = RefusalCode };

    private static List<AIContent> Contents(JsonElement message, ToolCallAssembler calls)
    {
        List<AIContent> contents = [];
        if (message.ReasoningText() is { Length: > 0 } reasoning)
            contents.Add(new TextReasoningContent(WireText.Clean(reasoning)));
        if (message.ContentText() is { Length: > 0 } text)
            contents.Add(new TextContent(WireText.Clean(text)));
        if (message.Text("refusal") is { Length: > 0 } refusal)
            contents.Add(Refusal(refusal));
        contents.AddRange(calls.Build());
        return contents;
    }
}
