using System.Diagnostics;
using System.Text.Json;
using System.Text.RegularExpressions;
using AgentCore.Adapters.Objects.Migration;
using AgentCore.Adapters.Processes;

namespace AgentCore.Runner.Migration;

/// <summary>Runs tasks through a Python agent as it is and through its wrapping, in two processes, and compares what they give.</summary>
internal sealed partial class PythonComparison(Session session, VerifyOptions options)
{
    /// <summary>Compares one agent.</summary>
    public async Task<Verification> RunAsync(string name, CancellationToken cancellationToken)
    {
        if (await session.Workspace.CreateAsync(name, false, cancellationToken) is not PythonAgent agent)
            return new Verification(MigrationStatus.Failed, $"'{name}' is no Python agent of this workspace");

        using (agent)
        {
            try
            {
                var verdict = await CompareAsync(agent, cancellationToken);
                await agent.ShutdownAsync(CancellationToken.None);
                return verdict;
            }
            catch (Exception e) when (e is ProcessException or TimeoutException)
            {
                return new Verification(MigrationStatus.Failed, e.Message);
            }
        }
    }

    private async Task<Verification> CompareAsync(PythonAgent agent, CancellationToken cancellationToken)
    {
        var tasks = options.Tasks.Concat(options.TasksOf.GetValueOrDefault(agent.Metadata.Name) ?? []).ToList();
        var own = tasks.Count > 0;
        var (original, wrapped) = (TimeSpan.Zero, TimeSpan.Zero);
        Verification? alike = null;
        foreach (var task in own ? tasks : [new AgentTask("Say hello.")])
        {
            var (direct, death) = await DirectAsync(agent, task, !own, cancellationToken);
            if (direct.TimedOut is { } late)
                return new Verification(MigrationStatus.TimedOut, late);
            if (direct.Gap)
                return new Verification(MigrationStatus.Gaps, FirstLine(direct.Error!));
            if (direct.Unloaded && direct.Error is not null)
                return new Verification(MigrationStatus.Failed, $"it can't be loaded: {FirstLine(direct.Error)}");

            original += TimeSpan.FromMilliseconds(direct.Milliseconds);
            var watch = Stopwatch.StartNew();
            var result = await BoundAsync(agent, direct.Used is null ? task : task with { Data = direct.Used }, cancellationToken);
            wrapped += watch.Elapsed;
            if (result is null)
                return new Verification(MigrationStatus.TimedOut, $"the wrapped one did not end within {options.Timeout.TotalSeconds:0.#} s");
            if (Differ(direct, death, result, task) is { } difference)
                return new Verification(MigrationStatus.Different, difference);
            if (FirstLine(direct.Error ?? death?.Message ?? "") is { Length: > 0 } error)
            {
                alike ??= direct.Outside
                    ? new Verification(MigrationStatus.Gaps, $"surroundings: it needs what isn't here: {error}")
                    : new Verification(MigrationStatus.SameError, $"both fail alike: {error}");
            }
        }

        return (alike ?? new Verification(MigrationStatus.Verified, "")) with { Original = original, Wrapped = wrapped };
    }

    /// <summary>The agent as it is; where it takes its process with it, how that ended.</summary>
    private async Task<(DirectOutcome Outcome, ProcessException? Death)> DirectAsync(PythonAgent agent, AgentTask task, bool sample, CancellationToken cancellationToken)
    {
        try
        {
            return (await PythonDirect.RunAsync(agent.Metadata.Name, agent.Python, task, sample, options.Timeout, cancellationToken), null);
        }
        catch (ProcessException e) when (e.Failure == ProcessFailure.Exit)
        {
            return (new DirectOutcome(), e);
        }
        catch (TimeoutException)
        {
            return (new DirectOutcome { TimedOut = $"it did not end within {options.Timeout.TotalSeconds:0.#} s" }, null);
        }
    }

    private async Task<AgentResult?> BoundAsync(PythonAgent agent, AgentTask task, CancellationToken cancellationToken)
    {
        if (!await agent.InitializeAsync(cancellationToken))
            return AgentResult.Failed(agent.LastError ?? new AgentError(nameof(ProcessException), "it did not start"));
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(options.Timeout);
        var result = await agent.ExecuteAsync(task, limit.Token);
        cancellationToken.ThrowIfCancellationRequested();
        return limit.IsCancellationRequested && result.Status is not (RunStatus.Done or RunStatus.Failed) ? null : result;
    }

    private static string? Differ(DirectOutcome direct, ProcessException? death, AgentResult result, AgentTask task)
    {
        var failure = result.Status == RunStatus.Done ? null : FirstLine(result.Error?.Message ?? result.Describe());
        if (death is not null)
        {
            return failure is not null && failure.Contains($"exit code {death.ExitCode}", StringComparison.Ordinal)
                ? null
                : $"the original ended its process: {FirstLine(death.Message)}; the wrapped one: {failure ?? $"gave '{Short(result.Output)}'"}";
        }

        if (direct.Error is not null)
        {
            return failure is null ? $"only the original failed: {FirstLine(direct.Error)}"
                : failure.Contains(Plain(FirstLine(direct.Error)), StringComparison.Ordinal) || Plain(failure) == Plain(FirstLine(direct.Error)) ? null
                : $"original: {FirstLine(direct.Error)}; wrapped: {failure}";
        }

        if (failure is not null)
            return $"only the wrapped one failed: {failure}";
        return Plain(direct.Output ?? "") == Plain(result.Output) && Plain(Data(direct.Data)) == Plain(Data(result.GetData<JsonElement?>()))
            ? null
            : $"for '{Short(task.Input)}' the original gave '{Short(direct.Output ?? "")}', the wrapped one '{Short(result.Output)}'";
    }

    private static string Data(JsonElement? data) => data is null or { ValueKind: JsonValueKind.Null } ? "" : JsonSerializer.Serialize(data);

    // Where an object lies in memory says nothing of it.
    private static string Plain(string text) => Address().Replace(text, "");

    private static string FirstLine(string text) => text.Split('\n')[0];

    private static string Short(string text) => text.Length <= 80 ? text : text[..80] + "…";

    [GeneratedRegex(" at 0x[0-9a-fA-F]+")]
    private static partial Regex Address();
}
