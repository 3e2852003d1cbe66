using System.Globalization;
using System.Text.RegularExpressions;
using AgentCore.Text;
using Microsoft.Extensions.AI;

namespace AgentCore.Offline;

/// <summary>Picks tools by matching a request with their names, descriptions and parameters, and fills in the arguments.</summary>
internal static partial class ToolPlan
{
    private const double EnoughMatch = 0.34;
    private static readonly HashSet<string> General = ["get", "tell", "set", "give", "show", "return", "make", "do", "fetch", "tool"];

    /// <summary>The tools of a request as shapes.</summary>
    public static IReadOnlyList<ToolShape> ShapesOf(ChatOptions? options) =>
        options?.Tools is { Count: > 0 } tools && options.ToolMode is not NoneChatToolMode
            ? [.. tools.OfType<AIFunctionDeclaration>().Select(ToolShape.Of)] : [];

    /// <summary>A search for something.</summary>
    public static FunctionCallContent Search(ToolShape tool, string query, int limit, string id)
    {
        var arguments = new Dictionary<string, object?>(StringComparer.Ordinal) { [tool.QueryParameter!.Name] = query };
        if (tool.FindLike("limit", "top", "count", "max") is { Type: "integer" or "number" } most && most != tool.QueryParameter) arguments[most.Name] = limit;
        return new FunctionCallContent(id, tool.Tool.Name, arguments);
    }

    /// <summary>Reading the lines around a place.</summary>
    public static FunctionCallContent Read(ToolShape tool, string file, int firstLine, int lastLine, string id)
    {
        var arguments = new Dictionary<string, object?>(StringComparer.Ordinal) { [tool.PathParameter!.Name] = file };
        if (tool.FindLike("start", "first", "from", "offset") is { Type: "integer" or "number" } first) arguments[first.Name] = firstLine;
        if (tool.FindLike("end", "last", "to_", "until") is { Type: "integer" or "number" } last) arguments[last.Name] = lastLine;
        return new FunctionCallContent(id, tool.Tool.Name, arguments);
    }

    /// <summary>
    /// The tool that a request speaks of, with its arguments: its name's and description's words in the request, and every
    /// required argument found there. <see langword="null"/> where none fits.
    /// </summary>
    public static FunctionCallContent? Match(IReadOnlyList<ToolShape> tools, string request, string id)
    {
        var query = TextQuery.Parse(request);
        FunctionCallContent? best = null;
        var most = EnoughMatch;
        foreach (var tool in tools)
        {
            var name = Share(tool.NameWords, query);
            var words = Share(tool.Words, query);
            var score = (0.7 * name) + (0.3 * words);
            if (score <= most || Fill(tool, request) is not { } arguments) continue;
            (best, most) = (new FunctionCallContent(id, tool.Tool.Name, arguments), score);
        }
        return best;
    }

    // "get" and "tell" stand in many tools' names: only the words that tell tools apart count.
    private static double Share(HashSet<string> words, TextQuery query)
    {
        var telling = words.Where(word => !General.Contains(word)).ToList();
        return telling.Count == 0 ? 0 : telling.Sum(word => query.Concepts.Select(concept => concept.WeightOf(word)).DefaultIfEmpty(0).Max()) / telling.Count;
    }

    private static Dictionary<string, object?>? Fill(ToolShape tool, string request)
    {
        var arguments = new Dictionary<string, object?>(StringComparer.Ordinal);
        var numbers = new Queue<string>(Number().Matches(request).Select(match => match.Value));
        var quoted = new Queue<string>(Quoted().Matches(request).Select(match => match.Groups[1].Value));
        foreach (var parameter in tool.Parameters)
        {
            object? value = parameter switch
            {
                { Choices.Count: > 0 } => parameter.Choices.FirstOrDefault(choice => request.Contains(choice, StringComparison.OrdinalIgnoreCase)),
                { Type: "integer" } => numbers.TryDequeue(out var whole) && long.TryParse(whole, NumberStyles.Integer, CultureInfo.InvariantCulture, out var number) ? number : null,
                { Type: "number" } => numbers.TryDequeue(out var real) && double.TryParse(real, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) ? number : null,
                { Type: "boolean", IsRequired: true } => false,
                { Type: "string" } when parameter == tool.PathParameter => PathLike().Match(request) is { Success: true } path ? path.Value : null,
                { Type: "string" } when quoted.TryDequeue(out var text) => text,
                { Type: "string" } when parameter == tool.QueryParameter && tool.IsSearch => request,
                { Type: "string", IsRequired: true } => Named().Match(request) is { Success: true } named ? named.Groups[1].Value : null,
                _ => null,
            };
            if (value is not null) arguments[parameter.Name] = value;
            else if (parameter.IsRequired) return null;
        }
        return arguments;
    }

    [GeneratedRegex(@"(?<![\w.])-?\d+(?:\.\d+)?(?![\w])")]
    private static partial Regex Number();

    [GeneratedRegex("""["“'`]([^"”'`\n]{1,400})["”'`]""")]
    private static partial Regex Quoted();

    [GeneratedRegex(@"[\w\-./]+\.\w{1,8}\b")]
    private static partial Regex PathLike();

    // "the weather in New York", "for Alice".
    [GeneratedRegex(@"\b(?:in|for|of|to|at|on|from|about|named|called)\s+((?:\p{Lu}[\w\-]*)(?:\s+\p{Lu}[\w\-]*)*)")]
    private static partial Regex Named();
}
