using System.Text;
using AgentCore.Checkpoints;

namespace AgentCore.Tests.Checkpoints.Disk;

/// <summary>A store lives several lives on one simulated disk: each ends in a power loss, a killed process, a failed sync, a
/// full disk or a clean close, at a random operation, and each next one must find what was acknowledged.</summary>
internal sealed class PowerLossTrial
{
    private const string Folder = "/store";

    private readonly Random _random;
    private readonly StoreModel _model;
    private readonly EncryptionKey? _key;
    private SimulatedDisk _disk;

    // How many batches were acknowledged, and how many of them as durable (with all before them).
    private int _acknowledged;
    private int _durable;

    // What the next opening must find: all that was acknowledged, as long as the power stays on.
    private int _required;

    private PowerLossTrial(int seed, bool lies)
    {
        _random = new Random(seed);
        _model = new StoreModel(_random);
        _disk = new SimulatedDisk { Lies = lies };
        _key = _random.Next(8) == 0 ? EncryptionKey.FromBytes(new byte[32]) : null;
    }

    /// <summary>What was found wrong; null when all held.</summary>
    public string? Breach { get; private set; }

    public int Batches { get; private set; }

    public int PowerLosses { get; private set; }

    /// <summary>How many of them came while the store was being opened or written to.</summary>
    public int PowerLossesWithin { get; private set; }

    public int FailedSyncs { get; private set; }

    public int Kills { get; private set; }

    public int TornTails { get; private set; }

    public int Compactions { get; private set; }

    public static async Task<PowerLossTrial> RunAsync(int seed, bool lies = false)
    {
        var trial = new PowerLossTrial(seed, lies);
        for (var life = 0; life < 5 && trial.Breach is null; life++)
            await trial.Live();
        return trial;
    }

    private async Task Live()
    {
        var plan = _random.Next(10);
        if (plan < 5)
            _disk.PowerFailsAt = _disk.Operations + 1 + _random.Next(_random.Next(2) == 0 ? 20 : 150);
        else if (plan == 5)
            _disk.SyncFailsFrom = _disk.Operations + 1 + _random.Next(60);
        else if (plan == 6)
            _disk.Room = _random.Next(100_000);

        if (await Open() is not { } store)
            return;
        if (await Check(store))
            await Work(store);
        if (Breach is null)
            await End(store, plan);
    }

    private async Task<FileCheckpointStore?> Open()
    {
        try
        {
            return await FileCheckpointStore.OpenAsync(new FileStoreOptions
            {
                Folder = Folder,
                Files = _disk,
                SegmentBytes = 64 * 1024,
                Key = _key,
            });
        }
        catch (StoreException e) when (_disk.IsOff)
        {
            if (e is StoreDamagedException)
                Breach = $"A power loss within the opening was taken for damage: {e.Message}";
            LosePower(within: true);
        }
        catch (StoreException e) when (e is not StoreDamagedException && Trouble())
        {
            Restart();
        }
        catch (Exception e)
        {
            Breach = $"The store did not open: {e}";
        }
        return null;
    }

    private async Task<bool> Check(FileCheckpointStore store)
    {
        if (!store.Report.IsWhole)
            TornTails++;
        StoreContent content;
        try
        {
            content = await StoreContent.Read(store);
        }
        catch (Exception e)
        {
            Breach = $"The store could not be read: {e}";
            return false;
        }
        if (content.Batches < _required)
            Breach = $"{_required} batches were acknowledged, {content.Batches} are there.";
        else if (content.Batches > _model.Count)
            Breach = $"{_model.Count} batches were made, {content.Batches} are there.";
        else if (StoreModel.Describe(content) != _model.StateAfter(content.Batches))
            Breach = $"The store does not hold what it held after {content.Batches} batches.";
        else
            await CheckBlobs(store, content);
        if (Breach is not null)
            return false;
        _model.ReturnTo(content);
        // Opening made durable what it found.
        _durable = _acknowledged = _required = content.Batches;
        return true;
    }

