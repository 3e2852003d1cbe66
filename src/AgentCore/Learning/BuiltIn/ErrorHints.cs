using System.Text.RegularExpressions;

namespace AgentCore.Learning.BuiltIn;

/// <summary>What errors speak of, by the words that services and libraries use.</summary>
internal static partial class ErrorHints
{
    public static bool Busy(AgentError error) => error.RetryAfter is not null || BusyWords().IsMatch(Text(error));

    public static bool TooLong(AgentError error) => TooLongWords().IsMatch(Text(error));

    public static bool Json(AgentError error) => JsonWords().IsMatch(Text(error));

    public static bool Broken(AgentError error) => BrokenWords().IsMatch(Text(error));

    public static bool Timeout(AgentError error) => TimeoutWords().IsMatch(Text(error));

    public static bool IsOfModel(AgentError error, ErrorSignature signature) =>
        signature.Place.Contains(": model ", StringComparison.Ordinal) || error.Type is "AgentCore.ModelSlip" or "AgentCore.Models.ModelException" || Json(error) || TooLong(error);

    private static string Text(AgentError error) => $"{ErrorMask.Cut(error.Type, ErrorMask.Looked)} {ErrorMask.Cut(error.Message, ErrorMask.Looked)}";

    [GeneratedRegex("""rate.?limit|too many requests|\b429\b|\b50[234]\b|overload|unavailable|temporar|\bbusy\b|locked|connection|unreachable|try again|capacity|throttl|timed? ?out""", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant, 1000)]
    private static partial Regex BusyWords();

    [GeneratedRegex("""context.?(length|window|size)|too (long|large|many tokens)|maximum (context|length|tokens)|token limit|exceed\w* .{0,40}tokens|\b413\b""", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant, 1000)]
    private static partial Regex TooLongWords();

    [GeneratedRegex("""json|unexpected (character|token|end)|expecting (value|property|',')|ModelSlip""", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant, 1000)]
    private static partial Regex JsonWords();

    [GeneratedRegex("""connection|disconnect|closed|broken pipe|\breset\b|disposed|not (initiali[sz]ed|connected|ready)|process|session|stale|corrupt""", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant, 1000)]
    private static partial Regex BrokenWords();

    [GeneratedRegex("""timeout|timed out|took longer|deadline""", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant, 1000)]
    private static partial Regex TimeoutWords();
}
