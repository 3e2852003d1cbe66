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
            var folder = Path.GetFullPath(parsed.GetValue(GlobalOptions.Workspace) ?? ".");
            Directory.CreateDirectory(folder);
            await using var session = Session.Open(parsed, terminal);
            var made = new List<string>();
            foreach (var (name, text) in WorkspaceTemplate.Files(session.Workspace.AgentKinds))
            {
                var path = Path.Combine(folder, name);
                if (File.Exists(path))
                    continue;
                Directory.CreateDirectory(Path.GetDirectoryName(path)!);
                await File.WriteAllTextAsync(path, text, cancellationToken);
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
}
