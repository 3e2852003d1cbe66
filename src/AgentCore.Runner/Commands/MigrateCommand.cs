using System.CommandLine;
using System.Globalization;
using AgentCore.Adapters.Objects.Migration;
using AgentCore.Runner.Output;

namespace AgentCore.Runner.Commands;

/// <summary><c>agentcore migrate scan|wrap|verify</c>: agents that are there already, of any .NET class.</summary>
internal static class MigrateCommand
{
    private static readonly Argument<string[]> Paths = new("PATH")
    {
        Description = "Assemblies, folders of assemblies, or inventories (.jsonl).",
        Arity = ArgumentArity.OneOrMore,
    };

    private static readonly Option<string[]> Types = new("--type") { Description = "Only these classes, by name or full name, with * and ?.", HelpName = "NAME", Arity = ArgumentArity.OneOrMore };
    private static readonly Option<string[]> Bases = new("--base") { Description = "Classes of this base class or interface are agents too.", HelpName = "NAME", Arity = ArgumentArity.OneOrMore };
    private static readonly Option<string[]> References = new("--reference") { Description = "A further folder in which dependencies lie.", HelpName = "DIR", Arity = ArgumentArity.OneOrMore };
    private static readonly Option<string?> Tasks = new("--tasks") { Description = "A file of tasks to compare with, one on each line: a text, or JSON with 'input', and 'data' and 'agent' where they matter.", HelpName = "FILE" };
    private static readonly Option<string[]> Task = new("--task") { Description = "A task to compare with; may be given more than once.", HelpName = "TEXT", Arity = ArgumentArity.OneOrMore };
    private static readonly Option<int> Seconds = new("--timeout") { Description = "The longest that one side may take for a task, in seconds.", HelpName = "SECONDS", DefaultValueFactory = _ => 10 };
    private static readonly Option<int?> Parallel = new("--parallel") { Description = "How many agents at once.", HelpName = "N" };

    public static Command Create(Terminal terminal) => new("migrate", "Find, wrap and compare agents that are there already, of any .NET class.")
    {
        Scan(terminal),
        Wrap(terminal),
        Verify(terminal),
    };

    private static Command Scan(Terminal terminal)
    {
        var html = new Option<string?>("--html") { Description = "Write the report as a page, too.", HelpName = "FILE" };
        var inventory = new Option<string?>("--inventory") { Description = "Write the inventory, too: a JSON line an agent.", HelpName = "FILE" };
        var command = new Command("scan", "Find agent classes and say what it takes to wrap each. Runs nothing of them.") { Paths, Types, Bases, References, html, inventory };
        command.SetAction((parsed, cancellationToken) =>
        {
            var report = new MigrationScanner(Scanned(parsed)).Scan(parsed.GetRequiredValue(Paths), cancellationToken);
            if (parsed.GetValue(html) is { } page)
                File.WriteAllText(page, report.ToHtml());
            if (parsed.GetValue(inventory) is { } list)
                File.WriteAllText(list, report.ToInventory());
            terminal.Out.Write(parsed.GetValue(GlobalOptions.Json) ? report.ToJson() + "\n" : report.ToTable());
            return System.Threading.Tasks.Task.FromResult(ExitCode.Done);
        });
        return command;
    }

