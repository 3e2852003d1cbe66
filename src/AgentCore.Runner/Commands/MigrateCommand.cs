using System.CommandLine;
using System.Globalization;
using AgentCore.Adapters.Objects.Loading;
using AgentCore.Adapters.Objects.Migration;
using AgentCore.Runner.Migration;
using AgentCore.Runner.Output;

namespace AgentCore.Runner.Commands;

/// <summary><c>agentcore migrate scan|wrap|verify</c>: agents that are there already, of any .NET or Python class.</summary>
internal static class MigrateCommand
{
    private const string NoneFound = "Nothing here looks like an agent by its name, its base or its methods. Name yours with --type NAME (as in the code; * stands for any part).\n";
    private const string NoneWrapped = "The workspace has no wrapped agents yet: 'agentcore migrate wrap PATH' writes them.\n";

    private static readonly Argument<string[]> Paths = new("PATH")
    {
        Description = "Assemblies, Python files, folders of either, or inventories (.jsonl).",
        Arity = ArgumentArity.OneOrMore,
    };

    private static readonly Option<string[]> Types = new("--type") { Description = "Only these classes, by name or full name, with * and ?.", HelpName = "NAME", Arity = ArgumentArity.OneOrMore };
    private static readonly Option<string[]> Bases = new("--base") { Description = "Classes of this base class or interface are agents too.", HelpName = "NAME", Arity = ArgumentArity.OneOrMore };
    private static readonly Option<string[]> References = new("--reference") { Description = "A further folder in which dependencies lie.", HelpName = "DIR", Arity = ArgumentArity.OneOrMore };
    private static readonly Option<string?> Python = new("--python") { Description = "The Python interpreter that reads and runs Python agents; without it that of a virtual environment beside them, or the one in PATH.", HelpName = "FILE" };
    private static readonly Option<int?> Parallel = new("--parallel") { Description = "How many agents at once.", HelpName = "N" };

    public static Command Create(Terminal terminal) => new("migrate", "Find, wrap and compare agents that are there already, of any .NET or Python class.")
    {
        Scan(terminal),
        Wrap(terminal),
        Verify(terminal),
    };

