using System.CommandLine;
using AgentCore.Runner.Output;
using AgentCore.Runs;

namespace AgentCore.Runner.Commands;

/// <summary><c>agentcore runs delete ID</c>.</summary>
internal static class RunsDeleteCommand
{
    public static Command Create(Terminal terminal)
    {
        var id = RunsCommand.Id();
        var command = new Command("delete", "Delete a run with all its records.") { id };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            await using var session = Session.Open(parsed, terminal);
            var history = new RunHistory(await ExistingStore.OpenAsync(session, cancellationToken));
            var run = await history.FindAsync(parsed.GetRequiredValue(id), cancellationToken);
            await history.DeleteAsync(run.Id, cancellationToken);
            if (session.IsJson)
                JsonOutput.Write(terminal, new { RunId = run.Id, Deleted = true });
            else
                terminal.Out.WriteLine($"Run {run.Id} is deleted.");
            return ExitCode.Done;
        });
        return command;
    }
}
