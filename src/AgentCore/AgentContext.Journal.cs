using AgentCore.Checkpoints;
using AgentCore.Runs;
using Microsoft.Extensions.AI;

namespace AgentCore;

// What a step does is kept in the journal.
public sealed partial class AgentContext
{
    // Results above this go to a blob beside the journal.
    private const int BlobThreshold = 1024 * 1024;

    private async ValueTask IntendAsync(RunJournal journal, StepCall call, string path)
    {
        var intent = new RunRecord(RunRecord.Intent)
        {
            Path = path,
            At = Run.NowMilliseconds(),
            Name = call.Name,
            Type = call.Kind,
            Hash = call.Hash,
            Repeatable = call.Repeatable,
            Extra = call.Shown ?? default(ReadOnlyMemory<byte>),
        };

        // A repeatable step's intent may be lost: the step is then simply done again under the same key.
        if (call.Repeatable)
            journal.Defer(intent);
        else
            await KeepAsync(intent, durable: true).ConfigureAwait(false);
    }

    private async ValueTask KeepResultAsync(string path, byte[] bytes, UsageDetails? usage)
    {
        string? blob = null;
        if (bytes.Length > BlobThreshold && Run.Store is { } store)
        {
            try
            {
                blob = await store.PutBlobAsync(Run.Id, bytes, CancellationToken.None).ConfigureAwait(false);
            }
            catch (StoreException e)
            {
                throw StoreFailed(e);
            }
        }

        var done = new RunRecord(RunRecord.Done) { Path = path, At = Tick(), Usage = usage, Blob = blob, Value = blob is null ? bytes : default(ReadOnlyMemory<byte>) };
        await KeepAsync(done).ConfigureAwait(false);
    }

    /// <summary>Commits a record; a store that fails stops the run, as nothing more could be kept.</summary>
    private async ValueTask KeepAsync(RunRecord record, bool durable = false)
    {
        try
        {
            await Run.Journal!.CommitAsync(record, durable).ConfigureAwait(false);
            if (record.Usage is not null)
                Run.Journal.Find(record.Path)!.CountedIn = this;
        }
        catch (StoreException e)
        {
            throw StoreFailed(e);
        }
    }

    private RunStoppedException StoreFailed(StoreException e) => Run.Halt(
        new RunStop(RunStatus.Failed, new StopReason(StopKind.Failure, $"The run can't be kept: {e.Message}")) { Error = AgentError.From(e) });

    private long Tick() => _now = Run.NowMilliseconds();
}
