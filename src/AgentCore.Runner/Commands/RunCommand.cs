using System.CommandLine;
using AgentCore.Runner.Output;

namespace AgentCore.Runner.Commands;

/// <summary><c>agentcore run AGENT TASK</c>.</summary>
internal static class RunCommand
{
    public static Command Create(Terminal terminal)
    {
        var agent = new Argument<string>("AGENT") { Description = "The agent's name; 'agentcore doctor' lists them." };
        var task = new Argument<string>("TASK") { Description = "What it is to do; '-' reads it from standard input." };
        var command = new Command("run", "Run an agent on a task.") { agent, task };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            await using var session = Session.Open(parsed, terminal);
            var text = await TaskText.ReadAsync(parsed.GetRequiredValue(task), cancellationToken);
            return await new AgentRun(session).StartAsync(parsed.GetRequiredValue(agent), team: null, text, cancellationToken);
        });
        return command;
    }
}

/// <summary>A task's text, from the command line or from standard input.</summary>
internal static class TaskText
{
    public static async Task<string> ReadAsync(string text, CancellationToken cancellationToken)
    {
        // Reading standard input can't be cancelled, nor is it asynchronous; the wait for it ends, and then the program.
        if (text == "-")
            text = (await Task.Run(Console.In.ReadToEnd, CancellationToken.None).WaitAsync(cancellationToken)).Trim();
        return string.IsNullOrWhiteSpace(text) ? throw new UsageException("The task is empty; say what is to be done.") : text;
    }
}
