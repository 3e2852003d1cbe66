namespace AgentCore;

/// <summary>The base of agents whose code is asynchronous: a subclass writes <see cref="OnExecuteAsync"/>. It is called the
/// same ways as any <see cref="BaseAgent"/>, synchronous ones included.</summary>
public abstract class AsyncAgent : BaseAgent
{
    /// <summary>Creates an agent.</summary>
    /// <param name="metadata">What it is.</param>
    /// <param name="options">How it runs; null for the defaults.</param>
    protected AsyncAgent(AgentMetadata metadata, AgentOptions? options = null) : base(metadata, options)
    {
    }

    /// <summary>Creates an agent with a name and nothing else to tell.</summary>
    /// <param name="name">Its name.</param>
    protected AsyncAgent(string name) : base(name)
    {
    }

    internal sealed override bool IsSynchronous => false;

    /// <summary>Does the work of one run.</summary>
    /// <param name="context">The run: its task, steps, tools, state.</param>
    /// <returns>The outcome. An exception makes the run fail.</returns>
    protected abstract ValueTask<AgentResult> OnExecuteAsync(AgentContext context);

    /// <summary>Makes what the runs need. Called again to recover after an error: make it anew.</summary>
    /// <param name="cancellationToken">Gives up.</param>
    protected virtual ValueTask OnInitializeAsync(CancellationToken cancellationToken) => default;

    /// <summary>Releases what <see cref="OnInitializeAsync"/> made.</summary>
    /// <param name="cancellationToken">Gives up.</param>
    protected virtual ValueTask OnShutdownAsync(CancellationToken cancellationToken) => default;

    /// <summary>Not called: the asynchronous form is.</summary>
    /// <param name="context">The run.</param>
    protected sealed override AgentResult OnExecute(AgentContext context) =>
        throw new NotSupportedException("AsyncAgent runs OnExecuteAsync.");

    /// <summary>Not called: the asynchronous form is.</summary>
    protected sealed override void OnInitialize()
    {
    }

    /// <summary>Not called: the asynchronous form is.</summary>
    protected sealed override void OnShutdown()
    {
    }

    internal sealed override ValueTask<AgentResult> InvokeAsync(AgentContext context) => OnExecuteAsync(context);

    internal sealed override ValueTask InitializeCoreAsync(CancellationToken cancellationToken) => OnInitializeAsync(cancellationToken);

    internal sealed override ValueTask ShutdownCoreAsync(CancellationToken cancellationToken) => OnShutdownAsync(cancellationToken);
}
