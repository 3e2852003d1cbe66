using System.CommandLine;
using System.Globalization;

namespace AgentCore.Runner;

/// <summary>The options that commands share.</summary>
internal static class GlobalOptions
{
    public static Option<string[]> Input { get; } = new("--input", "-i")
    {
        Description = "A file or folder that agents may read; may be given more than once.",
        HelpName = "PATH",
        Recursive = true,
        Arity = ArgumentArity.OneOrMore,
    };

    public static Option<string?> Model { get; } = new("--model", "-m") { Description = "The model, as provider/model, or a provider's name for its default.", HelpName = "ID", Recursive = true };

    public static Option<string?> Workspace { get; } = new("--workspace", "-w") { Description = "The folder with agents, teams, settings and runs; the current folder without it.", HelpName = "DIR", Recursive = true };

    public static Option<string?> Store { get; } = new("--store") { Description = "The kind of store for a new workspace, such as file or litedb.", HelpName = "KIND", Recursive = true };

    public static Option<bool> Json { get; } = new("--json") { Description = "Write one JSON document to standard output, and nothing else.", Recursive = true };

    public static Option<string?> Budget { get; } = new("--budget") { Description = "The tokens that the run may use in all, such as 20000, 20k or 1.5m.", HelpName = "TOKENS", Recursive = true };

    public static Option<string?> MaxTurns { get; } = new("--max-turns") { Description = "The most turns of a team, or model calls of an agent.", HelpName = "N", Recursive = true };

    public static Option<bool> NoInput { get; } = new("--no-input") { Description = "Ask nothing: what a person must decide stops the run until it is decided.", Recursive = true };

    public static Option<bool> Yes { get; } = new("--yes", "-y") { Description = "Approve every tool call that asks for approval.", Recursive = true };

    public static IReadOnlyList<Option> All { get; } = [Input, Model, Workspace, Store, Json, Budget, MaxTurns, NoInput, Yes];

    /// <summary>The workspace's folder as it was given; the current one by default.</summary>
    public static string Folder(ParseResult parsed) => parsed.GetValue(Workspace) is not { } folder ? "."
        : string.IsNullOrWhiteSpace(folder) ? throw new UsageException("--workspace is empty; name a folder, or leave it out for the current one.") : folder;

    /// <summary>A number of tokens such as 20000, 20k or 1.5m.</summary>
    public static long? Tokens(string? text)
    {
        if (text is null)
            return null;

        var (digits, factor) = text.Length == 0 ? (text, 1m) : char.ToLowerInvariant(text[^1]) switch
        {
            'k' => (text[..^1], 1_000m),
            'm' => (text[..^1], 1_000_000m),
            _ => (text, 1m),
        };
        if (decimal.TryParse(digits, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number) && number * factor is >= 1 and <= long.MaxValue)
            return (long)(number * factor);

        throw new UsageException($"--budget is '{text}'; give a number of tokens, such as 20000, 20k or 1.5m.");
    }

    /// <summary>A whole number of 1 or more.</summary>
    public static int? Turns(string? text) => text is null ? null
        : int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var turns) && turns is >= 1 and <= 1_000_000 ? turns
        : throw new UsageException($"--max-turns is '{text}'; give a whole number from 1 to 1,000,000.");
}
