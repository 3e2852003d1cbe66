using AgentCore.Adapters.Objects.Bindings;
using AgentCore.Adapters.Objects.Migration;
using Microsoft.Extensions.AI;

namespace AgentCore.Adapters.Objects.Calls;

/// <summary>What the adapter can give by itself: services, the host's model, and what the agent's own assembly offers.</summary>
internal sealed record CallEnvironment(IServiceProvider? Services, IChatClient? Client, Implementers Implementers)
{
    private NoServices? _nothing;

    public ConstructorPlanner Constructors { get; } = new(Implementers);

    /// <summary>What an agent gets that asks for services where there are none.</summary>
    public NoServices Nothing => _nothing ??= new NoServices(this);

    /// <summary>The host's model as it was given to the object; null where it was not.</summary>
    public StepClient? Model { get; private set; }

    /// <summary>The host's model, to be given to the object; null where there is none.</summary>
    public StepClient? GiveModel() =>
        Model ??= (Client ?? Services?.GetService(typeof(IChatClient)) as IChatClient) is { } client ? new StepClient(client) : null;

    /// <summary>Stands in for the gaps of a binding while an agent is tried; null where nothing does.</summary>
    public StandIns? StandIns { get; init; }

    /// <summary>What no error may show.</summary>
    public Secrets Secrets { get; init; } = Secrets.None;

    /// <summary>The agent's clock.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>The namespace of the wrapped class: what lies there is meant for it before anything else.</summary>
    public string? Home { get; init; }
}

/// <summary>One call: the task it answers and what it left beside its return value.</summary>
internal sealed class CallFrame(AgentTask task, CallEnvironment environment, CancellationToken cancellationToken)
{
    public AgentTask Task { get; } = task;

    public CancellationToken Token { get; } = cancellationToken;

    public CallEnvironment Environment { get; } = environment;

    /// <summary>The arguments that were made, by name, where the result or a gap needs them again.</summary>
    public Dictionary<string, object?>? Made { get; set; }

    /// <summary>What out and ref parameters hold after the call.</summary>
    public Dictionary<string, object?>? Outputs { get; set; }

    public Collector? Collector { get; set; }

    public Collector Collect() => Collector ??= new Collector();

    public T Keep<T>(string name, T value)
    {
        (Made ??= new Dictionary<string, object?>(StringComparer.Ordinal))[name] = value;
        return value;
    }

    public void Output(string name, object? value) => (Outputs ??= new Dictionary<string, object?>(StringComparer.Ordinal))[name] = value;
}

/// <summary>Keeps what an agent says through callbacks, channels, progress, observers and events.</summary>
internal sealed class Collector
{
    private readonly List<object?> _items = [];
    private readonly TaskCompletionSource _first = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly List<Action> _finish = [];

    /// <summary>Ends when the first value is there.</summary>
    public Task First => _first.Task;

    public void Add(object? item)
    {
        lock (_items)
            _items.Add(item);
        _first.TrySetResult();
    }

    public void Finally(Action finish) => _finish.Add(finish);

    public IReadOnlyList<object?> Take()
    {
        foreach (var finish in _finish)
            finish();
        lock (_items)
            return [.. _items];
    }
}
