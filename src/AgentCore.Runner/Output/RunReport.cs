using AgentCore.Hosting;
using Microsoft.Extensions.AI;

namespace AgentCore.Runner.Output;

/// <summary>How a run ended, as the program tells it.</summary>
internal sealed class RunReport
{
    private RunReport(BaseAgent agent, AgentResult result, string? model)
    {
        Agent = agent;
        Result = result;
        Model = model;
    }

    public BaseAgent Agent { get; }

    public AgentResult Result { get; }

    public string? Model { get; }

    /// <summary>What can be done about it, in lines.</summary>
    public IEnumerable<string> Advice
    {
        get
        {
            var id = Result.RunId;
            if (Result.Status == RunStatus.Failed)
                yield return $"agentcore: {Result.Error?.Message}";
            if (Result.Status == RunStatus.Limited)
                yield return $"agentcore: {Result.Stop?.Message}";
            if (id is null || Result.IsDone)
                yield break;

            foreach (var pending in Result.Pending)
            {
                yield return $"agentcore: {pending.Question}";
                foreach (var command in CommandsFor(id, pending))
                    yield return $"  {command}";
            }

            yield return Result.Status switch
            {
                RunStatus.NeedsDecision => $"Then go on with: agentcore runs resume {id}",
                RunStatus.Failed => $"To try again from the failed step: agentcore runs resume {id}",
                RunStatus.Cancelled => $"To go on: agentcore runs resume {id}",
                _ => $"To go on with a higher limit: agentcore runs resume {id} --max-turns N --budget TOKENS",
            };
        }
    }

    public static Task<RunReport> OfAsync(BaseAgent agent, AgentResult result, AgentWorkspace workspace, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return Task.FromResult(new RunReport(agent, result, workspace.Model?.Id));
    }

    public static string StatusName(RunStatus status) => status == RunStatus.NeedsDecision ? "waits for a decision" : status.ToString().ToLowerInvariant();

    /// <summary>The commands that answer a pending decision.</summary>
    public static IEnumerable<string> CommandsFor(string run, PendingDecision pending) => pending.Kind switch
    {
        DecisionKind.Approval => [$"agentcore runs approve {run} {pending.Step}", $"agentcore runs deny {run} {pending.Step}"],
        DecisionKind.Answer => [$"agentcore runs answer {run} {pending.Step} \"YOUR ANSWER\""],
        _ => [$"agentcore runs decide {run} {pending.Step} done --result JSON", $"agentcore runs decide {run} {pending.Step} retry", $"agentcore runs decide {run} {pending.Step} abort"],
    };

    public void Write(Terminal terminal, bool json)
    {
        if (json)
            JsonOutput.Write(terminal, Document());
        else if (Result.Output.Length > 0)
            terminal.Out.WriteLine(Result.Output);
    }

    private object Document() => new
    {
        Result.RunId,
        Result.Status,
        Result.Output,
        Model,
        Usage = UsageOf(Result.Usage),
        Stop = Result.Stop,
        Error = Result.Error is { } error ? new { Code = "run_failed", error.Type, error.Message, error.Step } : null,
        Pending = Result.Pending.Count == 0 ? null : Result.Pending.Select(p => new { p.Step, p.Kind, p.Name, p.Question, p.Arguments, Commands = CommandsFor(Result.RunId ?? "ID", p) }),
    };

    internal static object? UsageOf(UsageDetails? usage) => usage is null ? null : new
    {
        InputTokens = usage.InputTokenCount,
        OutputTokens = usage.OutputTokenCount,
        TotalTokens = usage.TotalTokenCount ?? (usage.InputTokenCount ?? 0) + (usage.OutputTokenCount ?? 0),
    };
}