    private static Command Scan(Terminal terminal)
    {
        var html = new Option<string?>("--html") { Description = "Write the report as a page, too.", HelpName = "FILE" };
        var inventory = new Option<string?>("--inventory") { Description = "Write the inventory, too: a JSON line an agent.", HelpName = "FILE" };
        var command = new Command("scan", "Find agent classes and say what it takes to wrap each. Runs nothing of them.") { Paths, Types, Bases, References, Python, html, inventory };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var report = await new AgentSources(parsed.GetRequiredValue(Paths), Scanned(parsed), parsed.GetValue(Python)).ScanAsync(cancellationToken);
            if (parsed.GetValue(html) is { } page)
                File.WriteAllText(page, report.ToHtml());
            if (parsed.GetValue(inventory) is { } list)
                File.WriteAllText(list, report.ToInventory());
            terminal.Out.Write(parsed.GetValue(GlobalOptions.Json) ? report.ToJson() + "\n" : report.ToTable() + (report.Agents.Count == 0 ? NoneFound : ""));
            return ExitCode.Done;
        });
        return command;
    }

    private static Command Wrap(Terminal terminal)
    {
        var verify = new Option<bool>("--verify") { Description = "Run each agent and its original on a task, and compare. This runs their code." };
        var services = new Option<string?>("--services")
        {
            Description = "The assembly of the program that registers what the agents need (Program.cs of a web API, a worker): its host gives them their services. Its entry point is run until the host is built.",
            HelpName = "PROGRAM",
        };
        var overwrite = new Option<bool>("--overwrite") { Description = "Begin anew, and write over bindings that are there." };
        var command = new Command("wrap", "Write bindings into the workspace's agents folder. Goes on where it was stopped.")
        {
            Paths, Types, Bases, References, Python, services, verify, overwrite, Parallel,
        };
        MigrationComparison.AddTo(command);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var (compared, given) = parsed.GetValue(verify) ? MigrationComparison.Of(parsed) : (null, []);
            var options = Options(parsed, terminal, compared) with
            {
                Scan = Scanned(parsed),
                Services = parsed.GetValue(services),
                Overwrite = parsed.GetValue(overwrite),
                Resume = !parsed.GetValue(overwrite) || MigrationWorker.IsAgain,
            };
            if (options.Verify is not null)
                return await MigrationWorker.RunAsync(parsed, terminal, Progress.Of(options, MigrationEngine.ProgressFile), WrapAsync, cancellationToken);

            var (code, output) = await WrapAsync(cancellationToken);
            terminal.Out.Write(output);
            return code;

            async Task<(int, string)> WrapAsync(CancellationToken token)
            {
                if (options.Verify is null)
                    return Outcome(parsed, await Migration(parsed, terminal, options, given).WrapAsync(parsed.GetRequiredValue(Paths), token));
                Directory.CreateDirectory(options.Workspace);
                return await MigrationComparison.RunAsync(
                    parsed, terminal, options.Verify, async verify => Outcome(parsed, await Migration(parsed, terminal, options with { Verify = verify }, given).WrapAsync(parsed.GetRequiredValue(Paths), token)), token);
            }
        });
        return command;
    }

    private static Command Verify(Terminal terminal)
    {
        var names = new Argument<string[]>("AGENT") { Description = "The agents; all wrapped ones without it.", Arity = ArgumentArity.ZeroOrMore };
        var command = new Command("verify", "Run wrapped agents and their originals on tasks, and compare results, errors and times. Goes on where it was stopped.")
        {
            names, Parallel,
        };
        MigrationComparison.AddTo(command);
        command.SetAction((parsed, cancellationToken) =>
        {
            var (compared, given) = MigrationComparison.Of(parsed);
            var options = Options(parsed, terminal, compared);
            return MigrationWorker.RunAsync(
                parsed, terminal, Progress.Of(options, MigrationEngine.VerifyProgressFile), token => MigrationComparison.RunAsync(
                    parsed, terminal, compared, async verify => Outcome(parsed, await Migration(parsed, terminal, options with { Verify = verify }, given).VerifyAsync(parsed.GetValue(names) ?? [], token)), token),
                cancellationToken);
        });
        return command;
    }

    private static AgentMigration Migration(ParseResult parsed, Terminal terminal, MigrationOptions options, IReadOnlyList<GivenTask> given) =>
        new(options, parsed.GetValue(Python), () => Session.Open(parsed, terminal), given);

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
            Workspace = GlobalOptions.Folder(parsed),
            Verify = verify,
            Progress = new Progress(terminal),
        };
        return parsed.GetValue(Parallel) is { } parallel ? options with { Parallelism = parallel } : options;
    }

    private static (int ExitCode, string Output) Outcome(ParseResult parsed, MigrationReport whole)
    {
        // What a child before this one did was done now.
        var report = MigrationWorker.IsAgain ? whole with { Resumed = 0 } : whole;
        return (report.HasFailures ? ExitCode.Failed : ExitCode.Done, parsed.GetValue(GlobalOptions.Json) ? report.ToJson() + "\n"
            : report.ToTable() + (report.Items.Count > 0 ? Hint(report) : report.Scan is null ? NoneWrapped : NoneFound));
    }

    /// <summary>What nobody in the assembly can give, the program may that it is a part of.</summary>
    private static string Hint(MigrationReport report)
    {
        if (report.Scan is not { } scan)
            return "";
        var lacking = report.Items.Where(item => item is { Status: MigrationStatus.Gaps, File: { } file } && BindingFolder.TryRead(file) is { Services: null } binding && binding.Gaps.Any(gap => gap.At.StartsWith("construct.", StringComparison.Ordinal)))
            .Select(item => item.Type).ToHashSet(StringComparer.Ordinal);
        var programs = lacking.Count == 0 ? [] : Programs.WithHost(scan.Agents.Where(a => lacking.Contains(a.Type)).Select(a => a.Assembly).OfType<string>());
        var rest = report.Items.Any(item => item is { Status: MigrationStatus.Gaps, File: not null }) ? "A gap stands in the agent's file in the workspace's agents folder, as 'from: missing': say there what fills it, then 'agentcore migrate verify'.\n" : "";
        return programs.Count == 0 ? rest : rest + $"What is missing may be registered by the program: add --services {string.Join(" or ", programs.Take(3).Select(p => Path.GetRelativePath(".", p)))} (its entry point is run until its host is built).\n";
    }

    private sealed class Progress(Terminal terminal) : IProgress<MigrationProgress>
    {
        private readonly Lock _lock = new();

        /// <summary>The file that keeps the progress.</summary>
        public static string Of(MigrationOptions options, string file) => Path.Combine(Path.GetFullPath(options.Workspace), "agents", file);

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
}
