using System.Text.Json;

namespace AgentCore.Adapters.Processes;

/// <summary>Calls a Python agent once in a process of its own, with no agent around it.</summary>
internal static class PythonDirect
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);

    /// <summary>Has a task done.</summary>
    /// <param name="name">The agent's name.</param>
    /// <param name="python">The agent.</param>
    /// <param name="task">The task.</param>
    /// <param name="sample">Whether data that the binding takes and the task lacks is made up.</param>
    /// <param name="timeout">The longest that the call may take, its start aside.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="ProcessException">The interpreter is missing, or the agent ended it.</exception>
    public static async Task<DirectOutcome> RunAsync(
        string name, PythonOptions python, AgentTask task, bool sample, TimeSpan timeout, CancellationToken cancellationToken)
    {
        var options = new ProcessOptions(PythonAgent.Interpreter(python), PythonCode.Arguments)
        {
            WorkingDirectory = python.WorkingDirectory,
            Environment = PythonAgent.Environment(python.Environment),
            // Its own clock stops it before; this one is for an agent that stops its clock.
            Limits = python.Limits with { TaskTimeout = python.Limits.StartTimeout + timeout + TimeSpan.FromSeconds(10) },
        };
        var request = JsonSerializer.Serialize(
            new
            {
                Agent = name,
                Configuration = PythonAgent.Configuration(python),
                Task = WireTask.Of(task),
                Sample = sample,
                MaxOutputBytes = python.Limits.MaxOutputBytes,
                StartSeconds = python.Limits.StartTimeout.TotalSeconds,
                TaskSeconds = timeout.TotalSeconds,
            }, Json);
        var reply = await TextCall.ReadAsync(options, PythonCode.Direct + request + "\n", TimeProvider.System, cancellationToken).ConfigureAwait(false);
        var outcome = JsonSerializer.Deserialize<DirectOutcome>(reply, Json)!;
        var mask = options.Environment.Mask();
        return outcome with { Output = mask.Apply(outcome.Output), Data = mask.Apply(outcome.Data), Error = mask.Apply(outcome.Error) };
    }
}

/// <summary>What an agent gave: output and data, or an error, or that its time was up.</summary>
internal sealed record DirectOutcome
{
    public string? Output { get; init; }

    public JsonElement? Data { get; init; }

    public string? Error { get; init; }

    /// <summary>Whether the error is that the binding lacks something.</summary>
    public bool Gap { get; init; }

    /// <summary>Whether the error kept it from being loaded.</summary>
    public bool Unloaded { get; init; }

    /// <summary>Whether the error is that something isn't here: a file, a variable, a server.</summary>
    public bool Outside { get; init; }

    public string? TimedOut { get; init; }

    public double Milliseconds { get; init; }

    /// <summary>The data that the task had, what was made up for it too.</summary>
    public Dictionary<string, JsonElement>? Used { get; init; }
}
