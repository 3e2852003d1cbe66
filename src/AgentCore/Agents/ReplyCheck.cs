using Microsoft.Extensions.AI;

namespace AgentCore.Agents;

/// <summary>Looks at replies that are no answer, or only a part of one: withheld, empty, cut off.</summary>
internal static class ReplyCheck
{
    /// <summary>What a reply ends the run with that was withheld, or cut off before it said anything; null for any other.</summary>
    public static AgentResult? EndOf(ChatResponse reply, string text, bool hasCalls)
    {
        if (reply.FinishReason == ChatFinishReason.ContentFilter)
            return Withheld("The server withheld the model's reply, in whole or in part (content_filter). Ask in other words, or change the server's filter.", text);
        if (hasCalls || !string.IsNullOrWhiteSpace(text))
            return null;
        if (Contents(reply).OfType<ErrorContent>().FirstOrDefault() is { } refusal)
            return Withheld($"The model refused: {refusal.Message}", text);

        return CutOff(reply) is { } cut && IsEmpty(reply) ? AgentResult.Limited(cut, text) : null;
    }

    /// <summary>Whether a reply says nothing: thoughts are for the model itself.</summary>
    public static bool IsEmpty(ChatResponse reply) => Contents(reply).All(c => c is TextReasoningContent or UsageContent
        || (c is TextContent text && string.IsNullOrWhiteSpace(text.Text)));

    /// <summary>That a reply was cut off; null where it wasn't.</summary>
    public static StopReason? CutOff(ChatResponse reply) => reply.FinishReason != ChatFinishReason.Length ? null : new StopReason(StopKind.MaxTokens,
        "The model's answer was cut off at the most tokens that a reply may have; raise ChatOptions.MaxOutputTokens (maxOutputTokens in a definition), or the server's own limit.");

    private static AgentResult Withheld(string why, string text) =>
        AgentResult.Failed(new AgentError("AgentCore.ModelWithheld", why) { Retryable = false }, text);

    private static IEnumerable<AIContent> Contents(ChatResponse reply) => reply.Messages.SelectMany(m => m.Contents);
}
