using AgentCore.Checkpoints;
using AgentCore.LiteDb.Files;

namespace AgentCore.LiteDb;

/// <summary>Writes in the order in which it is asked, one group at a time, each on one thread (a LiteDB transaction belongs to a
/// thread): on the caller's where nobody else writes, else on one of its own. What waits together is committed together, and
/// forced to disk once.</summary>
internal sealed class CommitQueue : IDisposable
{
    private const int MostInGroup = 512;
    private readonly string _path;
    private readonly LiteDbStoreOptions _options;
    private readonly FileStream? _writerLock;
    private readonly Queue<Work> _waiting = new();
    private readonly Thread _thread;
    private StoreSession? _session;
    private StoreWriter? _writer;
    private StoreException? _failure;
    private bool _isClosing;
    private bool _isWriting;

    /// <summary>Starts the thread.</summary>
    /// <param name="path">The store's file.</param>
    /// <param name="options">How to keep it.</param>
    /// <param name="session">The open file; null in shared mode, where each group opens it.</param>
    /// <param name="writerLock">The writer's lock; null in shared mode.</param>
    public CommitQueue(string path, LiteDbStoreOptions options, StoreSession? session, FileStream? writerLock)
    {
        _path = path;
        _options = options;
        _session = session;
        _writer = session is null ? null : new StoreWriter(session.Engine);
        _writerLock = writerLock;
        _thread = new Thread(Run) { IsBackground = true, Name = "AgentCore.LiteDb" };
        _thread.Start();
    }

    /// <summary>Asks for a write.</summary>
    /// <param name="apply">Writes within the group's transaction; a <see cref="StoreException"/> from it refuses this write alone,
    /// and it must have written nothing then.</param>
    /// <param name="durable">Whether it must be on disk when the task ends.</param>
    /// <param name="cancellationToken">Gives up; what waits still is not written then.</param>
    public Task Enqueue(Action<StoreWriter> apply, bool durable, CancellationToken cancellationToken)
    {
        var work = new Work(apply, durable && _options.Durability == StoreDurability.PowerLoss, cancellationToken);
        lock (_waiting)
        {
            ObjectDisposedException.ThrowIf(_isClosing, typeof(LiteDbStore));
            if (_failure is not null)
                return Task.FromException(_failure);

            // A shared store waits for other processes, which no caller should do.
            if (_isWriting || _waiting.Count > 0 || _session is null)
            {
                _waiting.Enqueue(work);
                Monitor.PulseAll(_waiting);
                return work.Done.Task.WaitAsync(cancellationToken);
            }

            _isWriting = true;
        }

        Write([work]);
        return work.Done.Task;
    }

    /// <summary>Writes what waits, copies the log into the file, and closes it.</summary>
    public void Dispose()
    {
        lock (_waiting)
        {
            if (_isClosing)
                return;

            _isClosing = true;
            Monitor.PulseAll(_waiting);
        }

        _thread.Join();
        try
        {
            if (_failure is null)
            {
                _session?.Sync();
                _session?.TryCheckpoint();
            }
        }
        catch (Exception e) when (e is IOException or LiteDB.LiteException)
        {
            // Everything acknowledged is in the log, which the next opening reads.
        }
        finally
        {
            _session?.Dispose();
            _writerLock?.Dispose();
        }
    }

    private void Run()
    {
        while (TakeGroup() is { } group)
            Write(group);
    }

    private void Write(List<Work> group)
    {
        try
        {
            Commit(group);
        }
        catch (OperationCanceledException)
        {
            // All gave up while another process wrote: each ends as cancelled by its own token.
            foreach (var work in group)
                work.IsGivenUp();
        }
        catch (Exception e)
        {
            Fail(group, Explain(e));
        }
        finally
        {
            lock (_waiting)
            {
                _isWriting = false;
                Monitor.PulseAll(_waiting);
            }
        }
    }

    private List<Work>? TakeGroup()
    {
        lock (_waiting)
        {
            while (_waiting.Count == 0 || _isWriting)
            {
                if (_isClosing && !_isWriting)
                    return null;
                Monitor.Wait(_waiting);
            }

            _isWriting = true;
            var group = new List<Work>();
            while (group.Count < MostInGroup && _waiting.TryDequeue(out var work))
                group.Add(work);
            return group;
        }
    }

    private void Commit(List<Work> group)
    {
        if (_session is not null)
        {
            Write(_session, _writer!, group);
            return;
        }

        // Other processes are waited for while anyone in the group waits.
        using var waiting = new CancellationTokenSource();
        var left = group.Count;
        var registrations = group.ConvertAll(work => work.CancellationToken.UnsafeRegister(
            _ =>
            {
                if (Interlocked.Decrement(ref left) == 0)
                    waiting.Cancel();
            },
            null));
        var isOpen = false;
        try
        {
            using var writerLock = StoreLock.TakeWriter(_path, wait: true, waiting.Token);
            using var session = StoreSession.OpenWriter(_path, _options, waiting.Token);
            isOpen = true;
            Write(session, new StoreWriter(session.Engine), group);
        }
        catch (Exception e) when (!isOpen && e is not OperationCanceledException)
        {
            // Nothing of the group was written, and the next one opens the file anew.
            var failure = Explain(e);
            foreach (var work in group)
                work.Done.TrySetException(failure);
        }
        finally
        {
            foreach (var registration in registrations)
                registration.Dispose();
        }
    }

    private void Write(StoreSession session, StoreWriter writer, List<Work> group)
    {
        session.Engine.BeginTrans();
        foreach (var work in group)
        {
            if (work.IsGivenUp())
                continue;

            try
            {
                work.Apply(writer);
            }
            catch (StoreException refusal)
            {
                work.Refusal = refusal;
            }
        }

        writer.Flush();
        session.Engine.Commit();
        session.ThrowIfFailed();
        if (group.Exists(w => w.Durable && w.Refusal is null))
            session.Sync();
        foreach (var work in group)
            work.Complete();

        if (session.LogLength >= _options.CheckpointBytes)
            session.TryCheckpoint();
    }

    /// <summary>After a failed write or sync nobody knows what is on disk: all further writes are refused.</summary>
    private void Fail(List<Work> group, StoreException failure)
    {
        lock (_waiting)
        {
            _failure = new StoreException(
                $"'{_path}' takes no more writes since one failed: {failure.Message} Close the store, mend the cause, and open it again.", failure);
            group.AddRange(_waiting);
            _waiting.Clear();
        }

        foreach (var work in group)
            work.Done.TrySetException(failure);
    }

    private StoreException Explain(Exception e) => e as StoreException ?? StoreSession.Explain(_path, e);

    private sealed class Work(Action<StoreWriter> apply, bool durable, CancellationToken cancellationToken)
    {
        public CancellationToken CancellationToken => cancellationToken;

        public Action<StoreWriter> Apply { get; } = apply;

        public bool Durable { get; } = durable;

        public StoreException? Refusal { get; set; }

        public TaskCompletionSource Done { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        /// <summary>Whether nobody waits for it any more; it ends then, and is not written.</summary>
        public bool IsGivenUp() => cancellationToken.IsCancellationRequested && Done.TrySetCanceled(cancellationToken);

        public void Complete()
        {
            if (Refusal is null)
                Done.TrySetResult();
            else
                Done.TrySetException(Refusal);
        }
    }
}
