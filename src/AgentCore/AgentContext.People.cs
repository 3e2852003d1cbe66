using System.Text.Json;
using AgentCore.Checkpoints;
using AgentCore.Runs;
using AgentCore.Text;
using AgentCore.Tools;

namespace AgentCore;

// People: approvals and questions. What nobody answers at once stops the run, and can be answered later.
public sealed partial class AgentContext
{
    /// <summary>Asks a person. Where nobody is there to answer, the run stops until somebody does.</summary>
    /// <param name="name">Names the question, the same each time the agent's code runs.</param>
    /// <param name="question">The question, in words.</param>
    /// <returns>The answer.</returns>
    /// <exception cref="RunStoppedException">Nobody answered yet; the run waits for a decision.</exception>
    public async Task<string> AskPersonAsync(string name, string question)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        ArgumentException.ThrowIfNullOrEmpty(question);
        var ordinal = Begin();
        try
        {
            var path = StepTable.Join(Path, ordinal);
            var call = new StepCall("ask", name, Hash(JsonSerializer.SerializeToUtf8Bytes(question, AgentJson.Options)), true, null);
            if (Run.Journal?.Find(path) is { } entry && (entry.Intent.Type != "ask" || entry.Intent.Name != name))
                throw Mismatch(path, Describe(entry.Intent.Type, entry.Intent.Name, null), Describe("ask", name, null));

            var pending = new PendingDecision(path, DecisionKind.Answer, name, question);
            var answer = await DecideAsync(call, pending, _synchronous).ConfigureAwait(false);
            if (answer.Type != nameof(Verdict.Answer))
                throw Run.Halt(new RunStop(RunStatus.Failed, new StopReason(StopKind.Decision, $"The question '{name}' was refused by {answer.Name}.")));
            return answer.Value.IsEmpty ? "" : JsonSerializer.Deserialize<JsonElement>(answer.Value.Span, AgentJson.Options) is { ValueKind: JsonValueKind.String } text ? text.GetString()! : Text(answer.Value.Span);
        }
        finally
        {
            End();
        }
    }

    private async ValueTask ApproveAsync(StepCall call, string path, bool synchronous)
    {
        var arguments = call.Arguments is null ? "{}" : Text(call.Arguments);
        var pending = new PendingDecision(path, DecisionKind.Approval, call.Name,
            $"Agent '{Agent.Metadata.Name}' wants to call '{call.Name}' with {(arguments.Length > 300 ? ShortText.Cut(arguments, 300) + "…" : arguments)}. Approve or deny it.")
        {
            Arguments = arguments,
        };
        var decision = await DecideAsync(call, pending, synchronous).ConfigureAwait(false);
        if (decision.Type != nameof(Verdict.Approve))
            throw new ToolDeniedException(call.Name, $"The call of '{call.Name}' was refused by {decision.Name}{(decision.Text is null ? "." : $": {decision.Text}")}");
    }

    /// <summary>The decision that the journal has, or that somebody takes now; else the run stops for one.</summary>
    private async ValueTask<RunRecord> DecideAsync(StepCall call, PendingDecision pending, bool synchronous)
    {
        // Only an approval ends: what was done after a refusal or an answer stays as it is.
        if (Run.Journal?.Find(pending.Step) is { Approval: { } approval, Asked: { } asked } && asked.Hash == call.Hash
            && !(approval.Type == nameof(Verdict.Approve) && approval.Expires < Run.NowMilliseconds()))
        {
            _now = approval.At;
            return approval;
        }

        var ask = new RunRecord(RunRecord.Ask)
        {
            Path = pending.Step,
            At = Run.NowMilliseconds(),
            Name = call.Name,
            Type = call.Kind,
            Hash = call.Hash,
            Repeatable = call.Repeatable,
            Text = pending.Question,
            Extra = call.Arguments ?? default(ReadOnlyMemory<byte>),
        };
        if (Run.Journal is not null)
            await BlockingBridge.Settle(KeepAsync(ask, durable: true), synchronous).ConfigureAwait(false);

        var request = new DecisionRequest(pending, Run.Id, Agent.Metadata.Name, call.Hash ?? "");
        var decision = Run.Options.Decider is { } decider
            ? await BlockingBridge.Settle(AskAsync(decider, request), synchronous).ConfigureAwait(false)
            : null;
        if (decision is null)
            throw Run.Halt(new RunStop(RunStatus.NeedsDecision, new StopReason(StopKind.Decision, pending.Question)) { Pending = pending });

        var record = RunHistory.RecordOf(pending.Step, decision, Run.NowMilliseconds());
        if (Run.Journal is not null)
            await BlockingBridge.Settle(KeepAsync(record), synchronous).ConfigureAwait(false);
        _now = record.At;
        return record;
    }

    private ValueTask<Decision?> AskAsync(IDecider decider, DecisionRequest request)
    {
        var work = decider.DecideAsync(request, CancellationToken);
        return work.IsCompleted || !CancellationToken.CanBeCanceled
            ? work
            : new ValueTask<Decision?>(Bounded.WaitAsync(work.AsTask(), Grace, Run.Time, CancellationToken));
    }
}
