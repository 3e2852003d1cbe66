using System.CommandLine;
using AgentCore.Plugins;
using AgentCore.Runner.Output;

namespace AgentCore.Runner.Commands;

/// <summary>The commands that plugins add. Plugins are only asked where the program itself has no such command, or for help.</summary>
internal static class PluginCommands
{
    /// <summary>Adds them to the root; none where the workspace can't be opened, which the command itself will tell.</summary>
    public static async Task<Command> AddAsync(Command root, ParseResult parsed, Terminal terminal)
    {
        try
        {
            await using var session = Session.Open(parsed, terminal, tellsRefusals: false);
            foreach (var command in session.Workspace.Commands.OrderBy(c => c.Name, StringComparer.Ordinal))
                root.Subcommands.Add(Create(command, terminal));
        }
        catch (Exception e) when (e is IOException or UsageException or InvalidOperationException)
        {
            return root;
        }

        return root;
    }

    private static Command Create(PluginCommand command, Terminal terminal)
    {
        // Its arguments are its own affair, options included.
        var result = new Command(command.Name, command.Description) { TreatUnmatchedTokensAsErrors = false };
        result.SetAction(async (parsed, cancellationToken) =>
        {
            await using var session = Session.Open(parsed, terminal);
            var workspace = session.Workspace;
            return await workspace.Commands.First(c => c.Name == command.Name).Run(
                new CommandCall
                {
                    Arguments = parsed.UnmatchedTokens,
                    Workspace = workspace.Folder,
                    IsJson = session.IsJson,
                    Output = terminal.Out,
                    Error = terminal.Error.Profile.Out.Writer,
                    CreateAgent = workspace.CreateAsync,
                    OpenStore = workspace.OpenStoreAsync,
                    ExitCode = ExitCode.Of,
                },
                cancellationToken);
        });
        return result;
    }
}
