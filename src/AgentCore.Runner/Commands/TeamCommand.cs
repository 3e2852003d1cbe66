using System.CommandLine;
using AgentCore.Runner.Output;

namespace AgentCore.Runner.Commands;

/// <summary><c>agentcore team run TEAM TASK</c>.</summary>
internal static class TeamCommand
{
    public static Command Create(Terminal terminal) => new("team", "Run teams of agents.")
    {
        Run(terminal),
    };

    private static Command Run(Terminal terminal)
    {
        var team = new Argument<string>("TEAM") { Description = "The team's name; 'agentcore doctor' lists them." };
        var task = new Argument<string>("TASK") { Description = "What it is to do; '-' reads it from standard input." };
        var command = new Command("run", "Run a team on a task.") { team, task };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            await using var session = Session.Open(parsed, terminal);
            var text = await TaskText.ReadAsync(parsed.GetRequiredValue(task), cancellationToken);
            return await new AgentRun(session).StartAsync(parsed.GetRequiredValue(team), team: true, text, cancellationToken);
        });
        return command;
    }
}
