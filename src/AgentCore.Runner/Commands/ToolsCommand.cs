using System.CommandLine;
using AgentCore.Runner.Output;
using AgentCore.Tools;
using Spectre.Console;

namespace AgentCore.Runner.Commands;

/// <summary><c>agentcore tools list</c>.</summary>
internal static class ToolsCommand
{
    public static Command Create(Terminal terminal) => new("tools", "Look at the tools that agents may call.") { List(terminal) };

    private static Command List(Terminal terminal)
    {
        var agent = new Option<string?>("--agent") { Description = "Only the tools that this agent sees.", HelpName = "AGENT" };
        var command = new Command("list", "List the tools, and what is needed to call them.") { agent };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            await using var session = Session.Open(parsed, terminal);
            var tools = session.Workspace.Tools.All;
            if (parsed.GetValue(agent) is { } name)
            {
                var made = await session.Workspace.CreateAsync(name, cancellationToken);
                tools = made.Options.Tools?.For(made.Metadata.Capabilities) ?? [];
            }

            if (session.IsJson)
                JsonOutput.Write(terminal, new { Tools = tools.Select(Document) });
            else
                Write(terminal, tools);
            return ExitCode.Done;
        });
        return command;
    }

    private static object Document(Tool tool) => new
    {
        tool.Name,
        tool.Description,
        Capabilities = tool.Required,
        Approval = tool.NeedsApproval,
        tool.Options.Repeatable,
        TimeoutSeconds = tool.Options.Timeout?.TotalSeconds,
        Parameters = tool.Function.JsonSchema,
    };

    private static void Write(Terminal terminal, IReadOnlyList<Tool> tools)
    {
        if (tools.Count == 0)
        {
            terminal.Note("No tools.");
            return;
        }

        var table = new Table().Border(TableBorder.None).AddColumns("tool", "needs", "rules", "what it does");
        foreach (var tool in tools)
        {
            var rules = string.Join(", ", new[] { tool.Options.Repeatable ? "repeatable" : "once", tool.NeedsApproval ? "approval" : "" }.Where(r => r.Length > 0));
            table.AddRow(Terminal.Escape(tool.Name), Terminal.Escape(string.Join(", ", tool.Required)), rules, Terminal.Escape(RunProgress.Shorten(tool.Description, 100)));
        }

        terminal.Table.Write(table);
    }
}
