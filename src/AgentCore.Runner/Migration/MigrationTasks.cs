using System.Text.Json;
using AgentCore.Checkpoints;
using AgentCore.Runs;

namespace AgentCore.Runner.Migration;

/// <summary>The tasks that wrapped agents are compared on: given in a file, or taken from their recorded runs.</summary>
internal static class MigrationTasks
{
    /// <summary>The most recorded runs of one agent that are compared.</summary>
    public const int MostRecorded = 20;

    /// <summary>Reads a file of tasks; each is for all agents, or for the one that it names.</summary>
    public static IReadOnlyList<(string? Agent, AgentTask Task)> Read(string file)
    {
        if (!File.Exists(file))
            throw new UsageException($"There is no file of tasks at '{file}'.");
        return [.. File.ReadLines(file).Where(l => !string.IsNullOrWhiteSpace(l)).Select(OfLine)];
    }

    public static IReadOnlyDictionary<string, IReadOnlyList<AgentTask>> ByAgent(IEnumerable<(string? Agent, AgentTask Task)> tasks) =>
        tasks.Where(t => t.Agent is not null).GroupBy(t => t.Agent!, t => t.Task, StringComparer.Ordinal)
            .ToDictionary(g => g.Key, g => (IReadOnlyList<AgentTask>)[.. g], StringComparer.Ordinal);

    /// <summary>Adds the tasks of the runs that a store has.</summary>
    public static async Task<IReadOnlyDictionary<string, IReadOnlyList<AgentTask>>> WithRecordedAsync(
        IReadOnlyDictionary<string, IReadOnlyList<AgentTask>> given, ICheckpointStore? store, CancellationToken cancellationToken)
    {
        var tasks = given.ToDictionary(g => g.Key, g => g.Value.ToList(), StringComparer.Ordinal);
        if (store is null)
            return given;

        var history = new RunHistory(store);
        var recorded = new Dictionary<string, int>(StringComparer.Ordinal);
        await foreach (var run in history.ListAsync(cancellationToken: cancellationToken))
        {
            var count = recorded[run.Agent] = recorded.GetValueOrDefault(run.Agent) + 1;
            if (count > MostRecorded)
                continue;
            if (!tasks.TryGetValue(run.Agent, out var own))
                tasks[run.Agent] = own = [];
            own.Add((await history.ReadAsync(run.Id, cancellationToken)).Task);
        }

        return tasks.ToDictionary(t => t.Key, t => (IReadOnlyList<AgentTask>)t.Value, StringComparer.Ordinal);
    }

    private static (string? Agent, AgentTask Task) OfLine(string line)
    {
        if (!line.TrimStart().StartsWith('{'))
            return (null, new AgentTask(line));

        try
        {
            var json = JsonElement.Parse(line);
            if (!json.TryGetProperty("input", out var input) || input.ValueKind != JsonValueKind.String)
                return (null, new AgentTask(line));

            var task = new AgentTask(input.GetString()!);
            if (json.TryGetProperty("data", out var data) && data.ValueKind == JsonValueKind.Object)
                task = data.EnumerateObject().Aggregate(task, (t, d) => t.With(d.Name, d.Value));
            return (json.TryGetProperty("agent", out var agent) ? agent.GetString() : null, task);
        }
        catch (JsonException)
        {
            // A text that begins with a brace.
            return (null, new AgentTask(line));
        }
    }
}
