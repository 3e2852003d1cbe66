using System.Text.Json;
using System.Text.RegularExpressions;

namespace AgentCore.Learning.BuiltIn;

/// <summary>Mends the ways in which models get JSON wrong: a fence and words around it, trailing and missing commas, single quotes,
/// unquoted names, comments, Python's constants, an end cut off. What can't be mended without a loss stays as it is, and so does
/// what is no JSON.</summary>
internal static partial class JsonRepair
{
    private const string Fence = "```";

    public static string Apply(string text)
    {
        if (text.AsSpan().IndexOfAny('{', '[') < 0 || IsJson(text.Trim()) || Document(text) is not { } document)
            return text;
        if (IsJson(document))
            return document;

        return new JsonMender(document).Mend() is { } mended && IsJson(mended) ? mended : text;
    }

    public static bool IsJson(string text)
    {
        try
        {
            using var document = JsonDocument.Parse(text);
            return true;
        }
        catch (Exception e) when (e is JsonException or ArgumentException)
        {
            // The latter for half of a surrogate pair.
            return false;
        }
    }

    /// <summary>The part of a reply that was meant as JSON; null where none was, or more than one.</summary>
    private static string? Document(string text)
    {
        var trimmed = text.Trim();
        if (trimmed[0] is '{' or '[' or '/')
            return trimmed;

        if (text.IndexOf(Fence, StringComparison.Ordinal) is >= 0 and var open)
        {
            var begin = FenceOfJson().Match(text, open) is { Success: true } fence ? open + fence.Length : -1;
            var end = text.IndexOf(Fence, open + Fence.Length, StringComparison.Ordinal);
            var isOnly = end < 0 || text.IndexOf(Fence, end + Fence.Length, StringComparison.Ordinal) < 0;
            return begin >= 0 && isOnly ? text[begin..(end < 0 ? text.Length : end)].Trim() : null;
        }

        // Prose may have a bracket or two: a citation, a placeholder.
        var start = text.AsSpan().IndexOfAny('{', '[');
        return text.Length - start > text.Length / 2 && ObjectWithName().IsMatch(text, start) ? text[start..].Trim() : null;
    }

    [GeneratedRegex("""\G```(?:json)?(?=\s|[{[])""", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex FenceOfJson();

    [GeneratedRegex("""\G(?:\[\s*)?\{\s*"[^"\n]*"\s*:""")]
    private static partial Regex ObjectWithName();
}
