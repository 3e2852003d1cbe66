using System.Text.Json;
using AgentCore.Checkpoints;
using AgentCore.Hosting.Definitions;
using AgentCore.Runs;

namespace AgentCore.Runner.Migration;

/// <summary>A task of a file.</summary>
/// <param name="Agent">The agent that it is for; null for all.</param>
/// <param name="Task">The task.</param>
/// <param name="Where">Its file and line.</param>
internal sealed record GivenTask(string? Agent, AgentTask Task, string Where);

/// <summary>The tasks that wrapped agents are compared on: given in a file, or taken from their recorded runs.</summary>
internal static class MigrationTasks
{
    /// <summary>The most recorded runs of one agent that are compared.</summary>
    public const int MostRecorded = 20;

    private const string Input = "input";
    private const string Data = "data";
    private const string Agent = "agent";

    /// <summary>Reads a file of tasks; each is for all agents, or for the one that it names.</summary>
    /// <exception cref="UsageException">There is no such file, or a line of it is wrong.</exception>
    public static IReadOnlyList<GivenTask> Read(string file)
    {
        if (!File.Exists(file))
            throw new UsageException($"There is no file of tasks at '{file}'.");
        return [.. File.ReadLines(file).Select((line, i) => (Text: line, Where: $"{file}, line {i + 1}")).Where(l => !string.IsNullOrWhiteSpace(l.Text)).Select(l => Read(l.Text, l.Where))];
    }

    /// <summary>Refuses tasks for agents that aren't there, which would be compared on nothing of the kind.</summary>
    /// <exception cref="UsageException">A task's agent is none of the names.</exception>
    public static void CheckNames(IEnumerable<GivenTask> tasks, IReadOnlyList<string> names)
    {
        if (tasks.FirstOrDefault(t => t.Agent is { } agent && !names.Contains(agent)) is not { Agent: { } unknown } task)
            return;
        throw new UsageException(
            $"{task.Where}: there is no agent '{unknown}'.{NearestName.Hint(unknown, names)} {(names.Count > 0 ? $"The agents are: {string.Join(", ", names)}." : "No agent is wrapped in this workspace yet.")}");
    }

    public static IReadOnlyDictionary<string, IReadOnlyList<AgentTask>> ByAgent(IEnumerable<GivenTask> tasks) =>
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

    private static GivenTask Read(string line, string where)
    {
        try
        {
            return OfLine(line, where);
        }
        catch (InvalidOperationException e)
        {
            // A text with half a surrogate pair is JSON, but no text.
            throw new UsageException($"{where}: {e.Message}");
        }
    }

    private static GivenTask OfLine(string line, string where)
    {
        if (Parse(line, where) is not { } json || !IsTask(json))
            return new GivenTask(null, new AgentTask(line), where);
        if (!json.TryGetProperty(Input, out var input) || input.ValueKind != JsonValueKind.String)
            throw Wrong(Input, "a text");

        var task = new AgentTask(input.GetString()!);
        if (json.TryGetProperty(Data, out var data))
            task = data.ValueKind == JsonValueKind.Object ? data.EnumerateObject().Aggregate(task, (t, d) => t.With(d.Name, d.Value)) : throw Wrong(Data, "an object");
        if (!json.TryGetProperty(Agent, out var agent))
            return new GivenTask(null, task, where);
        return new GivenTask(agent.ValueKind == JsonValueKind.String ? agent.GetString() : throw Wrong(Agent, "a name"), task, where);

        UsageException Wrong(string field, string rule) => new(
            $$"""{{where}}: '{{field}}' is {{(json.TryGetProperty(field, out var value) ? value.GetRawText() : "missing")}}; give {{rule}}. A task is written as {"input": "…", "data": {…}, "agent": "NAME"}, of which data and agent may be left out.""");
    }

    /// <summary>An object is a task where it has a task's text, names an agent, or has nothing but a task's fields; another is what an agent is to be given.</summary>
    private static bool IsTask(JsonElement json) =>
        (json.TryGetProperty(Input, out var input) && input.ValueKind == JsonValueKind.String)
        || json.TryGetProperty(Agent, out _)
        || (json.EnumerateObject().Any() && json.EnumerateObject().All(p => p.Name is Input or Data));

    private static JsonElement? Parse(string line, string where)
    {
        var text = line.TrimStart();
        try
        {
            return text.StartsWith('{') ? JsonElement.Parse(line) : null;
        }
        catch (JsonException e)
        {
            // A text may begin with a brace; a quote behind it is that of a field.
            return text[1..].TrimStart().StartsWith('"') ? throw new UsageException($"{where} is neither JSON nor a plain text: {e.Message}") : null;
        }
    }
}
