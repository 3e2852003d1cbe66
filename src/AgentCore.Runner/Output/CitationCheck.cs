using System.Text.Json;
using AgentCore.Text;
using AgentCore.Tools;
using Microsoft.Extensions.AI;

namespace AgentCore.Runner.Output;

/// <summary>The citations of an answer, each read again in its file: what a model cites and what stands there are two things.
/// Without a tool that reads files none can be checked, and none is given.</summary>
internal sealed class CitationCheck
{
    private const string ReadTool = "files.read";

    // A quote may go on over the line's end.
    private const int LinesRead = 8;

    private readonly List<Citation> _good = [];
    private readonly List<(Citation, string)> _wrong = [];

    /// <summary>The citations that stand in their files at their lines, in the answer's order.</summary>
    public IReadOnlyList<Citation> Good => _good;

    /// <summary>Those that don't, and why.</summary>
    public IReadOnlyList<(Citation Citation, string Problem)> Wrong => _wrong;

    public static async Task<CitationCheck> OfAsync(string answer, ToolRegistry tools, CancellationToken cancellationToken)
    {
        var check = new CitationCheck();
        foreach (var citation in Citation.ParseAll(answer))
        {
            if (!tools.TryGet(ReadTool, out var read))
                check._wrong.Add((citation, $"there is no tool '{ReadTool}' to check it with"));
            else if (await ProblemAsync(citation, read, cancellationToken) is { } problem)
                check._wrong.Add((citation, problem));
            else
                check._good.Add(citation);
        }

        return check;
    }

    private static async Task<string?> ProblemAsync(Citation citation, Tool read, CancellationToken cancellationToken)
    {
        try
        {
            var arguments = new AIFunctionArguments { ["path"] = citation.File, ["startLine"] = citation.Line, ["endLine"] = citation.Line + LinesRead - 1 };
            var result = JsonSerializer.SerializeToElement(await read.Function.InvokeAsync(arguments, cancellationToken), AIJsonUtilities.DefaultOptions);
            var lines = result.GetProperty("lines").EnumerateArray().Select(l => l.GetProperty("text").GetString() ?? "").ToList();
            return citation.IsIn(lines, citation.Line) ? null : "the quote doesn't stand at this line";
        }
        catch (Exception e) when (e is AgentException or ArgumentException or IOException or KeyNotFoundException)
        {
            return e.Message;
        }
    }
}
