using AgentCore.Agents;
using BenchmarkDotNet.Attributes;
using Microsoft.Extensions.AI;

namespace AgentCore.Benchmarks;

/// <summary>The hot paths under BenchmarkDotNet: <c>dotnet run -c Release --project tests/AgentCore.Benchmarks -- --filter *</c>.</summary>
[MemoryDiagnoser]
public class ChatBenchmarks : IDisposable
{
    private InstantClient? _client;
    private InstantClient? _caller;
    private ChatAgent? _agent;
    private ChatAgent? _toolAgent;

    /// <summary>Makes the agents.</summary>
    [GlobalSetup]
    public void Setup()
    {
        _client = new InstantClient();
        _caller = new InstantClient(callsTool: true);
        _agent = ChatAgent.Create("bench", _client).Build();
        _toolAgent = ChatAgent.Create("bench", _caller).WithTool(AIFunctionFactory.Create((int n) => n, "noop")).Build();
    }

    /// <summary>The client alone.</summary>
    [Benchmark(Baseline = true)]
    public Task<ChatResponse> Raw() => _client!.GetResponseAsync(new List<ChatMessage>(1) { new(ChatRole.User, "hi") });

    /// <summary>A turn of an agent on a fresh conversation.</summary>
    [Benchmark]
    public Task<AgentResult> Turn() => _agent!.ExecuteAsync("hi", new RunOptions { Session = new AgentSession() });

    /// <summary>A turn with one tool call.</summary>
    [Benchmark]
    public Task<AgentResult> TurnWithTool() => _toolAgent!.ExecuteAsync("hi", new RunOptions { Session = new AgentSession() });

    /// <summary>Lets the agents go.</summary>
    [GlobalCleanup]
    public void Dispose()
    {
        _agent?.Dispose();
        _toolAgent?.Dispose();
        _client?.Dispose();
        _caller?.Dispose();
        GC.SuppressFinalize(this);
    }
}
