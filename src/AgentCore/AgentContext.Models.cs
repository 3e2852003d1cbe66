using System.Text.Json;
using AgentCore.Learning;
using AgentCore.Learning.BuiltIn;
using AgentCore.Runs;
using AgentCore.Text;
using Microsoft.Extensions.AI;

namespace AgentCore;

// Model calls: repeatable leaves.
public sealed partial class AgentContext
{
    /// <summary>Calls a model as a step of the run.</summary>
    /// <param name="client">The model's client.</param>
    /// <param name="messages">What it is asked.</param>
    /// <param name="options">How; null for the client's defaults.</param>
    /// <returns>Its reply, as it is read back from the journal.</returns>
    /// <exception cref="StepFailedException">The call failed.</exception>
    /// <exception cref="RunStoppedException">The run may do no further step, or its tokens are used up.</exception>
    public Task<ChatResponse> AskAsync(IChatClient client, IEnumerable<ChatMessage> messages, ChatOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(client);
        ArgumentNullException.ThrowIfNull(messages);
        var list = messages as IReadOnlyList<ChatMessage> ?? [.. messages];
        var hash = Run.Journal is null ? null : MessageChain.HashOf(list, options?.Instructions);
        return ModelAsync(client, ModelName(client, options), list, options, hash).AsTask();
    }

    internal ValueTask<ChatResponse> ModelAsync(
        IChatClient client, string name, IEnumerable<ChatMessage> messages, ChatOptions? options, string? hash, bool silent = false)
    {
        if (Run.Journal is null && !Run.IsObserved)
            return BareModelAsync(client, name, messages, options);

        var call = new StepCall("model", name, hash, Repeatable: true, null);
        if (!ReferenceEquals(Changes, AttemptChanges.None))
            return ChangedModelAsync(call, client, messages, options, silent);

        return LiveModelAsync(call, client, messages, options, silent);
    }

    private ValueTask<ChatResponse> LiveModelAsync(StepCall call, IChatClient client, IEnumerable<ChatMessage> messages, ChatOptions? options, bool silent)
    {
        if (Run.Options.MaxTokens is not null)
            call = call with { ReserveAsync = token => Run.Budget.ReserveAsync(messages, options, token) };
        return LeafAsync(call, ReplyAsync, ChatResponseCodec.Instance, _synchronous);

        async ValueTask<ChatResponse> ReplyAsync(StepContext step) => WholeJson.Of(Run.Options.Stream && Run.HasWatcher && !silent
            ? await StreamAsync(client, messages, options, step).ConfigureAwait(false)
            : await client.GetResponseAsync(messages, options, step.CancellationToken).ConfigureAwait(false));
    }

    /// <summary>A model call as remedies have it. The step stays the same one: its name and hash are those of the call that the
    /// agent asked for.</summary>
    private async ValueTask<ChatResponse> ChangedModelAsync(
        StepCall call, IChatClient client, IEnumerable<ChatMessage> messages, ChatOptions? options, bool silent)
    {
        if (Changes.ContextShare < 1)
            messages = ContextReduction.Apply(messages, Changes.ContextShare);
        if (Changes.ModelId is { } model)
        {
            options = options?.Clone() ?? new ChatOptions();
            options.ModelId = model;
        }

        var mends = Changes.RepairJson && !silent && StepTable.OrdinalIn(Changes.RepairScope, StepTable.Join(Path, _next)) >= Changes.RepairFrom;
        var response = await LiveModelAsync(call, client, messages, options, silent).ConfigureAwait(false);
        return mends ? Mend(response) : response;
    }

    private static ChatResponse Mend(ChatResponse response)
    {
        // A reply may come in several parts, of which none is JSON by itself.
        foreach (var message in response.Messages)
        {
            var parts = message.Contents.OfType<TextContent>().ToList();
            var text = string.Concat(parts.Select(p => p.Text));
            if (JsonRepair.Apply(text) is var mended && mended == text)
                continue;
            parts[0].Text = mended;
            foreach (var part in parts.Skip(1))
                part.Text = "";
        }

        return response;
    }

    internal static string ModelName(IChatClient client, ChatOptions? options) =>
        options?.ModelId ?? (client.GetService(typeof(ChatClientMetadata)) as ChatClientMetadata)?.DefaultModelId ?? "model";

    private async ValueTask<ChatResponse> BareModelAsync(IChatClient client, string name, IEnumerable<ChatMessage> messages, ChatOptions? options)
    {
        Begin();
        try
        {
            using var reserved = await Run.Budget.ReserveAsync(messages, options, CancellationToken).ConfigureAwait(false);
            var call = client.GetResponseAsync(messages, options, CancellationToken);
            var response = call.IsCompletedSuccessfully || !CancellationToken.CanBeCanceled
                ? await call.ConfigureAwait(false)
                : await Bounded.WaitAsync(call, Grace, Run.Time, CancellationToken).ConfigureAwait(false);
            if (ChatResponseCodec.Instance.Usage(response) is { } usage)
                AddUsage(usage);
            return WholeJson.Of(response);
        }
        catch (OperationCanceledException e) when (CancellationToken.IsCancellationRequested)
        {
            CountLate(e, ChatResponseCodec.Instance);
            throw;
        }
        catch (Exception e) when (e is not RunStoppedException)
        {
            throw new StepFailedException(name, AgentError.From(e));
        }
        finally
        {
            End();
        }
    }

    /// <summary>Counts what a call that was left behind uses, when it answers after all and the run still goes on.</summary>
    private void CountLate<T>(Exception e, StepCodec<T> codec)
    {
        if (e is not LeftBehindException { Work: Task<T> late })
            return;

        _ = late.ContinueWith(
            answered =>
            {
                if (codec.Usage(answered.GetAwaiter().GetResult()) is { } usage)
                    AddUsage(usage);
            },
            CancellationToken.None, TaskContinuationOptions.OnlyOnRanToCompletion | TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
    }

    private async Task<ChatResponse> StreamAsync(IChatClient client, IEnumerable<ChatMessage> messages, ChatOptions? options, StepContext step)
    {
        if (step.Repeated)
            Run.Emit(new TextRestartedEvent(), this, Path);
        var updates = new List<ChatResponseUpdate>();
        try
        {
            await foreach (var update in client.GetStreamingResponseAsync(messages, options, step.CancellationToken).ConfigureAwait(false))
            {
                updates.Add(update);
                if (update.Text is { Length: > 0 } text)
                    Run.Emit(new TextDeltaEvent(text), this, Path);
            }
        }
        catch
        {
            // What the part that came used is used.
            if (updates.ToChatResponse().Usage is { } usage)
                step.AddUsage(usage);
            throw;
        }

        return updates.ToChatResponse();
    }
}
