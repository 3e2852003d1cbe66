using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Parsing;
using AgentCore.Hosting.Definitions;
using AgentCore.Runner.Commands;
using AgentCore.Runner.Output;

namespace AgentCore.Runner;

/// <summary>The command line: what there is, and how its errors are told.</summary>
internal static class CommandLine
{
    private const string Root = "agentcore";

    /// <summary>The program's own commands.</summary>
    public static IReadOnlyList<string> Names { get; } = ["run", "team", "runs", "models", "tools", "migrate", "errors", "doctor", "init"];

    public static async Task<int> RunAsync(string[] args, Terminal terminal, CancellationToken cancellationToken)
    {
        var exitCode = await CarryOutAsync(args, terminal, cancellationToken);
        if (terminal.OutputProblem is not { } problem)
            return exitCode;

        var isDone = exitCode == ExitCode.Done;
        var done = isDone ? " The command was carried out all the same; 'agentcore runs show last' shows what a run answered." : "";
        terminal.Note($"agentcore: Not all results could be written to standard output: {problem}{done}");
        return isDone ? ExitCode.Failed : exitCode;
    }

    private static async Task<int> CarryOutAsync(string[] args, Terminal terminal, CancellationToken cancellationToken)
    {
        var json = args.TakeWhile(a => a != "--").Contains("--json");
        try
        {
            var parsed = Create(terminal).Parse(args);
            if (parsed.CommandResult.Command.Name == Root && (parsed.Errors.Count > 0 || parsed.Action is HelpAction))
                parsed = (await PluginCommands.AddAsync(Create(terminal), parsed, terminal)).Parse(args);
            if (parsed.Errors.Count > 0)
                throw Explain(parsed);
            RefuseEmpty(parsed);

            return await parsed.InvokeAsync(Invocation(terminal), cancellationToken);
        }
        catch (Exception e)
        {
            var report = ErrorReport.From(e);
            report.Write(terminal, json);
            return report.ExitCode;
        }
    }

    // Not a RootCommand, which would take its name from the program's file.
    public static Command Create(Terminal terminal)
    {
        var root = new Command(Root, "Run agents and teams of agents, look at their runs, and resume them.")
        {
            RunCommand.Create(terminal),
            TeamCommand.Create(terminal),
            RunsCommand.Create(terminal),
            ModelsCommand.Create(terminal),
            ToolsCommand.Create(terminal),
            MigrateCommand.Create(terminal),
            ErrorsCommand.Create(terminal),
            DoctorCommand.Create(terminal),
            InitCommand.Create(terminal),
        };
        foreach (var option in GlobalOptions.All)
            root.Options.Add(option);
        root.Options.Add(new HelpOption { Recursive = true });
        root.Options.Add(new VersionOption());
        return root;
    }

    // Signals are the program's own affair, and exceptions are told by it.
    private static InvocationConfiguration Invocation(Terminal terminal) => new()
    {
        EnableDefaultExceptionHandler = false,
        ProcessTerminationTimeout = null,
        Output = terminal.Out,
        Error = terminal.Error.Profile.Out.Writer,
    };

    /// <summary>What is wrong with a command line, in our words: what, and what to write instead.</summary>
    private static UsageException Explain(ParseResult parsed)
    {
        var command = parsed.CommandResult.Command;
        var path = PathOf(parsed.CommandResult);
        var help = $"'{path} --help' shows how.";
        var unmatched = parsed.UnmatchedTokens.Count > 0 ? parsed.UnmatchedTokens[0] : null;
        if (unmatched is ['-', ..])
        {
            var options = Options(parsed.CommandResult);
            return new UsageException($"There is no option '{unmatched}'.{NearestName.Hint(unmatched, options)} {help}");
        }

        if (command.Subcommands.Count > 0)
        {
            var names = command.Subcommands.Select(c => c.Name).ToList();
            return new UsageException(unmatched is null
                ? $"'{path}' needs a command: {string.Join(", ", names)}. {help}"
                : $"There is no command '{path} {unmatched}'.{NearestName.Hint(unmatched, names)} The commands are: {string.Join(", ", names)}. {help}");
        }

        if (unmatched is not null)
            return new UsageException($"'{path}' takes no argument '{unmatched}'. If a task has several words, put it into quotes. {help}");

        var missing = command.Arguments.Where(a => a.Arity.MinimumNumberOfValues > 0 && parsed.GetResult(a) is null or { Tokens.Count: 0 }).Select(a => a.Name).ToList();
        return new UsageException(missing.Count > 0
            ? $"'{path}' needs {string.Join(" and ", missing)}. {help}"
            : $"{parsed.Errors[0].Message} {help}");
    }

    /// <summary>An answer may be empty; names, files and tasks may not.</summary>
    private static void RefuseEmpty(ParseResult parsed)
    {
        foreach (var argument in parsed.CommandResult.Command.Arguments.Where(a => a.Name != "TEXT"))
        {
            if (parsed.GetResult(argument)?.Tokens.Any(t => string.IsNullOrWhiteSpace(t.Value)) == true)
                throw new UsageException($"{argument.Name} is empty. '{PathOf(parsed.CommandResult)} --help' shows how.");
        }
    }

    private static List<string> Options(CommandResult command)
    {
        var names = new List<string>();
        for (SymbolResult? result = command; result is CommandResult { Command: var c }; result = result.Parent)
            names.AddRange(c.Options.SelectMany(o => o.Aliases.Append(o.Name)).Where(n => n.StartsWith("--", StringComparison.Ordinal)));
        return names;
    }

    private static string PathOf(CommandResult command)
    {
        var names = new List<string>();
        for (SymbolResult? result = command; result is CommandResult { Command: var c }; result = result.Parent)
            names.Insert(0, c.Name);
        return string.Join(' ', names);
    }
}
