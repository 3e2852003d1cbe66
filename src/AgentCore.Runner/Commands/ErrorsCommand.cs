using System.CommandLine;
using AgentCore.Learning;
using AgentCore.Runner.Output;
using Spectre.Console;

namespace AgentCore.Runner.Commands;

/// <summary><c>agentcore errors list|show|forget</c>: what was learned about errors in this workspace.</summary>
internal static class ErrorsCommand
{
    public static Command Create(Terminal terminal) => new("errors", "Look at the errors that were seen, and at what helped against them.")
    {
        List(terminal),
        Show(terminal),
        Forget(terminal),
    };

    private static Argument<string> Key() => new("KEY") { Description = "The error's key, or the beginning of it." };

    private static Command List(Terminal terminal)
    {
        var command = new Command("list", "List the errors that were seen.");
        command.SetAction(async (parsed, cancellationToken) =>
        {
            await using var session = Session.Open(parsed, terminal);
            await using var store = await session.ReadStoreAsync(cancellationToken);
            var patterns = new List<ErrorPattern>();
            if (store is not null)
            {
                await foreach (var pattern in new ErrorPatterns(store).ListAsync(cancellationToken))
                    patterns.Add(pattern);
            }

            if (session.IsJson)
                JsonOutput.Write(terminal, new { Errors = patterns.Select(Document) });
            else
                Write(terminal, patterns);
            return ExitCode.Done;
        });
        return command;
    }

    private static Command Show(Terminal terminal)
    {
        var key = Key();
        var command = new Command("show", "Show an error, and each remedy that was tried against it.") { key };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            await using var session = Session.Open(parsed, terminal);
            await using var store = await ExistingStore.ReadAsync(session, cancellationToken);
            var pattern = await new ErrorPatterns(store).GetAsync(parsed.GetRequiredValue(key), cancellationToken);
            if (session.IsJson)
            {
                JsonOutput.Write(terminal, Document(pattern));
                return ExitCode.Done;
            }

            terminal.Out.WriteLine($"{pattern.Key} {pattern.Signature.Type} in {pattern.Signature.Place}\n  {pattern.Signature.Message}");
            terminal.Out.WriteLine($"  seen {(pattern.Count == 1 ? "once" : $"{pattern.Count} times")}, last {pattern.LastSeen.ToLocalTime():yyyy-MM-dd HH:mm:ss}{(pattern.LastRun is null ? "" : $" in run {pattern.LastRun}")}");
            foreach (var (name, score) in pattern.Remedies.OrderByDescending(r => r.Value.Mean))
                terminal.Out.WriteLine(FormattableString.Invariant($"  {(name == Remedies.PlainRetry ? "retry without a change" : name)}: {score}; expected to help {score.Mean * 100:0} times in 100"));
            if (pattern.Remedies.Count > 0)
                terminal.Out.WriteLine("  What is expected begins at 50 times in 100; each try moves it, the first ones most.");
            return ExitCode.Done;
        });
        return command;
    }

    private static Command Forget(Terminal terminal)
    {
        var key = Key();
        var command = new Command("forget", "Forget an error and what was tried against it.") { key };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            await using var session = Session.Open(parsed, terminal);
            var store = await ExistingStore.OpenAsync(session, cancellationToken);
            var forgotten = await new ErrorPatterns(store).ForgetAsync(parsed.GetRequiredValue(key), cancellationToken);
            if (session.IsJson)
                JsonOutput.Write(terminal, new { Key = forgotten, Forgotten = true });
            else
                terminal.Out.WriteLine($"Error {forgotten} is forgotten.");
            return ExitCode.Done;
        });
        return command;
    }

    private static void Write(Terminal terminal, List<ErrorPattern> patterns)
    {
        if (patterns.Count == 0)
        {
            terminal.Note("No errors were kept.");
            return;
        }

        var table = new Table().Border(TableBorder.None).AddColumns("key", "seen", "error", "place", "message");
        foreach (var pattern in patterns.OrderByDescending(p => p.LastSeen))
        {
            var signature = pattern.Signature;
            table.AddRow(Terminal.Escape(pattern.Key), pattern.Count.ToString(System.Globalization.CultureInfo.InvariantCulture),
                Terminal.Escape(signature.Type[(signature.Type.LastIndexOf('.') + 1)..]), Terminal.Escape(signature.Place), Terminal.Escape(RunProgress.Shorten(signature.Message, 80)));
        }

        terminal.Table.Write(table);
    }

    private static object Document(ErrorPattern pattern) => new
    {
        pattern.Key,
        pattern.Signature.Type,
        pattern.Signature.Place,
        pattern.Signature.Message,
        pattern.Count,
        pattern.FirstSeen,
        pattern.LastSeen,
        pattern.LastRun,
        Remedies = pattern.Remedies.Select(r => new { Name = r.Key, r.Value.Trials, Chance = r.Value.Mean }),
    };
}
