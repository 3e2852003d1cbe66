using System.CommandLine;
using AgentCore.Runner.Output;

namespace AgentCore.Runner.Commands;

/// <summary><c>agentcore runs …</c>.</summary>
internal static class RunsCommand
{
    public static Command Create(Terminal terminal)
    {
        var command = new Command("runs", "Look at runs, decide what they wait for, and resume them.")
        {
            RunsListCommand.Create(terminal),
            RunsShowCommand.Create(terminal),
            RunsResumeCommand.Create(terminal),
            RunsForkCommand.Create(terminal),
            RunsReplayCommand.Create(terminal),
            RunsArchiveCommands.Export(terminal),
            RunsArchiveCommands.Import(terminal),
            RunsDeleteCommand.Create(terminal),
        };
        foreach (var decide in RunsDecideCommands.Create(terminal))
            command.Subcommands.Add(decide);
        return command;
    }

    public static Argument<string> Id() => new("ID") { Description = "The run's id, the beginning of it, or 'last' for the newest." };
}
