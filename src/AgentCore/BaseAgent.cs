using AgentCore.Runs;

namespace AgentCore;

/// <summary>The base of every agent, synchronous first: a subclass writes <see cref="OnExecute"/>, and gets a lifecycle,
/// permission-checked tools, and runs that can be resumed. <see cref="AsyncAgent"/> is the same for asynchronous code.</summary>
/// <remarks>
/// One error rule: <see cref="Execute(AgentTask, CancellationToken)"/> throws only for misuse, before a run exists (a stopped
/// agent, a session in use, an agent that calls itself). After that every outcome is an <see cref="AgentResult"/>.
/// </remarks>
public abstract partial class BaseAgent : IDisposable
{
    private readonly Lock _lock = new();
    private readonly SemaphoreSlim _lifecycle = new(1, 1);
    private AgentState _state = AgentState.Created;
    private int _running;
    private bool _disposed;

    /// <summary>Creates an agent.</summary>
    /// <param name="metadata">What it is.</param>
    /// <param name="options">How it runs; null for the defaults.</param>
    protected BaseAgent(AgentMetadata metadata, AgentOptions? options = null)
    {
        Metadata = metadata ?? throw new ArgumentNullException(nameof(metadata));
        Options = options ?? new AgentOptions();
        _slots = Options.MaxConcurrentRuns > 0 ? new SemaphoreSlim(Options.MaxConcurrentRuns, Options.MaxConcurrentRuns) : null;
    }

    /// <summary>Creates an agent with a name and nothing else to tell.</summary>
    /// <param name="name">Its name.</param>
    protected BaseAgent(string name) : this(new AgentMetadata(name))
    {
    }

    /// <summary>What the agent is.</summary>
    public AgentMetadata Metadata { get; }

    /// <summary>How it runs.</summary>
    public AgentOptions Options { get; }

    /// <summary>Where it is in its life.</summary>
    public AgentState State => Volatile.Read(ref _running) > 0 ? AgentState.Busy : _state;

    /// <summary>Why the last initialisation, shutdown or run failed; null after a good one.</summary>
    public AgentError? LastError { get; private set; }

    internal virtual bool IsSynchronous => true;

    /// <summary>Makes the agent ready; a ready one stays so. The first run does it too.</summary>
    /// <returns>Whether it is ready now; if not, <see cref="LastError"/> says why.</returns>
    /// <exception cref="InvalidOperationException">The agent is busy or disposed.</exception>
    public bool Initialize() => BlockingBridge.Run(() => InitializeAsync(synchronous: true, CancellationToken.None));

    /// <summary>Makes the agent ready; a ready one stays so.</summary>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>Whether it is ready now; if not, <see cref="LastError"/> says why.</returns>
    /// <exception cref="InvalidOperationException">The agent is busy or disposed.</exception>
    public Task<bool> InitializeAsync(CancellationToken cancellationToken = default) =>
        InitializeAsync(synchronous: false, cancellationToken).AsTask();

    /// <summary>Shuts the agent down; what it holds is released. It can be initialised again.</summary>
    /// <returns>Whether that went well; if not, <see cref="LastError"/> says why. It is stopped in either case.</returns>
    /// <exception cref="InvalidOperationException">The agent is busy.</exception>
    public bool Shutdown() => BlockingBridge.Run(() => ShutdownAsync(synchronous: true, CancellationToken.None));

    /// <summary>Shuts the agent down.</summary>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <returns>Whether that went well; if not, <see cref="LastError"/> says why. It is stopped in either case.</returns>
    /// <exception cref="InvalidOperationException">The agent is busy.</exception>
    public Task<bool> ShutdownAsync(CancellationToken cancellationToken = default) =>
        ShutdownAsync(synchronous: false, cancellationToken).AsTask();

    /// <summary>Shuts the agent down for good, if it isn't busy.</summary>
    public void Dispose()
    {
        Dispose(disposing: true);
        GC.SuppressFinalize(this);
    }

    /// <inheritdoc/>
    public override string ToString() => $"{Metadata.Name} ({State})";

    /// <summary>Does the work of one run.</summary>
    /// <param name="context">The run: its task, steps, tools, state.</param>
    /// <returns>The outcome. An exception makes the run fail.</returns>
    protected abstract AgentResult OnExecute(AgentContext context);

