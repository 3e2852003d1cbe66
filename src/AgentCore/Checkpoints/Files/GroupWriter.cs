using System.Runtime.InteropServices;

namespace AgentCore.Checkpoints.Files;

/// <summary>Writes batches in the order in which they came, as many at once as have come: one write, and one sync for all that
/// ask for it.</summary>
/// <remarks>One party writes at a time: a work item of the thread pool (a caller alone on its pool thread then pays for no
/// switch of threads), or a caller whose batch needs no sync and who finds nobody writing. After a failed write or sync nothing is written any more: what the disk then holds is unknown, and a second
/// fsync would report success for pages that were dropped.</remarks>
internal sealed class GroupWriter
{
    private const int FlushAtBytes = 1024 * 1024;
    private const int KeepBufferBytes = 4 * 1024 * 1024;

    private readonly StoreIndex _index;
    private readonly SegmentSet _segments;
    private readonly BlobFolder _blobs;
    private readonly FileStoreOptions _options;

    private readonly Lock _gate = new();
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private List<PendingCommit> _queue = [];
    private bool _writing;
    private bool _closing;
    private StoreException? _failure;

    // Used by the one party that writes.
    private List<PendingCommit> _group = [];
    private readonly List<PendingCommit> _encoded = [];
    private readonly List<PendingCommit> _awaitingSync = [];
    private readonly List<(int Offset, int Length, int Ops)> _frames = [];
    private readonly List<StoredOp> _ops = [];
    private readonly List<long> _numbers = [];
    private readonly ByteWriter _buffer = new(64 * 1024);

    public GroupWriter(StoreIndex index, SegmentSet segments, BlobFolder blobs, FileStoreOptions options)
    {
        _index = index;
        _segments = segments;
        _blobs = blobs;
        _options = options;
    }

    /// <summary>Why nothing is written any more; null while all is well.</summary>
    public StoreException? Failure => Volatile.Read(ref _failure);

