using System.CommandLine;
using AgentCore.Runner.Output;
using AgentCore.Runs;

namespace AgentCore.Runner.Commands;

/// <summary><c>agentcore runs replay ID</c>.</summary>
internal static class RunsReplayCommand
{
    public static Command Create(Terminal terminal)
    {
        var id = RunsCommand.Id();
        var command = new Command("replay", "Run the agent again from the run's journal alone: nothing is called, and the first difference is told.") { id };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            await using var session = Session.Open(parsed, terminal);
            await using var store = await ExistingStore.ReadAsync(session, cancellationToken);
            var run = await new RunHistory(store).FindAsync(parsed.GetRequiredValue(id), cancellationToken);
            var replay = await new AgentRun(session).ReplayAsync(run, store, cancellationToken);
            if (session.IsJson)
            {
                JsonOutput.Write(terminal, new { RunId = run.Id, Same = replay.IsSame, replay.Steps, replay.Difference, Recorded = replay.Recorded?.Status, Replayed = replay.Replayed.Status });
            }
            else
            {
                terminal.Out.WriteLine(replay.IsSame
                    ? $"Run {run.Id} replays as it was: {replay.Steps} steps."
                    : $"Run {run.Id} replays otherwise after {replay.Steps} steps: {replay.Difference}");
            }

            return replay.IsSame ? ExitCode.Done : ExitCode.Failed;
        });
        return command;
    }
}
