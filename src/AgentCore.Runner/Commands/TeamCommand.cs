using System.CommandLine;
using AgentCore.Runner.Output;
using AgentCore.Teams;

namespace AgentCore.Runner.Commands;

/// <summary><c>agentcore team run TEAM TASK</c>.</summary>
internal static class TeamCommand
{
    public static Command Create(Terminal terminal) => new("team", "Run teams of agents.")
    {
        Run(terminal),
        Check(terminal),
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

    private static Command Check(Terminal terminal)
    {
        var name = new Argument<string>("TEAM") { Description = "The team's name." };
        var command = new Command("check", "Check a team before it runs: handovers to nobody, circles, tools that nobody may call, missing bounds.") { name };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            await using var session = Session.Open(parsed, terminal);
            var team = (Team)await session.Workspace.CreateAsync(parsed.GetRequiredValue(name), team: true, cancellationToken);
            var findings = team.Check();
            var isGood = !findings.Any(f => f.Severity == FindingSeverity.Error);
            if (session.IsJson)
            {
                JsonOutput.Write(terminal, new
                {
                    Team = team.Metadata.Name,
                    Good = isGood,
                    Findings = findings.Select(f => new { f.Severity, f.Team, f.Field, f.Message, f.Location?.File, f.Location?.Line }),
                });
            }
            else
            {
                foreach (var finding in findings)
                    terminal.Out.WriteLine(finding.ToString());
                terminal.Out.WriteLine($"{team.Metadata.Name} ({team.Protocol.Name}, {team.Members.Count} members) {(isGood ? "can run." : "can't run.")}");
            }

            return isGood ? ExitCode.Done : ExitCode.Failed;
        });
        return command;
    }
}
