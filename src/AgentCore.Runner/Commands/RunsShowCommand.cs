using System.CommandLine;
using AgentCore.Runner.Output;
using AgentCore.Runs;

namespace AgentCore.Runner.Commands;

/// <summary><c>agentcore runs show ID</c>.</summary>
internal static class RunsShowCommand
{
    public static Command Create(Terminal terminal)
    {
        var id = RunsCommand.Id();
        var command = new Command("show", "Show a run: its task, its steps with their times, and how it stands.") { id };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            await using var session = Session.Open(parsed, terminal);
            await using var store = await ExistingStore.ReadAsync(session, cancellationToken);
            var history = new RunHistory(store);
            var summary = await history.FindAsync(parsed.GetRequiredValue(id), cancellationToken);
            var run = await history.ReadAsync(summary.Id, cancellationToken);
            if (session.IsJson)
                JsonOutput.Write(terminal, Document(run));
            else
                new RunView(terminal, run).Write();
            return ExitCode.Done;
        });
        return command;
    }

    private static object Document(RunDetails run) => new
    {
        RunId = run.Summary.Id,
        run.Summary.Agent,
        run.Summary.Status,
        run.Summary.Started,
        run.Summary.Updated,
        run.Summary.ForkedFrom,
        run.Summary.Labels,
        Task = run.Task.Input,
        Output = run.Result?.Output,
        run.Result?.Stop,
        run.Result?.Error,
        Pending = run.Pending.Count == 0 ? null : run.Pending.Select(p => new { p.Step, p.Kind, p.Name, p.Question, p.Arguments, p.Returns, Commands = RunReport.CommandsFor(run.Summary.Id, p) }),
        Usage = RunReport.UsageOf(run.Summary.Usage),
        run.Records,
        Steps = run.Steps.Select(s => new
        {
            s.Path,
            s.Kind,
            s.Name,
            s.Record,
            s.Started,
            s.Ended,
            s.ScopeStatus,
            s.Arguments,
            s.Value,
            s.Error,
            s.Question,
            s.Decision,
            Repeatable = s.IsRepeatable,
            Usage = RunReport.UsageOf(s.Usage),
        }),
    };
}
