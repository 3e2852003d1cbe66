using System.Diagnostics;
using System.Text.Json;
using AgentCore.Adapters.Objects.Bindings;
using AgentCore.Adapters.Objects.Calls;
using AgentCore.Adapters.Objects.Loading;

namespace AgentCore.Adapters.Objects.Migration;

/// <summary>Runs tasks through an agent as it is and through its wrapping, on two fresh objects, and compares what they give.</summary>
internal sealed class ShadowRun(ObjectBinding binding, VerifyOptions options)
{
    public async Task<Verification> RunAsync(CancellationToken cancellationToken)
    {
        if (binding.Gaps is { Count: > 0 } gaps && options.Services is null)
            return new Verification(MigrationStatus.Gaps, string.Join("; ", gaps));

        Type type;
        UniversalAgentAdapter wrapped;
        try
        {
            type = AgentAssemblies.Find(binding.Assembly ?? throw new ArgumentException($"The binding of {binding.Type} names no assembly."), binding.Type);
            wrapped = new UniversalAgentAdapter(type, binding, new UniversalAgentOptions { Services = options.Services, Client = options.Client });
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            return new Verification(MigrationStatus.Failed, $"it can't be loaded: {e.Message}");
        }

        using (wrapped)
        {
            return wrapped.Class switch
            {
                AgentClass.E => new Verification(MigrationStatus.Nothing, wrapped.Explain().Why),
                AgentClass.D => await LiveAsync(wrapped, cancellationToken).ConfigureAwait(false),
                _ => await CompareAsync(wrapped, cancellationToken).ConfigureAwait(false),
            };
        }
    }

    /// <summary>An agent without a question: it is started, beaten or asked whether it lives, and stopped.</summary>
    private async Task<Verification> LiveAsync(UniversalAgentAdapter agent, CancellationToken cancellationToken)
    {
        var watch = Stopwatch.StartNew();
        var side = await BoundAsync(async token =>
        {
            if (!await agent.InitializeAsync(token).ConfigureAwait(false))
                throw new InvalidOperationException(agent.LastError?.Message);
            var result = (await agent.ExecuteAsync("tick", token).ConfigureAwait(false)).EnsureDone();
            await agent.ShutdownAsync(token).ConfigureAwait(false);
            return new Side(result.Output, null, null);
        }, cancellationToken).ConfigureAwait(false);
        return side.Error is null
            ? new Verification(MigrationStatus.Verified, side.Text!) { Wrapped = watch.Elapsed }
            : new Verification(side.TimedOut ? MigrationStatus.TimedOut : MigrationStatus.Failed, side.Error);
    }

    private async Task<Verification> CompareAsync(UniversalAgentAdapter wrapped, CancellationToken cancellationToken)
    {
        var original = new OriginalRun(wrapped);
        List<AgentTask> tasks = [.. options.Tasks, .. options.TasksOf.GetValueOrDefault(binding.Name, [])];
        if (tasks.Count == 0)
            tasks.Add(SampleTask.For(wrapped.Binding, wrapped.Choice.Method?.Source));
        TimeSpan originalTime = default, wrappedTime = default;
        string? note = null;
        foreach (var task in tasks)
        {
            var watch = Stopwatch.StartNew();
            var direct = await BoundAsync(async token => Side.Of(await original.RunAsync(task, token).ConfigureAwait(false)), cancellationToken).ConfigureAwait(false);
            originalTime += watch.Elapsed;
            watch.Restart();
            var shadow = direct.TimedOut
                ? direct
                : await BoundAsync(async token => Side.Of(await wrapped.ExecuteAsync(task, token).ConfigureAwait(false)), cancellationToken).ConfigureAwait(false);
            wrappedTime += watch.Elapsed;
            if (Judge(direct, shadow, task) is { } verdict)
                return verdict with { Original = originalTime, Wrapped = wrappedTime };
            if (direct.Error is { } same)
                note ??= $"both fail alike: {same}";
        }

        var message = note ?? $"{tasks.Count} {(tasks.Count == 1 ? "task" : "tasks")} alike";
        return new Verification(note is null ? MigrationStatus.Verified : MigrationStatus.SameError, message) { Original = originalTime, Wrapped = wrappedTime };
    }

    private Verification? Judge(Side direct, Side shadow, AgentTask task)
    {
        if (direct.TimedOut || shadow.TimedOut)
            return new Verification(MigrationStatus.TimedOut, $"it did not end within {options.Timeout.TotalSeconds:0.#} s");
        if (direct.Error is null != shadow.Error is null)
            return new Verification(MigrationStatus.Different, direct.Error is null ? $"only the wrapped one failed: {shadow.Error}" : $"only the original failed: {direct.Error}");
        if (direct.Error is { } unfit && unfit.StartsWith(nameof(ArgumentMappingException), StringComparison.Ordinal))
            return new Verification(MigrationStatus.Gaps, $"a task that fits: {unfit[(nameof(ArgumentMappingException).Length + 2)..]}");
        if (direct.Error is not null)
            return direct.Error == shadow.Error ? null : new Verification(MigrationStatus.Different, $"original: {direct.Error}; wrapped: {shadow.Error}");
        return direct.Text == shadow.Text && direct.Data == shadow.Data
            ? null
            : new Verification(MigrationStatus.Different, $"for '{Short(task.Input)}' the original gave '{Short(direct.Text ?? "")}', the wrapped one '{Short(shadow.Text ?? "")}'");
    }

    /// <summary>Runs one side on a thread of its own, so that one that never returns is left behind.</summary>
    private async Task<Side> BoundAsync(Func<CancellationToken, Task<Side>> run, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(options.Timeout);
        var token = limit.Token;
        var work = Task.Factory.StartNew(() => run(token), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default).Unwrap();
        try
        {
            return await work.WaitAsync(options.Timeout + TimeSpan.FromMilliseconds(250), cancellationToken).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            throw;
        }
        catch (Exception e) when (e is TimeoutException || (e is OperationCanceledException && limit.IsCancellationRequested))
        {
            return new Side(null, null, "time") { TimedOut = true };
        }
        catch (Exception e)
        {
            return new Side(null, null, AgentError.From(e).ToString());
        }
    }

    private static string Short(string text) => text.Length <= 80 ? text : text[..80] + "…";

    private sealed record Side(string? Text, string? Data, string? Error)
    {
        public bool TimedOut { get; init; }

        public static Side Of(ObjectOutcome outcome) => new(outcome.Text, outcome.Data?.GetRawText(), null);

        public static Side Of(AgentResult result) => result.Status switch
        {
            RunStatus.Done => new Side(result.Output, (result.Data as JsonElement?)?.GetRawText(), null),
            RunStatus.Failed => new Side(null, null, result.Error?.ToString()),
            _ => new Side(null, null, result.Describe()) { TimedOut = result.Status == RunStatus.Cancelled },
        };
    }
}
