using System.Text;
using System.Text.Json;
using AgentCore.Text;
using Microsoft.Extensions.AI;

namespace AgentCore.Offline;

/// <summary>Reads tool results of any shape: every object that has a file, a line and a text is a piece of evidence.</summary>
internal static class EvidenceReader
{
    private const int MaxDepth = 16;

    // How tools say that they failed, in a text.
    private const string ErrorMark = "Error: ";

    private static readonly string[] FileNames = ["file", "path", "filename", "source", "document", "uri", "url"];
    private static readonly string[] LineNames = ["line", "lineNumber", "line_number", "startLine", "start_line", "firstLine", "lineno"];
    private static readonly string[] TextNames = ["text", "content", "snippet", "passage", "quote", "body", "match"];
    private static readonly string[] HeadingNames = ["heading", "section", "title"];
    private static readonly string[] ScoreNames = ["score", "relevance", "rank_score"];

    /// <summary>Adds what a tool returned.</summary>
    public static void Read(FunctionResultContent result, EvidenceSet evidence)
    {
        if (result.Exception is { } exception)
        {
            evidence.AddError(exception.Message);
            return;
        }
        switch (result.Result)
        {
            case null:
                break;
            case JsonElement json:
                Read(JsonText.Whole(json), evidence);
                break;
            case string text:
                ReadText(text, evidence);
                break;
            case TextContent content:
                ReadText(content.Text, evidence);
                break;
            case IEnumerable<AIContent> contents:
                foreach (var content in contents.OfType<TextContent>()) ReadText(content.Text, evidence);
                break;
            default:
                Read(JsonSerializer.SerializeToElement(result.Result, AIJsonUtilities.DefaultOptions), evidence);
                break;
        }
    }

    /// <summary>Whether a result is the text of an error and nothing else. Longer texts may begin like one, as logs do.</summary>
    public static bool IsError(string text) => text.StartsWith(ErrorMark, StringComparison.Ordinal) && !text.AsSpan().TrimEnd().Contains('\n');

    /// <summary>Adds the citations of a text.</summary>
    public static void ReadCitations(string text, EvidenceSet evidence)
    {
        var citations = Citation.ParseAll(text);
        for (var i = 0; i < citations.Count; i++)
            evidence.Add(new Evidence(citations[i].File, citations[i].Line, citations[i].Quote, "", citations.Count - i));
    }

    private static void ReadText(string text, EvidenceSet evidence)
    {
        if (text.StartsWith(ErrorMark, StringComparison.Ordinal))
        {
            evidence.AddError(text.Split('\n')[0][ErrorMark.Length..]);
            if (IsError(text)) return;
        }
        if (text.AsSpan().TrimStart() is ['{' or '[', ..])
        {
            try
            {
                using var json = JsonDocument.Parse(Encoding.UTF8.GetBytes(text));
                Read(JsonText.Whole(json.RootElement), evidence);
                return;
            }
            catch (JsonException)
            {
                // Not JSON after all: read as prose below.
            }
        }
        var before = evidence.Pieces.Count;
        ReadCitations(text, evidence);
        if (evidence.Pieces.Count == before) ReadGrepLines(text, evidence);
    }

    // "docs/a.md:12: the text", as grep and its kin print it.
    private static void ReadGrepLines(string text, EvidenceSet evidence)
    {
        foreach (var line in text.Split('\n'))
        {
            var first = line.IndexOf(':', StringComparison.Ordinal);
            if (first <= 0) continue;
            var second = line.IndexOf(':', first + 1);
            if (second < 0 || !int.TryParse(line.AsSpan(first + 1, second - first - 1), out var number) || number < 1) continue;
            if (line[(second + 1)..].Trim() is { Length: > 0 } found) evidence.Add(new Evidence(line[..first].Trim(), number, found, "", 0));
        }
    }

    private static void Read(JsonElement json, EvidenceSet evidence, string file = "", int depth = 0)
    {
        if (depth > MaxDepth) return;
        if (json.ValueKind == JsonValueKind.Array)
        {
            foreach (var item in json.EnumerateArray()) Read(item, evidence, file, depth + 1);
        }
        else if (json.ValueKind == JsonValueKind.String && depth == 0)
        {
            ReadText(json.GetString()!, evidence);
        }
        else if (json.ValueKind == JsonValueKind.Object)
        {
            ReadObject(json, evidence, file, depth);
        }
    }

    private static void ReadObject(JsonElement json, EvidenceSet evidence, string file, int depth)
    {
        file = TextOf(json, FileNames) ?? file;
        var text = TextOf(json, TextNames);
        if (file.Length > 0 && text is not null && NumberOf(json, LineNames) is { } line and >= 1)
            evidence.Add(new Evidence(file, (int)line, text, TextOf(json, HeadingNames) ?? "", NumberOf(json, ScoreNames) ?? 0));

        if (TextOf(json, ["term"]) is { } term && NumberOf(json, ["passages"]) is { } count) evidence.AddFrequency(term, (int)count);
        else if (NumberOf(json, ["passages"]) is { } passages) evidence.Passages = Math.Max(evidence.Passages, (int)passages);
        if (TextOf(json, ["error"]) is { } error) evidence.AddError(error);

        foreach (var property in json.EnumerateObject())
            if (property.Value.ValueKind is JsonValueKind.Array or JsonValueKind.Object) Read(property.Value, evidence, file, depth + 1);
    }

    private static string? TextOf(JsonElement json, string[] names)
    {
        foreach (var property in json.EnumerateObject())
            if (property.Value.ValueKind == JsonValueKind.String && names.Contains(property.Name, StringComparer.OrdinalIgnoreCase)) return property.Value.GetString();
        return null;
    }

    private static double? NumberOf(JsonElement json, string[] names)
    {
        foreach (var property in json.EnumerateObject())
            if (property.Value.ValueKind == JsonValueKind.Number && names.Contains(property.Name, StringComparer.OrdinalIgnoreCase)) return property.Value.GetDouble();
        return null;
    }
}
