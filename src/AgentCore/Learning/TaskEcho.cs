using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace AgentCore.Learning;

/// <summary>Replaces what a message repeats of its task: the input, or a long part of it, and the texts of its data. Else an agent
/// that names its task in its errors would have an error for each task.</summary>
internal static partial class TaskEcho
{
    private const string Echo = "<text>";

    // Shorter ones are words of many messages, and are replaced only where they stand alone.
    private const int LeastWord = 4;
    private const int LeastPart = 20;

    private const int MostTexts = 50;
    private const int MostCharacters = 2 * ErrorMask.Looked;
    private const int LongestJson = 100_000;

    /// <summary>Masks a message that is masked otherwise: texts are compared as they look then, so that what was masked anyway
    /// stays as it is.</summary>
    public static string Mask(string message, AgentTask task)
    {
        var texts = Texts(task).Select(ErrorMask.Apply).Where(HasText).Distinct().OrderByDescending(t => t.Length).ToList();
        foreach (var text in texts)
            message = MaskWhole(message, text);
        foreach (var text in texts.Where(t => t.Length > LeastPart))
        {
            // A message of which nothing is left would be one with all others. A task may quote the very error.
            if (MaskParts(message, text) is var masked && HasText(masked))
                message = masked;
        }

        return message;
    }

    /// <summary>The texts of a task, of the first so many characters.</summary>
    private static List<string> Texts(AgentTask task)
    {
        var texts = new List<string>();
        var left = MostCharacters;
        try
        {
            Add(task.Input);
            if (task.Input.Length <= LongestJson && task.Input.AsSpan().TrimStart() is ['{' or '[', ..])
            {
                using var document = JsonDocument.Parse(task.Input);
                AddAll(document.RootElement);
            }
        }
        catch (JsonException)
        {
            // A text like any other.
        }

        foreach (var value in task.Data.Values)
            AddAll(value);
        return texts;

        void Add(string text)
        {
            var looked = ErrorMask.Cut(text, Math.Min(left, ErrorMask.Looked));
            left -= looked.Length;
            texts.Add(looked);
        }

        void AddAll(JsonElement root)
        {
            var open = new Stack<JsonElement>([root]);
            try
            {
                while (left > 0 && texts.Count < MostTexts && open.TryPop(out var value))
                {
                    if (value.ValueKind == JsonValueKind.String)
                        Add(value.GetString()!);
                    else if (value.ValueKind == JsonValueKind.Object)
                        Open(value.EnumerateObject().Select(p => p.Value));
                    else if (value.ValueKind == JsonValueKind.Array)
                        Open(value.EnumerateArray());
                }
            }
            catch (InvalidOperationException)
            {
                // A document that is disposed of, or half of a surrogate pair.
            }

            void Open(IEnumerable<JsonElement> values)
            {
                foreach (var value in values.Take(MostTexts))
                    open.Push(value);
            }
        }
    }

    private static string MaskWhole(string message, string text)
    {
        var masked = new StringBuilder();
        var copied = 0;
        for (var at = message.IndexOf(text, StringComparison.Ordinal); at >= 0;)
        {
            var end = at + text.Length;
            var isEcho = text.Length < LeastWord ? StandsAlone(message, at, end) : Begins(message, at) && Ends(message, end);
            if (isEcho)
            {
                masked.Append(message, copied, at - copied).Append(Echo);
                copied = end;
            }

            at = message.IndexOf(text, isEcho ? end : at + 1, StringComparison.Ordinal);
        }

        return masked.Append(message, copied, message.Length - copied).ToString();
    }

    private static string MaskParts(string message, string text)
    {
        var masked = new StringBuilder();
        var copied = 0;
        for (var at = 0; at + LeastPart <= message.Length; at++)
        {
            if (!Begins(message, at) || !IsEdge(message[at]) || text.AsSpan().IndexOf(message.AsSpan(at, LeastPart)) is not (>= 0 and var found))
                continue;

            var end = at + text.AsSpan(found).CommonPrefixLength(message.AsSpan(at));
            while (end > at && !(Ends(message, end) && IsEdge(message[end - 1])))
                end--;
            if (end - at < LeastPart || !HasText(message[at..end]))
                continue;

            masked.Append(message, copied, at - copied).Append(Echo);
            copied = end;
            at = end - 1;
        }

        return masked.Append(message, copied, message.Length - copied).ToString();
    }

    /// <summary>Whether something may begin here: not within a word, nor within what is masked already.</summary>
    private static bool Begins(string message, int at) =>
        at == 0 || (message[at - 1] != '<' && !(IsOfWord(message[at - 1]) && IsOfWord(message[at])));

    private static bool Ends(string message, int end) =>
        end == message.Length || (message[end] != '>' && message[end - 1] != '<' && !(IsOfWord(message[end - 1]) && IsOfWord(message[end])));

    /// <summary>Whether it is all of the message, or in brackets, or what is said after a colon: <c>(x)</c>, <c>unknown: x</c>.</summary>
    private static bool StandsAlone(string message, int at, int end)
    {
        if (at == 0)
            return end == message.Length;

        var begins = message[at - 1] is '(' or '[' or '{' or '=' || (at > 1 && message[at - 1] == ' ' && message[at - 2] is ':' or '=');
        return begins && message.AsSpan(end) is [] or [')' or ']' or '}' or ',' or ';', ..] or ['.'] or ['.', ' ', ..];
    }

    /// <summary>Whether a part may begin or end with it: with a word, or with what is masked.</summary>
    private static bool IsEdge(char c) => IsOfWord(c) || c is '<' or '>';

    private static bool IsOfWord(char c) => char.IsLetterOrDigit(c) || c == '_';

    /// <summary>Whether something is left besides what is masked.</summary>
    private static bool HasText(string text) => Masked().Replace(text, "").AsSpan().Trim(" .,;:()[]").Length > 0;

    [GeneratedRegex("<(?:secret|url|text|path|id|time|n)>")]
    private static partial Regex Masked();
}
