using System.Text.Json;
using System.Text.Json.Serialization;

namespace AgentCore.Endurance;

/// <summary>A question over a project's documentation; without answers it is one that the documentation can't answer.</summary>
internal sealed record Question(
    [property: JsonPropertyName("project")] string Project,
    [property: JsonPropertyName("question")] string Text,
    [property: JsonPropertyName("answers")] IReadOnlyList<Answer> Answers)
{
    private static readonly JsonSerializerOptions Options = new() { PropertyNameCaseInsensitive = true };

    public bool IsAnswerable => Answers.Count > 0;

    /// <summary>Whether lines of a file touch a passage that answers.</summary>
    public bool IsAnsweredBy(string file, int line, int endLine) =>
        Answers.Any(answer => answer.File == file && line <= answer.To && endLine >= answer.From);

    public static IReadOnlyList<Question> Read(string path) =>
        [.. File.ReadLines(path).Where(line => line.Length > 0).Select(line => JsonSerializer.Deserialize<Question>(line, Options)!)];
}

/// <summary>A passage that answers a question.</summary>
internal sealed record Answer(
    [property: JsonPropertyName("file")] string File,
    [property: JsonPropertyName("from")] int From,
    [property: JsonPropertyName("to")] int To);
