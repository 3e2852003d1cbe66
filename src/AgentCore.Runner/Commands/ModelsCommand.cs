using System.CommandLine;
using AgentCore.Hosting.Models;
using AgentCore.Runner.Output;
using Spectre.Console;

namespace AgentCore.Runner.Commands;

/// <summary><c>agentcore models list</c>.</summary>
internal static class ModelsCommand
{
    public static Command Create(Terminal terminal) => new("models", "Look at the models that can be used.") { List(terminal) };

    private static Command List(Terminal terminal)
    {
        var command = new Command("list", "List the models of all providers, and which one is chosen.");
        command.SetAction(async (parsed, cancellationToken) =>
        {
            await using var session = Session.Open(parsed, terminal);
            var probes = await session.Workspace.Models.ProbeAsync(cancellationToken);
            var best = ModelSelector.Best(probes);
            if (session.IsJson)
            {
                JsonOutput.Write(terminal, new { Chosen = best?.Id, Providers = probes.Select(Document) });
                return ExitCode.Done;
            }

            var table = new Table().Border(TableBorder.None).AddColumns("", "model", "provider");
            foreach (var probe in probes)
            {
                var reason = Terminal.Escape(probe.Status.Reason);
                if (!probe.Status.Available || probe.Status.Models.Count == 0)
                    table.AddRow("-", $"{Terminal.Escape(probe.Provider.Name)}/…", reason);
                foreach (var model in probe.Status.Available ? probe.Status.Models : [])
                {
                    var id = $"{probe.Provider.Name}/{model}";
                    table.AddRow(id == best?.Id ? "*" : "", Terminal.Escape(id), reason);
                }
            }

            terminal.Table.Write(table);
            terminal.Note(best is null ? "No model can be used." : "* is used where no other is named.");
            return ExitCode.Done;
        });
        return command;
    }

    internal static object Document(ProviderProbe probe) => new
    {
        probe.Provider.Name,
        probe.Provider.Preference,
        probe.Status.Available,
        probe.Status.Reason,
        Models = probe.Status.Models.Select(m => $"{probe.Provider.Name}/{m}"),
    };
}