    /// <summary>Hands a batch over.</summary>
    /// <param name="batch">The batch.</param>
    /// <param name="sync">Whether it is acknowledged only when synced.</param>
    /// <param name="removals">Files to remove once the batch is synced.</param>
    /// <param name="roll">Whether a new segment is begun before it.</param>
    public Task Commit(StoreBatch batch, bool sync, IReadOnlyList<string> removals, bool roll = false)
    {
        var commit = new PendingCommit(batch, sync, removals, roll);
        bool writeHere;
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_closing, typeof(FileCheckpointStore));
            if (_failure is { } failure)
                throw Refusal(failure);
            writeHere = !_writing && !sync;
            if (writeHere)
                _writing = true;
            else
                Enqueue(commit);
        }
        if (writeHere)
        {
            _group.Add(commit);
            WriteGroup();
            HandOver();
        }
        return commit.Done.Task;
    }

    /// <summary>Waits until all that was handed over is written; nothing is taken any more.</summary>
    public async Task CloseAsync()
    {
        lock (_gate)
        {
            _closing = true;
            // Whoever is writing sees the end through.
            if (!_writing)
                _ended.TrySetResult();
        }
        await _ended.Task.ConfigureAwait(false);
    }

    private void Enqueue(PendingCommit commit)
    {
        _queue.Add(commit);
        if (_writing)
            return;
        _writing = true;
        Schedule();
    }

    private void Schedule() => ThreadPool.UnsafeQueueUserWorkItem(static writer => writer.Run(), this, preferLocal: true);

    private void Run()
    {
        while (TakeGroup())
            WriteGroup();
    }

    // A caller wrote its own batch; what came meanwhile is not its business.
    private void HandOver()
    {
        lock (_gate)
        {
            if (_queue.Count > 0)
                Schedule();
            else
                StopWriting();
        }
    }

    // False when there is nothing to write; then nobody is writing.
    private bool TakeGroup()
    {
        lock (_gate)
        {
            (_queue, _group) = (_group, _queue);
            if (_group.Count > 0)
                return true;
            StopWriting();
            return false;
        }
    }

    private void StopWriting()
    {
        _writing = false;
        if (_closing)
            _ended.TrySetResult();
    }

    private void WriteGroup()
    {
        try
        {
            if (_failure is { } failure)
                throw Refusal(failure);
            foreach (var commit in _group)
                Encode(commit);
            Flush();
            if (_awaitingSync.Count > 0)
                Sync();
        }
        catch (Exception e)
        {
            Fail(e);
        }
        finally
        {
            _group.Clear();
        }
    }

    private void Encode(PendingCommit commit)
    {
        try
        {
            _index.Assign(commit.Batch.Operations, _numbers);
        }
        catch (StoreException e)
        {
            commit.Done.SetException(e);
            return;
        }
        if (commit.Roll || _segments.Active.End + _buffer.Length >= _options.SegmentBytes)
        {
            Flush();
            _segments.Roll();
        }
        _encoded.Add(commit);
        if (_numbers.Count == 0)
            return;
        var segment = _segments.Active;
        var offset = segment.End + _buffer.Length;
        var start = Frame.Begin(_buffer, segment.Cipher);
        var payloadStart = _buffer.Length;
        _buffer.Varint(_numbers.Count);
        for (var i = 0; i < _numbers.Count; i++)
        {
            var op = commit.Batch.Operations[i];
            _ops.Add(BatchCodec.Write(_buffer, payloadStart, op.Kind, op.Collection, op.Key, _numbers[i], op.Data.Span));
        }
        var length = Frame.End(_buffer, start, segment.Salt, segment.Cipher, offset, segment.Synced);
        _frames.Add(((int)offset, length, _numbers.Count));
        if (_buffer.Length >= FlushAtBytes)
            Flush();
    }

    // Writes what is encoded, shows it to readers and acknowledges what needs no sync.
    private void Flush()
    {
        var segment = _segments.Active;
        if (_frames.Count > 0)
        {
            segment.File.Write(segment.End, _buffer.Written);
            segment.End += _buffer.Length;
            _buffer.Clear(KeepBufferBytes);
            var ops = CollectionsMarshal.AsSpan(_ops);
            foreach (var (offset, length, count) in _frames)
            {
                _index.Apply(segment, offset, length, ops[..count]);
                _segments.ActiveIndex.Add(offset, length, ops[..count]);
                ops = ops[count..];
            }
            _ops.Clear();
            _frames.Clear();
        }
        foreach (var commit in _encoded)
        {
            if (commit.Sync)
                _awaitingSync.Add(commit);
            else
                commit.Done.SetResult();
        }
        _encoded.Clear();
    }

    private void Sync()
    {
        var segment = _segments.Active;
        if (segment.Synced < segment.End)
        {
            segment.File.Sync();
            segment.Synced = segment.End;
        }
        foreach (var commit in _awaitingSync)
        {
            if (commit.Removals.Count > 0)
                _blobs.Remove(commit.Removals);
            commit.Done.SetResult();
        }
        _awaitingSync.Clear();
    }

    /// <summary>Refuses all further writes.</summary>
    public StoreException Stop(Exception e)
    {
        var failure = e as StoreException
            ?? (StoreErrors.IsDisk(e) ? StoreErrors.Wrap("write", _segments.Active.Path, e) : new StoreException($"The store could not write: {e.Message}", e));
        lock (_gate)
            _failure ??= failure;
        return failure;
    }

    private void Fail(Exception e)
    {
        var failure = Stop(e);
        foreach (var commit in _group.Concat(_encoded).Concat(_awaitingSync))
            commit.Done.TrySetException(failure);
        _encoded.Clear();
        _awaitingSync.Clear();
        _frames.Clear();
        _ops.Clear();
        _buffer.Clear(KeepBufferBytes);
    }

    private static StoreException Refusal(StoreException failure) => new(
        $"The store takes no more writes since one failed; what was acknowledged is kept. Open it again once this is solved: {failure.Message}",
        failure);
}

/// <summary>A batch on its way.</summary>
internal sealed class PendingCommit(StoreBatch batch, bool sync, IReadOnlyList<string> removals, bool roll)
{
    public StoreBatch Batch { get; } = batch;

    public bool Sync { get; } = sync;

    public IReadOnlyList<string> Removals { get; } = removals;

    public bool Roll { get; } = roll;

    public TaskCompletionSource Done { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
}
