namespace AgentCore.Checkpoints.Files;

/// <summary>Rewrites complete segments without what was deleted or replaced. The copies take the place of the originals in the
/// order of segments, so reading them in turn still tells the same story.</summary>
/// <remarks>
/// <para>A deletion is kept as long as an earlier segment still holds something dead, for it may be what makes it dead.</para>
/// <para>What made a record dead may itself not be synced yet. So everything is synced before the copies replace the
/// originals: else a power loss could take the new version after the compaction has taken the old one.</para>
/// </remarks>
internal sealed class Compactor(StoreIndex index, SegmentSet segments, GroupWriter writer, FileStoreOptions options)
{
    private const int FlushAtBytes = 1024 * 1024;

    private readonly List<Segment> _copies = [];
    private readonly List<(StoredOp Op, Segment From, int FromFrame, Location To)> _moves = [];
    private readonly List<StoredOp> _kept = [];
    private readonly ByteWriter _buffer = new(64 * 1024);
    private SegmentIndexFile _copyIndex = new();

    /// <summary>Rewrites all segments that are worth it and returns how many.</summary>
    public async Task<int> RunAsync(double minGarbage, CancellationToken cancellationToken)
    {
        if (IsWorth(segments.Active, minGarbage))
            await writer.Commit(new StoreBatch(), sync: true, [], roll: true).ConfigureAwait(false);
        var rewritten = 0;
        var earlierIsClean = true;
        var run = new List<Segment>();
        var dropDeletions = new List<bool>();
        var all = segments.All;
        for (var i = 0; i < all.Count; i++)
        {
            var complete = i < all.Count - 1;
            if (complete && (IsWorth(all[i], minGarbage) || (earlierIsClean && index.IsOnlyDeletions(all[i]))))
            {
                run.Add(all[i]);
                dropDeletions.Add(earlierIsClean);
                continue;
            }
            rewritten += await RewriteAsync(run, dropDeletions, cancellationToken).ConfigureAwait(false);
            earlierIsClean = earlierIsClean && index.HasNoGarbage(all[i]);
        }
        return rewritten;
    }

    private bool IsWorth(Segment segment, double minGarbage) => index.Garbage(segment) is > 0 and var garbage && garbage >= minGarbage;

    private async Task<int> RewriteAsync(List<Segment> run, List<bool> dropDeletions, CancellationToken cancellationToken)
    {
        if (run.Count == 0)
            return 0;
        try
        {
            for (var i = 0; i < run.Count; i++)
            {
                cancellationToken.ThrowIfCancellationRequested();
                Copy(run[i], dropDeletions[i]);
            }
            CompleteCopy();
            await writer.Commit(new StoreBatch(), sync: true, []).ConfigureAwait(false);
        }
        catch
        {
            foreach (var copy in _copies)
                Remove(copy);
            throw;
        }
        try
        {
            segments.Replace(run, _copies);
        }
        catch (Exception e) when (StoreErrors.IsDisk(e))
        {
            // Which manifest the disk holds is unknown: neither set of files may go, and nothing more be written.
            writer.Stop(e);
            throw;
        }
        foreach (var (op, from, frame, to) in _moves)
            index.Move(op, from, frame, to);
        foreach (var original in run)
            Remove(original);
        var count = run.Count;
        run.Clear();
        dropDeletions.Clear();
        _copies.Clear();
        _moves.Clear();
        return count;
    }

    private void Copy(Segment from, bool dropDeletions)
    {
        var live = 0;
        var scan = new SegmentScan(from, from.End, skipDamage: true);
        scan.Run(Segment.HeaderBytes, (frameOffset, _, ops, payload) =>
        {
            _kept.Clear();
            foreach (var op in ops)
            {
                if (op.HoldsData ? index.IsLive(op, from, frameOffset) : !dropDeletions)
                    _kept.Add(op);
            }
            if (_kept.Count == 0)
                return;
            live += _kept.Count(op => op.HoldsData);
            WriteFrame(from, frameOffset, payload);
        });
        if (live < index.LiveOps(from))
        {
            var damage = scan.Damage.Count > 0 ? scan.Damage[0] : new StoreDamage(from.Path, 0, from.End, "Some of its records are not there.");
            throw new StoreDamagedException(damage.File, damage.Offset, damage.Length, damage.What + " The segment is left as it is.");
        }
    }

    private void WriteFrame(Segment from, int fromFrame, ReadOnlySpan<byte> payload)
    {
        if (_copies.Count == 0 || _copies[^1].End + _buffer.Length >= options.SegmentBytes)
        {
            CompleteCopy();
            _copies.Add(segments.Create());
            _copyIndex = new SegmentIndexFile();
        }
        var copy = _copies[^1];
        var offset = copy.End + _buffer.Length;
        var start = Frame.Begin(_buffer, copy.Cipher);
        var payloadStart = _buffer.Length;
        _buffer.Varint(_kept.Count);
        var written = new StoredOp[_kept.Count];
        for (var i = 0; i < written.Length; i++)
        {
            var op = _kept[i];
            written[i] = BatchCodec.Write(_buffer, payloadStart, op.Kind, op.Collection, op.Key, op.Number, payload.Slice(op.DataOffset, op.DataLength));
        }
        var length = Frame.End(_buffer, start, copy.Salt, copy.Cipher, offset, copy.Synced);
        _copyIndex.Add((int)offset, length, written);
        for (var i = 0; i < written.Length; i++)
        {
            if (written[i].HoldsData)
                _moves.Add((_kept[i], from, fromFrame, new Location(copy, (int)offset, length, written[i].DataOffset, written[i].DataLength, written[i].Weight)));
            else
                copy.Tombstones++;
        }
        if (_buffer.Length >= FlushAtBytes)
            Flush(copy);
    }

    private void Flush(Segment copy)
    {
        copy.File.Write(copy.End, _buffer.Written);
        copy.End += _buffer.Length;
        _buffer.Clear();
    }

    private void CompleteCopy()
    {
        if (_copies.Count == 0)
            return;
        var copy = _copies[^1];
        Flush(copy);
        copy.File.Sync();
        copy.Synced = copy.End;
        segments.SaveIndex(copy, _copyIndex);
    }

    // What cannot be deleted now is collected at the next opening.
    private void Remove(Segment segment)
    {
        segment.Dispose();
        try
        {
            options.Files.Delete(segment.Path);
            options.Files.Delete(SegmentIndexFile.PathOf(segment.Path));
        }
        catch (Exception e) when (StoreErrors.IsDisk(e))
        {
        }
    }
}
