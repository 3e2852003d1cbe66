using System.CommandLine;
using System.Globalization;
using AgentCore.Runner.Output;
using AgentCore.Runs;
using Spectre.Console;

namespace AgentCore.Runner.Commands;

/// <summary><c>agentcore runs list</c>.</summary>
internal static class RunsListCommand
{
    private static readonly string[] Statuses = ["running", "done", "failed", "limited", "needsDecision", "cancelled"];

    // What lists show it as, too.
    private static readonly string[] WaitingNames = ["waiting", "waits", RunReport.StatusName(RunStatus.NeedsDecision)];

    public static Command Create(Terminal terminal)
    {
        var status = new Option<string?>("--status") { Description = $"Only runs that stand so: {string.Join(", ", Statuses)} (or waiting).", HelpName = "STATUS" };
        var limit = new Option<string?>("--limit") { Description = "How many to list, the newest first; 20 without it.", HelpName = "N" };
        var command = new Command("list", "List the runs of the workspace, the newest first.") { status, limit };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            await using var session = Session.Open(parsed, terminal);
            var only = Status(parsed.GetValue(status));
            var most = Limit(parsed.GetValue(limit));
            await using var store = await session.ReadStoreAsync(cancellationToken);
            var runs = new List<RunSummary>();
            if (store is not null)
            {
                await foreach (var run in new RunHistory(store).ListAsync(only, cancellationToken))
                {
                    runs.Add(run);
                    if (runs.Count >= most)
                        break;
                }
            }

            Write(session, runs);
            return ExitCode.Done;
        });
        return command;
    }

    internal static object Document(RunSummary run) => new
    {
        RunId = run.Id,
        run.Agent,
        run.Status,
        run.Started,
        run.Updated,
        Task = run.Input,
        run.Note,
        run.Session,
        run.ForkedFrom,
        Usage = RunReport.UsageOf(run.Usage),
        run.Labels,
    };

    private static RunStatus? Status(string? text)
    {
        if (text is null)
            return null;
        if (WaitingNames.Contains(text, StringComparer.OrdinalIgnoreCase))
            return RunStatus.NeedsDecision;
        if (Statuses.Contains(text, StringComparer.OrdinalIgnoreCase))
            return Enum.Parse<RunStatus>(text, ignoreCase: true);

        throw new UsageException($"--status is '{text}'.{Hosting.Definitions.NearestName.Hint(text, Statuses)} Choose one of: {string.Join(", ", Statuses)}.");
    }

    private static int Limit(string? text) => text is null ? 20
        : int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var most) && most >= 1 ? most
        : throw new UsageException($"--limit is '{text}'; give a whole number of 1 or more.");

    private static void Write(Session session, List<RunSummary> runs)
    {
        if (session.IsJson)
        {
            JsonOutput.Write(session.Terminal, new { Runs = runs.Select(Document) });
            return;
        }

        if (runs.Count == 0)
        {
            session.Terminal.Note($"No such runs in {session.Workspace.Folder}.");
            return;
        }

        var table = new Table().Border(TableBorder.None).AddColumns("run", "status", "agent", "started", "tokens", "task");
        foreach (var run in runs)
        {
            var tokens = run.Usage is { } usage ? (usage.TotalTokenCount ?? 0).ToString("#,0", CultureInfo.InvariantCulture) : "";
            table.AddRow(Terminal.Escape(run.Id), RunReport.StatusName(run.Status), Terminal.Escape(run.Agent),
                run.Started.ToLocalTime().ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture), tokens, Terminal.Escape(RunProgress.Shorten(run.Input, 60)));
        }

        session.Terminal.Table.Write(table);
    }
}
