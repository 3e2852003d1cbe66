using System.Text.Json;
using AgentCore.Hosting;
using AgentCore.Teams;
using Microsoft.Extensions.AI;

namespace AgentCore.Runner.Output;

/// <summary>How a run ended, as the program tells it.</summary>
internal sealed class RunReport
{
    private readonly IReadOnlyList<string> _inputs;

    private RunReport(BaseAgent agent, AgentResult result, string? model, IReadOnlyList<string> inputs, CitationCheck citations)
    {
        _inputs = inputs;
        Agent = agent;
        Result = result;
        Model = model;
        Citations = citations;
    }

    public BaseAgent Agent { get; }

    public AgentResult Result { get; }

    public string? Model { get; }

    /// <summary>The citations of the output, checked against their files.</summary>
    public CitationCheck Citations { get; }

    /// <summary>What can be done about it, in lines.</summary>
    public IEnumerable<string> Advice
    {
        get
        {
            var id = Result.RunId;
            foreach (var (citation, problem) in Citations.Wrong)
                yield return $"agentcore: left out of the citations: {citation.File}:{citation.Line}: {problem}";
            foreach (var turn in LostTurns)
                yield return $"agentcore: turn {turn.Number}, of '{turn.Member}', failed, and the team went on without it: {Words(turn.Problem)}";
            if (Result.Status == RunStatus.Failed)
                yield return $"agentcore: {Words(Failure)}";
            if (Result.Status == RunStatus.Limited || Result is { IsDone: true, Stop.Kind: StopKind.MaxTokens })
                yield return $"agentcore: {Words(Result.Stop?.Message)}";
            if (id is null || Result.IsDone)
                yield break;

            foreach (var pending in Result.Pending)
            {
                yield return $"agentcore: {Words(pending.Question)}";
                foreach (var command in CommandsFor(id, pending))
                    yield return $"  {command}";
            }

            yield return Result.Status switch
            {
                RunStatus.NeedsDecision => $"Then go on with: agentcore runs resume {id}",
                RunStatus.Failed => $"To try again from the failed step: agentcore runs resume {id}",
                RunStatus.Cancelled => $"To go on: agentcore runs resume {id}",
                _ => LimitWords.Advice(id, Result.Stop?.Message ?? "", Agent is Team),
            };
        }
    }

    /// <summary>Why it failed; of a team, with the member whose turn it was.</summary>
    public string? Failure => Agent is Team && Result.Stop is { Kind: StopKind.Failure } stop ? stop.Message : Result.Error?.Message;

    /// <summary>The turns that a team which is done went on without.</summary>
    private IEnumerable<(int Number, string Member, string? Problem)> LostTurns => Result.IsDone && TeamData is { } team
        ? team.Turns.Where(t => !t.IsGood).Select(t => (t.Number, t.Member, t.Error?.Message ?? t.Limit))
        : [];

    private TeamResult? TeamData => Agent is Team ? Result.GetData<TeamResult>() : null;

    private string? Words(string? message) => message is null ? null : LimitWords.Of(message, Agent is Team);

    public static async Task<RunReport> OfAsync(BaseAgent agent, AgentResult result, AgentWorkspace workspace, CancellationToken cancellationToken) =>
        new(agent, result, ModelUse.By(agent) ? workspace.Model?.Id : null, workspace.Inputs, await CitationCheck.OfAsync(result.Output, workspace.Tools, cancellationToken));

    public static string StatusName(RunStatus status) => status == RunStatus.NeedsDecision ? "waits for a decision" : status.ToString().ToLowerInvariant();

    /// <summary>The commands that answer a pending decision.</summary>
    public static IEnumerable<string> CommandsFor(string run, PendingDecision pending) => pending.Kind switch
    {
        DecisionKind.Approval => [$"agentcore runs approve {run} {pending.Step}", $"agentcore runs deny {run} {pending.Step}"],
        DecisionKind.Answer => [$"agentcore runs answer {run} {pending.Step} \"YOUR ANSWER\""],
        _ => [$"agentcore runs decide {run} {pending.Step} done --result RESULT", $"agentcore runs decide {run} {pending.Step} retry", $"agentcore runs decide {run} {pending.Step} abort"],
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
        Data = Result.Data as JsonElement?,
        Citations = Citations.Good.Select(c => new { c.File, c.Line, c.Quote, Path = PathOf(c.File) }),
        Members = Agent is Team team
            ? team.Members.Select(m => new { m.Name, m.Role })
            : [new { Agent.Metadata.Name, Agent.Metadata.Role }],
        Turns = Turns(),
        Model,
        Usage = UsageOf(Result.Usage),
        Stop = Result.Stop is { } stop ? stop with { Message = Words(stop.Message)! } : null,
        Error = Result.Error is { } error ? new { Code = "run_failed", error.Type, Message = Words(error.Message), error.Step } : null,
        Pending = Result.Pending.Count == 0 ? null : Result.Pending.Select(p => new { p.Step, p.Kind, p.Name, Question = Words(p.Question), p.Arguments, p.Returns, Commands = CommandsFor(Result.RunId ?? "ID", p) }),
    };

    /// <summary>The full path of a cited file, which tools name from its input on; null where it isn't found there.</summary>
    private string? PathOf(string file) => _inputs
        .SelectMany(i => new[] { Path.Combine(i, file), Path.Combine(Path.GetDirectoryName(i) ?? i, file) })
        .FirstOrDefault(File.Exists);

    private IEnumerable<object> Turns() => TeamData is { } team
        ? team.Turns.Select(t => new { t.Number, t.Member, t.Role, t.Status, t.Text, t.Tokens, t.Cost, t.Tools, t.HandedTo, Error = t.Error?.Message, t.Limit })
        : [];

    internal static object? UsageOf(UsageDetails? usage) => usage is null ? null : new
    {
        InputTokens = usage.InputTokenCount,
        OutputTokens = usage.OutputTokenCount,
        TotalTokens = usage.TotalTokenCount ?? (usage.InputTokenCount ?? 0) + (usage.OutputTokenCount ?? 0),
    };
}
