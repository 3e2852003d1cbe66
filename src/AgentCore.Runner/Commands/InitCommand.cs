using System.CommandLine;
using AgentCore.Hosting.Definitions;
using AgentCore.Runner.Output;

namespace AgentCore.Runner.Commands;

/// <summary><c>agentcore init</c>: lays out a workspace.</summary>
internal static class InitCommand
{
    public static Command Create(Terminal terminal)
    {
        var command = new Command("init", "Lay out a workspace in the current folder (or --workspace): settings, a first agent, schemas for editors. Files that exist stay as they are.");
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var folder = Path.GetFullPath(GlobalOptions.Folder(parsed));
            MakeFolder(folder);
            await using var session = Session.Open(parsed, terminal);
            var made = new List<string>();
            foreach (var (name, text) in WorkspaceTemplate.Files(session.Workspace.AgentKinds))
            {
                var path = Path.Combine(folder, name);
                if (File.Exists(path))
                    continue;
                await WriteAsync(folder, path, text, cancellationToken);
                made.Add(name);
            }

            if (session.IsJson)
                JsonOutput.Write(terminal, new { Workspace = folder, Made = made });
            else
                terminal.Out.WriteLine(made.Count == 0 ? $"{folder} is laid out already." : $"Made in {folder}: {string.Join(", ", made)}. Try: agentcore run helper \"Who are you?\"");
            return ExitCode.Done;
        });
        return command;
    }

    private static void MakeFolder(string folder)
    {
        try
        {
            Directory.CreateDirectory(folder);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Unwritable(folder, e);
        }
    }

    private static async Task WriteAsync(string folder, string path, string text, CancellationToken cancellationToken)
    {
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            await File.WriteAllTextAsync(path, text, cancellationToken);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Unwritable(folder, e);
        }
    }

    private static IOException Unwritable(string folder, Exception e) =>
        new($"A workspace can't be laid out in '{folder}': {e.Message} Make the folder writable, or name another with --workspace.", e);
}
