using System.CommandLine;
using AgentCore.Adapters.Objects.Migration;
using AgentCore.Runner.Output;

namespace AgentCore.Runner.Migration;

/// <summary>How wrapped agents are compared with their originals: on which tasks, how long, with which model.</summary>
internal static class MigrationComparison
{
    private static readonly Option<string?> Tasks = new("--tasks") { Description = "A file of tasks to compare with, one on each line: a text, or JSON with 'input', and 'data' and 'agent' where they matter.", HelpName = "FILE" };
    private static readonly Option<string[]> Task = new("--task") { Description = "A task to compare with; may be given more than once.", HelpName = "TEXT", Arity = ArgumentArity.OneOrMore };
    private static readonly Option<bool> Recorded = new("--recorded") { Description = $"Compare with the tasks of each agent's newest runs in this workspace, up to {MigrationTasks.MostRecorded}." };
    private static readonly Option<int> Seconds = new("--timeout") { Description = "The longest that one side may take for a task, in seconds.", HelpName = "SECONDS", DefaultValueFactory = _ => 10 };

    public static void AddTo(Command command)
    {
        foreach (var option in new Option[] { Task, Tasks, Recorded, Seconds })
            command.Options.Add(option);
    }

    /// <summary>What the command line says, and the tasks of its file.</summary>
    public static (VerifyOptions Options, IReadOnlyList<GivenTask> Given) Of(ParseResult parsed)
    {
        var seconds = parsed.GetValue(Seconds);
        if (seconds is < 1 or > 86_400)
            throw new UsageException($"--timeout is {seconds}; give 1 to 86,400 seconds.");
        var tasks = parsed.GetValue(Tasks) is { } file ? MigrationTasks.Read(file) : [];
        var options = new VerifyOptions
        {
            Timeout = TimeSpan.FromSeconds(seconds),
            Tasks = [.. (parsed.GetValue(Task) ?? []).Select(t => new AgentTask(t)), .. tasks.Where(t => t.Agent is null).Select(t => t.Task)],
            TasksOf = MigrationTasks.ByAgent(tasks),
        };
        return (options, tasks);
    }

    /// <summary>Compares, with what was asked for: a model for agents that ask for one (without it a stand-in answers them, which calls
    /// nobody), and the workspace's recorded runs.</summary>
    public static async Task<T> RunAsync<T>(ParseResult parsed, Terminal terminal, VerifyOptions options, Func<VerifyOptions, Task<T>> compare, CancellationToken cancellationToken)
    {
        await using var session = Session.Open(parsed, terminal);
        var models = session.Workspace.Models;
        using var client = session.Model is { } model ? models.CreateClient(await models.ChooseAsync(model, cancellationToken)) : null;
        options = options with { Client = client };
        if (parsed.GetValue(Recorded))
        {
            await using var store = await session.ReadStoreAsync(cancellationToken);
            options = options with { TasksOf = await MigrationTasks.WithRecordedAsync(options.TasksOf, store, cancellationToken) };
        }

        using var quiet = new QuietConsole();
        return await compare(options);
    }

    /// <summary>Agents that write to the console don't write into the results, and ones that read find nothing.</summary>
    private sealed class QuietConsole : IDisposable
    {
        private readonly TextWriter _out = Console.Out;
        private readonly TextReader _in = Console.In;

        public QuietConsole()
        {
            Console.SetOut(TextWriter.Null);
            Console.SetIn(TextReader.Null);
        }

        public void Dispose()
        {
            Console.SetOut(_out);
            Console.SetIn(_in);
        }
    }
}