    private async Task CheckBlobs(FileCheckpointStore store, StoreContent content)
    {
        foreach (var (log, record) in content.Logs.SelectMany(log => log.Value.Select(record => (log.Key, record))))
        {
            if (!record.StartsWith("blob:", StringComparison.Ordinal))
                continue;
            try
            {
                var value = await store.GetBlobAsync(log, record[5..]);
                if (Encoding.UTF8.GetString(value.Span) != BlobOf(log))
                    Breach = $"A blob of '{log}' holds something else.";
            }
            catch (StoreException e)
            {
                Breach = $"A blob that a record of '{log}' refers to is lost: {e.Message}";
            }
        }
    }

    private async Task Work(FileCheckpointStore store)
    {
        try
        {
            for (var round = _random.Next(40); round > 0; round--)
            {
                if (_random.Next(15) == 0)
                    await Compact(store);
                (string, string)? blob = null;
                if (_random.Next(12) == 0)
                {
                    var log = $"log-{_random.Next(8)}";
                    blob = (log, await store.PutBlobAsync(log, Encoding.UTF8.GetBytes(BlobOf(log))));
                }
                await Commit(store, _random.Next(3) == 0 ? _random.Next(2, 6) : 1, blob);
            }
        }
        catch (StoreException) when (_disk.IsOff || Trouble())
        {
            // The life ends here.
        }
        catch (Exception e)
        {
            Breach = $"A write failed for no reason: {e}";
        }
    }

    // What is not synced may be what made garbage of something that is: the compaction must not be the sooner one on disk.
    private async Task Compact(FileCheckpointStore store)
    {
        for (var unsynced = _random.Next(4); unsynced > 0; unsynced--)
        {
            await store.CommitAsync(_model.Next(durable: false));
            Batches++;
            _acknowledged = _model.Count;
        }
        await store.CompactAsync(new CompactionOptions { MinGarbage = _random.NextDouble() });
        Compactions++;
        if (_random.Next(4) == 0)
            _disk.PowerFailsAt = _disk.Operations;
    }

    private async Task Commit(FileCheckpointStore store, int count, (string, string)? blob)
    {
        var pending = new List<(int Number, bool Durable, Task Done)>();
        for (; count > 0; count--)
        {
            var durable = _random.Next(3) > 0;
            var batch = _model.Next(durable, blob);
            blob = null;
            Batches++;
            pending.Add((_model.Count, durable, store.CommitAsync(batch).AsTask()));
        }
        foreach (var (number, durable, done) in pending)
        {
            await done;
            _acknowledged = number;
            if (durable)
                _durable = number;
        }
    }

    private async Task End(FileCheckpointStore store, int plan)
    {
        var off = _disk.IsOff;
        if (off || plan is 7)
        {
            LosePower(off);
            return;
        }
        if (plan is 8 || (plan is 5 or 6 && _random.Next(2) == 0))
        {
            // Nothing is closed, and what was written without a sync is still there.
            Kills++;
            Restart();
            return;
        }
        try
        {
            await store.DisposeAsync();
            if (!Trouble())
                _durable = _acknowledged;
            Restart();
        }
        catch (StoreException) when (_disk.IsOff)
        {
            LosePower(within: true);
        }
        catch (StoreException) when (Trouble())
        {
            Restart();
        }
        catch (Exception e)
        {
            Breach = $"The store did not close: {e}";
        }
    }

    private void LosePower(bool within)
    {
        PowerLosses++;
        if (within)
            PowerLossesWithin++;
        _disk = _disk.LosePower(_random);
        _acknowledged = _required = _durable;
    }

    private void Restart()
    {
        if (_disk.SyncHasFailed)
            FailedSyncs++;
        _required = Math.Max(_required, _acknowledged);
        _disk.EndProcess();
        _disk.PowerFailsAt = null;
        _disk.SyncFailsFrom = null;
        _disk.Room = null;
    }

    // Whether the disk was told to fail a sync, or to be full: a failed write needs no other reason then.
    private bool Trouble() => _disk.SyncHasFailed || _disk.Room is 0;

    private static string BlobOf(string log) => $"A large value of {log}. " + new string('x', 5000);
}
