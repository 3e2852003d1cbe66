using System.Text.Json;
using Microsoft.Extensions.AI;

namespace AgentCore.Providers.OpenAI;

/// <summary>Reads what servers send without minding what is missing, null or of another type: compatible servers differ in
/// just these, and an SDK that insists throws on a good answer.</summary>
internal static class WireJson
{
    public static JsonElement? Get(this JsonElement element, string name) =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out var value) && value.ValueKind != JsonValueKind.Null ? value : null;

    public static string? Text(this JsonElement element, string name) =>
        element.RawText(name) is { } text ? WireText.Clean(text) : null;

    /// <summary>A text that may begin or end with half a surrogate pair, as a delta's may.</summary>
    public static string? RawText(this JsonElement element, string name) =>
        element.Get(name) is { ValueKind: JsonValueKind.String } value ? WireText.ReadRaw(value) : null;

    public static long? Number(this JsonElement element, string name)
    {
        if (element.Get(name) is not { ValueKind: JsonValueKind.Number } value)
            return null;
        if (value.TryGetInt64(out var whole))
            return whole;

        return value.TryGetDouble(out var number) && Math.Abs(number) < long.MaxValue ? (long)number : null;
    }

    public static IEnumerable<JsonElement> Items(this JsonElement element, string name) =>
        element.Get(name) is { ValueKind: JsonValueKind.Array } array ? array.EnumerateArray() : [];

    public static DateTimeOffset? Created(this JsonElement element) =>
        element.Number("created") is { } seconds and > 0 and < 253402300800 ? DateTimeOffset.FromUnixTimeSeconds(seconds) : null;

    /// <summary>The finish reason in the field's words; null where there is none yet (some servers send "" or a blank).</summary>
    public static ChatFinishReason? FinishReason(this JsonElement choice) => choice.Text("finish_reason")?.Trim() switch
    {
        null or "" => null,
        "stop" or "eos" or "eos_token" or "end_turn" or "stop_sequence" => ChatFinishReason.Stop,
        "length" or "max_tokens" => ChatFinishReason.Length,
        "tool_calls" or "function_call" or "tool_use" => ChatFinishReason.ToolCalls,
        "content_filter" => ChatFinishReason.ContentFilter,
        var other => new ChatFinishReason(other),
    };

    public static UsageDetails? Usage(this JsonElement element)
    {
        if (element.Get("usage") is not { ValueKind: JsonValueKind.Object } usage)
            return null;

        var details = new UsageDetails
        {
            InputTokenCount = usage.Tokens("prompt_tokens"),
            OutputTokenCount = usage.Tokens("completion_tokens"),
            TotalTokenCount = usage.Tokens("total_tokens"),
            // DeepSeek has a name of its own for what the cache held.
            CachedInputTokenCount = usage.Get("prompt_tokens_details")?.Tokens("cached_tokens") ?? usage.Tokens("prompt_cache_hit_tokens"),
            ReasoningTokenCount = usage.Get("completion_tokens_details")?.Tokens("reasoning_tokens"),
        };
        details.TotalTokenCount ??= details.InputTokenCount + details.OutputTokenCount;
        return details.TotalTokenCount is null && details.InputTokenCount is null && details.OutputTokenCount is null ? null : details;
    }

    /// <summary>A count of tokens. One below 0 is none, and one that no answer can have is cut, so that sums don't overflow.</summary>
    private static long? Tokens(this JsonElement element, string name)
    {
        if (element.Get(name) is not { ValueKind: JsonValueKind.Number } value || !value.TryGetDouble(out var count) || count < 0)
            return null;

        return (long)Math.Min(count, int.MaxValue);
    }

    /// <summary>The words in a message's or delta's <c>content</c>: a string, or (Mistral) a list of parts. Raw, as is reasoning.</summary>
    public static string? ContentText(this JsonElement message) => message.Get("content") switch
    {
        { ValueKind: JsonValueKind.String } text => WireText.ReadRaw(text),
        { ValueKind: JsonValueKind.Array } parts => string.Concat(parts.EnumerateArray().Select(part => part.RawText("text"))),
        _ => null,
    };

    /// <summary>The model's reasoning, which servers send under either name.</summary>
    public static string? ReasoningText(this JsonElement message) => message.RawText("reasoning_content") ?? message.RawText("reasoning");
}
