using Microsoft.Extensions.Hosting;

namespace AgentCore.Adapters.Objects.Tests.Fixtures;

// Class D: a lifecycle without a question to ask.
public sealed class TickAgent
{
    public List<string> Log { get; } = [];

    public void Start() => Log.Add("start");

    public void Tick() => Log.Add("tick");

    public void Stop() => Log.Add("stop");
}

public sealed class UpdateBot
{
    public float Elapsed { get; private set; }

    public void Update(float deltaTime) => Elapsed += deltaTime;
}

public sealed class WorkerAgent : BackgroundService
{
    public TaskCompletionSource Started { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public bool Ended { get; private set; }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        Started.SetResult();
        try
        {
            await Task.Delay(Timeout.Infinite, stoppingToken);
        }
        finally
        {
            Ended = true;
        }
    }
}

public sealed class HostedAgent : IHostedService
{
    public string State { get; private set; } = "new";

    public Task StartAsync(CancellationToken cancellationToken)
    {
        State = "started";
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken)
    {
        State = "stopped";
        return Task.CompletedTask;
    }
}

// Class A with a whole life around it.
public sealed class LivingAgent : IAsyncDisposable
{
    public List<string> Log { get; } = [];

    public Task InitializeAsync(CancellationToken cancellationToken)
    {
        Log.Add("initialize");
        return Task.CompletedTask;
    }

    public string Run(string input)
    {
        Log.Add(input);
        return $"ran {input}";
    }

    public Task StopAsync()
    {
        Log.Add("stop");
        return Task.CompletedTask;
    }

    public ValueTask DisposeAsync()
    {
        Log.Add("dispose");
        return default;
    }
}

public sealed class CounterState
{
    public int Count { get; set; }
}

public sealed class CountingAgent
{
    private int _count;

    public string Run(string input) => $"{input} {++_count}";

    public CounterState SaveState() => new() { Count = _count };

    public void LoadState(CounterState state) => _count = state.Count;
}

// Class E: nothing to execute.
public sealed class SettingsAgent
{
    public string Name { get; set; } = "";

    public string Endpoint { get; set; } = "";
}

public sealed class DefinitionAgent
{
    public string Instructions => "You are kind.";

    public string Model => "small";
}

public sealed class FactoryAgent
{
    public RunTextAgent CreateAgent(string name) => new();
}

public sealed class MarkedAgent
{
    public string Run(string input) => $"not this {input}";

    [AgentMethod(Repeatable = true)]
    public string Whatever([AgentArgument("data.city")] string place) => $"marked {place}";
}
