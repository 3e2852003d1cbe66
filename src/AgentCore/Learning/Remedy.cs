namespace AgentCore.Learning;

/// <summary>Something to do about an error before a run is tried again: registered by type, never kept as code. What is kept of
/// it is its <see cref="Id"/>.</summary>
public abstract class Remedy
{
    /// <summary>Creates a remedy.</summary>
    /// <param name="name">Its name, such as <c>reduce-context</c>.</param>
    /// <param name="parameters">Its parameters in words, such as <c>keep=0.5</c>; empty for none. The same remedy with other
    /// parameters is another one.</param>
    protected Remedy(string name, string parameters = "")
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        ArgumentNullException.ThrowIfNull(parameters);
        Name = name;
        Parameters = parameters;
    }

    /// <summary>Its name.</summary>
    public string Name { get; }

    /// <summary>Its parameters; empty for none.</summary>
    public string Parameters { get; }

    /// <summary>Name and parameters: what its success is kept under.</summary>
    public string Id => Parameters.Length == 0 ? Name : $"{Name}({Parameters})";

    /// <summary>How long it waits before the next attempt.</summary>
    internal virtual TimeSpan Wait => TimeSpan.Zero;

    /// <summary>Whether it could help against an error.</summary>
    /// <param name="error">The error.</param>
    /// <param name="signature">Its signature.</param>
    public abstract bool Fits(AgentError error, ErrorSignature signature);

    /// <summary>What it changes for the attempts that follow. It must depend on nothing else: a resumed run asks again.</summary>
    /// <param name="changes">The changes so far.</param>
    public virtual AttemptChanges Change(AttemptChanges changes) => changes;

    /// <summary>What is to be done once before the next attempt.</summary>
    /// <param name="context">The failed attempt.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public virtual ValueTask PrepareAsync(RemedyContext context, CancellationToken cancellationToken) => default;

    /// <inheritdoc/>
    public override string ToString() => Id;
}

/// <summary>The failed attempt that a remedy is for.</summary>
public sealed class RemedyContext
{
    private readonly Func<CancellationToken, ValueTask> _reinitialize;

    internal RemedyContext(BaseAgent agent, AgentError error, ErrorSignature signature, Func<CancellationToken, ValueTask> reinitialize)
    {
        Agent = agent;
        Error = error;
        Signature = signature;
        _reinitialize = reinitialize;
    }

    /// <summary>The agent that failed.</summary>
    public BaseAgent Agent { get; }

    /// <summary>Why it failed.</summary>
    public AgentError Error { get; }

    /// <summary>The error without what differs each time.</summary>
    public ErrorSignature Signature { get; }

    /// <summary>Shuts the agent down and initialises it again.</summary>
    /// <param name="cancellationToken">Gives up.</param>
    public ValueTask ReinitializeAsync(CancellationToken cancellationToken) => _reinitialize(cancellationToken);
}
