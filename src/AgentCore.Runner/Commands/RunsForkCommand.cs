using System.CommandLine;
using AgentCore.Runner.Output;
using AgentCore.Runs;

namespace AgentCore.Runner.Commands;

/// <summary><c>agentcore runs fork ID --at N</c>.</summary>
internal static class RunsForkCommand
{
    public static Command Create(Terminal terminal)
    {
        var id = RunsCommand.Id();
        var at = new Option<int>("--at") { Description = "How many records of the run to take over; 'runs show' numbers them.", HelpName = "N", Required = true };
        var command = new Command("fork", "Begin a new run from the first part of another one.") { id, at };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            await using var session = Session.Open(parsed, terminal);
            var history = new RunHistory(await ExistingStore.OpenAsync(session, cancellationToken));
            var run = await history.FindAsync(parsed.GetRequiredValue(id), cancellationToken);
            var fork = await history.ForkAsync(run.Id, parsed.GetRequiredValue(at), cancellationToken);
            var next = $"agentcore runs resume {fork}";
            if (session.IsJson)
                JsonOutput.Write(terminal, new { RunId = fork, ForkedFrom = run.Id, At = parsed.GetRequiredValue(at), Next = next });
            else
                terminal.Out.WriteLine($"{fork} is forked from {run.Id} at record {parsed.GetRequiredValue(at)}. Go on with: {next}");
            return ExitCode.Done;
        });
        return command;
    }
}
