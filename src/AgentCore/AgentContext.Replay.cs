using System.Text.Json;
using AgentCore.Runs;

namespace AgentCore;

// What the journal has for a step is given back in its place.
public sealed partial class AgentContext
{
    /// <summary>What the journal has for a step: its result or failure, or nothing where it is to be done.</summary>
    private async ValueTask<(bool Known, T? Value)> RecallAsync<T>(StepEntry entry, StepCall call, string path, StepCodec<T> codec)
    {
        if (entry.Spent is { } spent)
        {
            Recount(spent, entry.CountedIn);
            entry.CountedIn = this;
        }

        if (entry.Superseded)
            return (false, default);

        var recorded = entry.Intent;
        var onlyAsked = recorded.Kind == RunRecord.Ask;
        if (recorded.Type != call.Kind || recorded.Name != call.Name || (!onlyAsked && recorded.Hash != call.Hash))
            throw Mismatch(path, Describe(recorded.Type, recorded.Name, recorded.Hash), Describe(call.Kind, call.Name, call.Hash));
        if (entry.Verdict is { } verdict)
            return Decided(verdict, entry, path, codec);

        switch (entry.Outcome?.Kind)
        {
            case RunRecord.Done:
                return (true, await ReadAsync(entry.Outcome, call, path, codec).ConfigureAwait(false));
            case RunRecord.Fail:
                _now = entry.Outcome.At;
                Run.Emit(new StepFinishedEvent(call.Name, call.Kind, TimeSpan.Zero, entry.Outcome.Usage, entry.Outcome.Error), this, path, replayed: true);
                throw new StepFailedException(call.Name, entry.Outcome.Error!);
            default:
                if (!onlyAsked && !call.Repeatable)
                    throw UnknownOutcome(call, path, codec, "its process ended before its result was kept");
                return (false, default);
        }
    }

    private (bool Known, T? Value) Decided<T>(RunRecord verdict, StepEntry entry, string path, StepCodec<T> codec)
    {
        switch (Enum.Parse<Verdict>(verdict.Type!))
        {
            case Verdict.Abort:
                throw Run.Halt(new RunStop(RunStatus.Failed, new StopReason(StopKind.Decision, $"Step {path} '{entry.Intent.Name}' was given up by {verdict.Name}.")));
            case Verdict.Done:
                _now = verdict.At;
                return (true, ReadDecided(verdict, entry, path, codec));
            default:
                return (false, default);
        }
    }

    /// <summary>The result that a person gave for a step. One that doesn't fit is asked for again.</summary>
    private T ReadDecided<T>(RunRecord verdict, StepEntry entry, string path, StepCodec<T> codec)
    {
        // A run that has gone past it did without.
        if (verdict.Value.IsEmpty && codec.NeedsResult && !Run.Journal!.IsPast(Path, _next))
            throw AskAgain(entry, path, codec, "without a result");
        try
        {
            return codec.Read(verdict.Value.IsEmpty ? "null"u8.ToArray() : verdict.Value);
        }
        catch (Exception)
        {
            // An order's number is a text, though it is JSON as well.
            if (typeof(T) == typeof(string) && verdict.Value.Span is [not ((byte)'{' or (byte)'['), ..])
                return (T)(object)Text(verdict.Value.Span);
            // A user's type may refuse it in its own way.
            throw AskAgain(entry, path, codec, $"with the result {Text(verdict.Value.Span)}");
        }
    }

    private RunStoppedException AskAgain(StepEntry entry, string path, StepCodec codec, string what)
    {
        var (decided, returns) = ($"Step {path} '{entry.Intent.Name}' was decided as done {what}", codec.Returns);
        return Run.Halt(new RunStop(RunStatus.NeedsDecision, new StopReason(StopKind.Decision, $"{decided}."))
        {
            Pending = new PendingDecision(path, DecisionKind.Outcome, entry.Intent.Name!,
                $"{decided}, but it returns {returns}. Decide again: done with such a result (--result), retry, or abort.")
            {
                Returns = codec.NeedsResult ? returns : null,
            },
        });
    }

    private async ValueTask<T> ReadAsync<T>(RunRecord done, StepCall call, string path, StepCodec<T> codec)
    {
        _now = done.At;
        var bytes = done.Blob is null ? done.Value : await Run.BlobStore!.GetBlobAsync(Run.Id, done.Blob, CancellationToken).ConfigureAwait(false);
        if (Run.HasWatcher)
            Run.Emit(new StepFinishedEvent(call.Name, call.Kind, TimeSpan.Zero, done.Usage, null), this, path, replayed: true);
        return codec.Read(bytes);
    }

    private ReplayMismatchException Mismatch(string path, string expected, string found)
    {
        var mismatch = new ReplayMismatchException(path, expected, found);
        Run.Halt(new RunStop(RunStatus.Failed, new StopReason(StopKind.Failure, mismatch.Message)) { Error = AgentError.From(mismatch) with { Step = path, Retryable = false } });
        return mismatch;
    }

    private static string Describe(string? kind, string? name, string? hash) =>
        $"{kind} '{name}'{(hash is null ? "" : $" of {hash[..Math.Min(8, hash.Length)]}")}";
}