    private static Command Wrap(Terminal terminal)
    {
        var verify = new Option<bool>("--verify") { Description = "Run each agent and its original on a task, and compare. This runs their code." };
        var overwrite = new Option<bool>("--overwrite") { Description = "Begin anew, and write over bindings that are there." };
        var command = new Command("wrap", "Write bindings into the workspace's agents folder. Goes on where it was stopped.")
        {
            Paths, Types, Bases, References, verify, overwrite, Tasks, Task, Seconds, Parallel,
        };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var comparison = parsed.GetValue(verify) ? Comparison(parsed) : null;
            using var quiet = comparison is null ? null : new QuietConsole();
            var options = Options(parsed, terminal, comparison) with { Scan = Scanned(parsed), Overwrite = parsed.GetValue(overwrite) };
            var report = await new MigrationEngine(options).RunAsync(parsed.GetRequiredValue(Paths), cancellationToken);
            return Tell(parsed, terminal, report);
        });
        return command;
    }

    private static Command Verify(Terminal terminal)
    {
        var names = new Argument<string[]>("AGENT") { Description = "The agents; all wrapped ones without it.", Arity = ArgumentArity.ZeroOrMore };
        var recorded = new Option<bool>("--recorded") { Description = $"Compare with the tasks of each agent's newest runs in this workspace, up to {MigrationTasks.MostRecorded}." };
        var command = new Command("verify", "Run wrapped agents and their originals on tasks, and compare results, errors and times.") { names, Tasks, Task, recorded, Seconds, Parallel };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            using var quiet = new QuietConsole();
            var comparison = Comparison(parsed);
            if (parsed.GetValue(recorded))
            {
                await using var session = Session.Open(parsed, terminal);
                await using var store = await session.ReadStoreAsync(cancellationToken);
                comparison = comparison with { TasksOf = await MigrationTasks.WithRecordedAsync(comparison.TasksOf, store, cancellationToken) };
            }

            var engine = new MigrationEngine(Options(parsed, terminal, comparison));
            return Tell(parsed, terminal, await engine.VerifyAsync(parsed.GetValue(names) ?? [], cancellationToken));
        });
        return command;
    }

    private static ScanOptions Scanned(ParseResult parsed) => new()
    {
        Types = parsed.GetValue(Types) ?? [],
        Bases = parsed.GetValue(Bases) ?? [],
        References = parsed.GetValue(References) ?? [],
    };

    private static MigrationOptions Options(ParseResult parsed, Terminal terminal, VerifyOptions? verify)
    {
        var options = new MigrationOptions
        {
            Workspace = parsed.GetValue(GlobalOptions.Workspace) ?? ".",
            Verify = verify,
            Progress = new Progress(terminal),
        };
        return parsed.GetValue(Parallel) is { } parallel ? options with { Parallelism = parallel } : options;
    }

    private static VerifyOptions Comparison(ParseResult parsed)
    {
        var seconds = parsed.GetValue(Seconds);
        if (seconds is < 1 or > 86_400)
            throw new UsageException($"--timeout is {seconds}; give 1 to 86,400 seconds.");
        var tasks = parsed.GetValue(Tasks) is { } file ? MigrationTasks.Read(file) : [];
        return new VerifyOptions
        {
            Timeout = TimeSpan.FromSeconds(seconds),
            Tasks = [.. (parsed.GetValue(Task) ?? []).Select(t => new AgentTask(t)), .. tasks.Where(t => t.Agent is null).Select(t => t.Task)],
            TasksOf = MigrationTasks.ByAgent(tasks),
        };
    }

    private static int Tell(ParseResult parsed, Terminal terminal, MigrationReport report)
    {
        terminal.Out.Write(parsed.GetValue(GlobalOptions.Json) ? report.ToJson() + "\n" : report.ToTable());
        return report.HasFailures ? ExitCode.Failed : ExitCode.Done;
    }

    private sealed class Progress(Terminal terminal) : IProgress<MigrationProgress>
    {
        private readonly Lock _lock = new();

        public void Report(MigrationProgress value)
        {
            // A line for each tenth, and for each agent that needs a look.
            var step = Math.Max(1, value.Total / 10);
            lock (_lock)
            {
                if (value.Item.Status >= MigrationStatus.Different)
                    terminal.Note($"{value.Item.Name}: {value.Item.Status}: {value.Item.Message}");
                if (value.Done % step == 0 || value.Done == value.Total)
                    terminal.Note(string.Create(CultureInfo.InvariantCulture, $"{value.Done} of {value.Total} agents"));
            }
        }
    }

    /// <summary>Agents that write to the console don't write into the results, and ones that read find nothing.</summary>
    private sealed class QuietConsole : IDisposable
    {
        private readonly TextWriter _out = Console.Out;
        private readonly TextReader _in = Console.In;

        public QuietConsole()
        {
            Console.SetOut(TextWriter.Null);
            Console.SetIn(TextReader.Null);
        }

        public void Dispose()
        {
            Console.SetOut(_out);
            Console.SetIn(_in);
        }
    }
}