    /// <summary>Makes what the runs need. Called again to recover after an error: make it anew.</summary>
    protected virtual void OnInitialize()
    {
    }

    /// <summary>Releases what <see cref="OnInitialize"/> made.</summary>
    protected virtual void OnShutdown()
    {
    }

    /// <summary>Releases what the agent holds.</summary>
    /// <param name="disposing">Whether it was called by <see cref="Dispose()"/>.</param>
    protected virtual void Dispose(bool disposing)
    {
        if (!disposing || _disposed)
            return;

        if (State is AgentState.Ready or AgentState.Error)
            Shutdown();
        _disposed = true;
        if (Volatile.Read(ref _running) > 0)
            return; // Its run still has a turn to give back.
        _slots?.Dispose();
        _lifecycle.Dispose();
    }

    internal virtual ValueTask<AgentResult> InvokeAsync(AgentContext context) => new(OnExecute(context));

    internal virtual ValueTask InitializeCoreAsync(CancellationToken cancellationToken)
    {
        OnInitialize();
        return default;
    }

    internal virtual ValueTask ShutdownCoreAsync(CancellationToken cancellationToken)
    {
        OnShutdown();
        return default;
    }

    private async ValueTask<bool> InitializeAsync(bool synchronous, CancellationToken cancellationToken)
    {
        ThrowIfDisposed();
        if (_state == AgentState.Ready)
            return true;

        await BlockingBridge.Settle(new ValueTask(_lifecycle.WaitAsync(cancellationToken)), synchronous).ConfigureAwait(false);
        try
        {
            if (_state == AgentState.Ready)
                return true;

            await BlockingBridge.Settle(InitializeCoreAsync(cancellationToken), synchronous).ConfigureAwait(false);
            Move(AgentState.Ready, null);
            return true;
        }
        catch (Exception e) when (e is not OperationCanceledException || !cancellationToken.IsCancellationRequested)
        {
            Move(AgentState.Error, AgentError.From(e));
            return false;
        }
        finally
        {
            _lifecycle.Release();
        }
    }

    private async ValueTask<bool> ShutdownAsync(bool synchronous, CancellationToken cancellationToken)
    {
        if (_disposed || _state == AgentState.Stopped)
            return true;

        await BlockingBridge.Settle(new ValueTask(_lifecycle.WaitAsync(cancellationToken)), synchronous).ConfigureAwait(false);
        try
        {
            lock (_lock)
            {
                if (_running > 0)
                    throw Illegal("shut down", "wait for its run, or cancel it");
                var before = _state;
                _state = AgentState.Stopped;
                if (before is AgentState.Stopped or AgentState.Created)
                    return true;
            }

            await BlockingBridge.Settle(ShutdownCoreAsync(cancellationToken), synchronous).ConfigureAwait(false);
            LastError = null;
            return true;
        }
        catch (Exception e) when (e is not InvalidOperationException || _state == AgentState.Stopped)
        {
            LastError = AgentError.From(e);
            return false;
        }
        finally
        {
            _lifecycle.Release();
        }
    }

    /// <summary>Makes what the runs need anew, in the middle of one.</summary>
    internal async ValueTask ReinitializeAsync(CancellationToken cancellationToken)
    {
        await _lifecycle.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            await ShutdownCoreAsync(cancellationToken).ConfigureAwait(false);
            await InitializeCoreAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e) when (e is not OperationCanceledException || !cancellationToken.IsCancellationRequested)
        {
            // The next attempt tells what is wrong.
            LastError = AgentError.From(e);
        }
        finally
        {
            _lifecycle.Release();
        }
    }

    private void Move(AgentState state, AgentError? error)
    {
        lock (_lock)
        {
            _state = state;
            LastError = error;
        }
    }

    private InvalidOperationException Illegal(string verb, string legal) =>
        new($"Agent '{Metadata.Name}' can't {verb}: it is {State}. What can be done now: {legal}.");

    private void ThrowIfDisposed()
    {
        if (_disposed)
            throw new InvalidOperationException($"Agent '{Metadata.Name}' is disposed. Make a new one.");
    }
}
