using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using AgentCore.Hosting.Models;
using AgentCore.Teams;
using Microsoft.Extensions.AI;
using Spectre.Console;

namespace AgentCore.Runner.Output;

/// <summary>Shows on standard error how a run goes: who speaks, which tool is called, tokens and times.</summary>
internal sealed class RunProgress(Terminal terminal, BaseAgent agent, ModelChoice? model)
{
    private readonly Stopwatch _time = Stopwatch.StartNew();
    private int _replayed;
    private string? _told;

    public void Show(AgentEvent happening)
    {
        if (happening is StepFinishedEvent { Replayed: true })
            _replayed++;
        if (happening.Replayed)
            return;

        switch (happening)
        {
            case RunStartedEvent started:
                Line(0, "grey", $"{agent.Metadata.Name} · {(model is not null && ModelUse.By(agent) ? model.Id : "no model")} · run {started.RunId ?? "(not kept)"}{(started.Resumed ? " resumed" : "")}");
                break;
            case ScopeOpenedEvent { Kind: not "branch" } scope:
                Line(Depth(happening), "bold", RoleOf(scope.Name) is { } role && role != scope.Name ? $"{scope.Name} ({role})" : scope.Name);
                break;
            case TurnEndedEvent { Turn: var turn }:
                Line(1, turn.IsGood ? "default" : "red", turn.IsGood ? $"{turn.Member}: {Shorten(turn.Text, 160)}" : $"{turn.Member} failed{Told(turn.Error?.Message ?? turn.Limit)}");
                break;
            case StepStartedEvent { Kind: "tool" } tool:
                Line(Depth(happening) + 1, "default", $"{tool.Name} {Shorten(ArgumentsOf(tool.Arguments), 100)}");
                break;
            case StepFinishedEvent { Error: { } error } failed:
                Line(Depth(happening) + 1, "red", $"{failed.Name} failed{Told(error.Message)}");
                break;
            case StepFinishedEvent { Kind: "model" } asked:
                Line(Depth(happening) + 1, "grey", $"{asked.Name} · {Tokens(asked.Usage)} · {Time(asked.Duration)}");
                break;
            case StepFinishedEvent { Kind: "tool" } done:
                Line(Depth(happening) + 1, "grey", $"{done.Name} · {Time(done.Duration)}");
                break;
            case RunRetryingEvent retry:
                Line(0, "yellow", $"attempt {retry.Attempt}{(retry.Remedy is { } remedy ? $" with {remedy}" : "")}, as the last one failed: {Shorten(retry.Error.Message, 200)}");
                break;
            case NoteEvent note:
                Line(Depth(happening), "grey", note.Message);
                break;
        }
    }

    /// <summary>Shows how the run ended, and what can be done about it.</summary>
    public void End(RunReport report)
    {
        var result = report.Result;
        if (_replayed > 0)
            Line(0, "grey", $"{_replayed} finished steps were taken from the journal, not done again");
        var colour = result.IsDone ? "green" : "yellow";
        Line(0, colour, $"{RunReport.StatusName(result.Status)} · {Tokens(result.Usage)} · {Time(_time.Elapsed)}");
        foreach (var line in report.Advice.Where(l => l != $"agentcore: {_told}"))
            terminal.Note(line);
    }

    /// <summary>Why something failed, unless that stands in the line before.</summary>
    private string Told(string? problem)
    {
        problem = problem is null ? null : LimitWords.Of(problem, agent is Team);
        if (problem is null || problem == _told)
            return "";
        // One that is cut short is told in full at the end.
        _told = Shorten(problem, 200) == problem ? problem : null;
        return $": {Shorten(problem, 200)}";
    }

    private string? RoleOf(string member) => (agent as Team)?.Members.FirstOrDefault(m => m.Name == member)?.Role;

    private void Line(int depth, string style, string text) =>
        terminal.Error.MarkupLine($"{new string(' ', depth * 2)}[{style}]{Terminal.Escape(text.ReplaceLineEndings(" "))}[/]");

    private static int Depth(AgentEvent happening) => happening.Step.Length == 0 ? 0 : Math.Min(8, happening.Step.Count(c => c == '.'));

    internal static string ArgumentsOf(string? json)
    {
        if (json is null)
            return "";

        using var document = JsonDocument.Parse(json);
        return document.RootElement.ValueKind == JsonValueKind.Object
            ? string.Join(' ', document.RootElement.EnumerateObject().Select(p => $"{p.Name}={p.Value.GetRawText()}"))
            : json;
    }

    internal static string Shorten(string text, int most)
    {
        var line = text.ReplaceLineEndings(" ");
        return line.Length <= most ? line : line[..(most - 1)] + "…";
    }

    internal static string Tokens(UsageDetails? usage) => usage is null
        ? "no tokens"
        : string.Create(CultureInfo.InvariantCulture, $"{usage.TotalTokenCount ?? (usage.InputTokenCount ?? 0) + (usage.OutputTokenCount ?? 0):#,0} tokens");

    internal static string Time(TimeSpan time) => time.TotalSeconds switch
    {
        < 0.001 => "<1 ms",
        < 1 => string.Create(CultureInfo.InvariantCulture, $"{time.TotalMilliseconds:0} ms"),
        < 100 => string.Create(CultureInfo.InvariantCulture, $"{time.TotalSeconds:0.0} s"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{(int)time.TotalMinutes} min {time.Seconds} s"),
    };
}
