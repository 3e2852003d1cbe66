namespace AgentCore.Tests;

/// <summary>A synchronous agent of a delegate.</summary>
internal sealed class Sync(Func<AgentContext, AgentResult> body, AgentOptions? options = null, string name = "sync")
    : BaseAgent(new AgentMetadata(name) { Capabilities = new(["*"]) }, options)
{
    public Action? Initializing { get; init; }

    public Action? ShuttingDown { get; init; }

    protected override AgentResult OnExecute(AgentContext context) => body(context);

    protected override void OnInitialize() => Initializing?.Invoke();

    protected override void OnShutdown() => ShuttingDown?.Invoke();
}

/// <summary>An asynchronous agent of a delegate.</summary>
internal sealed class Async(Func<AgentContext, Task<AgentResult>> body, AgentOptions? options = null, string name = "async")
    : AsyncAgent(new AgentMetadata(name) { Capabilities = new(["*"]) }, options)
{
    protected override async ValueTask<AgentResult> OnExecuteAsync(AgentContext context) => await body(context);
}
