using System.Globalization;
using System.Text.Json;
using AgentCore.Runs;
using Microsoft.Extensions.AI;

namespace AgentCore.Runner.Output;

/// <summary>A run for people: what was asked, each step as it went, when it went, and how the run stands.</summary>
internal sealed class RunView(Terminal terminal, RunDetails run)
{
    private const int BarWidth = 30;
    private const int MostText = 2_000;

    private static readonly JsonSerializerOptions Json = new(AIJsonUtilities.DefaultOptions) { WriteIndented = false };

    /// <summary>The order of a tree: 2 before 2.1 before 10.</summary>
    private static readonly Comparer<string> ByPlace = Comparer<string>.Create((a, b) =>
    {
        var (left, right) = (a.Split('.'), b.Split('.'));
        for (var i = 0; i < Math.Min(left.Length, right.Length); i++)
        {
            if (int.Parse(left[i], CultureInfo.InvariantCulture).CompareTo(int.Parse(right[i], CultureInfo.InvariantCulture)) is not 0 and var order)
                return order;
        }

        return left.Length.CompareTo(right.Length);
    });

    public void Write()
    {
        var summary = run.Summary;
        Line($"run {summary.Id} · {summary.Agent} · {RunReport.StatusName(summary.Status)}");
        Line($"started {Local(summary.Started)}, last change {Local(summary.Updated)}, {run.Records} records, {RunProgress.Tokens(summary.Usage)}");
        if (summary.ForkedFrom is { } origin)
            Line($"forked from {origin}");
        Block("Task", run.Task.Input);
        WriteSteps();
        WriteTimeline();
        if (run.Result is { } result)
            Block(result.IsDone ? "Output" : "Output so far", result.Output);
        WriteEnd();
    }

    private void WriteSteps()
    {
        Line("");
        Line("Steps");
        foreach (var step in run.Steps.OrderBy(s => s.Path, ByPlace))
        {
            var indent = new string(' ', 2 + (2 * step.Path.Count(c => c == '.')));
            Line($"{indent}{step.Path} {(step.Kind == "branch" ? "" : step.Kind + " ")}{step.Name}{Outcome(step)}");
            foreach (var line in Content(step))
                Line($"{indent}    {line}");
        }

        if (run.Steps.Count == 0)
            Line("  none");
    }

    private string Words(string message) => LimitWords.Of(message, isTeam: run.Summary.Labels.GetValueOrDefault("command") == "team run");

    private string Outcome(RunStep step)
    {
        if (step.Error is { } error)
            return $" · failed: {RunProgress.Shorten(Words(error.Message), 200)}";
        if (step.Question is { } question && step.Decision is null)
            return $" · waits: {RunProgress.Shorten(question, 200)}";

        var ended = step.Ended is { } end ? $" · {RunProgress.Time(end - step.Started)}" : " · not finished";
        var tokens = step.Usage is null ? "" : $" · {RunProgress.Tokens(step.Usage)}";
        var decision = step.Decision is null ? "" : $" · {step.Decision}";
        return $"{(step.ScopeStatus is { } status and not "Done" ? $" · {status.ToLowerInvariant()}" : "")}{ended}{tokens}{decision}";
    }

    /// <summary>What a step was asked and returned, in a few lines.</summary>
    private static IEnumerable<string> Content(RunStep step)
    {
        if (step.Kind == "tool" && step.Arguments is { } arguments)
            yield return RunProgress.Shorten(RunProgress.ArgumentsOf(arguments), 300);
        if (step.Value is not { } value)
            yield break;

        if (step.Kind != "model")
        {
            yield return "→ " + RunProgress.Shorten(value, 300);
            yield break;
        }

        foreach (var line in Reply(value))
            yield return line;
    }

    private static IEnumerable<string> Reply(string json)
    {
        ChatResponse? response;
        try
        {
            response = JsonSerializer.Deserialize<ChatResponse>(json, Json);
        }
        catch (JsonException)
        {
            response = null;
        }

        if (response is null)
            return [RunProgress.Shorten(json, 300)];

        var text = response.Text.Length > MostText ? response.Text[..MostText] + "…" : response.Text;
        var calls = response.Messages.SelectMany(m => m.Contents).OfType<FunctionCallContent>()
            .Select(c => $"calls {c.Name}({RunProgress.Shorten(JsonSerializer.Serialize(c.Arguments, Json), 200)})");
        return text.ReplaceLineEndings("\n").Split('\n', StringSplitOptions.RemoveEmptyEntries).Concat(calls);
    }

    private void WriteTimeline()
    {
        var timed = run.Steps.Where(s => s.Kind != "branch").OrderBy(s => s.Started).ThenBy(s => s.Path, ByPlace).ToList();
        if (timed.Count == 0)
            return;

        var start = run.Summary.Started;
        var end = timed.Max(s => s.Ended ?? s.Started);
        var span = Math.Max(1, (end - start).TotalMilliseconds);
        Line("");
        Line($"Timeline, {RunProgress.Time(end - start)}");
        var width = timed.Max(s => Label(s).Length);
        foreach (var step in timed)
        {
            var from = Math.Clamp((int)((step.Started - start).TotalMilliseconds / span * BarWidth), 0, BarWidth - 1);
            var to = Math.Clamp((int)Math.Ceiling(((step.Ended ?? end) - start).TotalMilliseconds / span * BarWidth), from + 1, BarWidth);
            var bar = new string('·', from) + new string(step.Error is null ? '█' : 'x', to - from) + new string('·', BarWidth - to);
            var at = string.Create(CultureInfo.InvariantCulture, $"+{(step.Started - start).TotalSeconds:0.000}s");
            Line($"  {Label(step).PadRight(width)}  {bar}  {at,10}  {(step.Ended is { } ended ? RunProgress.Time(ended - step.Started) : "not finished")}");
        }
    }

    private void WriteEnd()
    {
        Line("");
        Line(run switch
        {
            { Summary: { Status: RunStatus.Running, Note: null } } => $"Its process runs, or ended before it did. If none runs, go on with: agentcore runs resume {run.Summary.Id}",
            { Result: { } result } => Words(result.Describe()),
            { Pending.Count: > 0 } => "It waits for more decisions.",
            _ => $"Decided; go on with: agentcore runs resume {run.Summary.Id}",
        });
        foreach (var command in run.Pending.SelectMany(p => RunReport.CommandsFor(run.Summary.Id, p)))
            Line($"  {command}");
    }

    private void Block(string title, string text)
    {
        if (text.Length == 0)
            return;

        Line("");
        Line(title);
        foreach (var line in text.ReplaceLineEndings("\n").Split('\n'))
            Line($"  {line}");
    }

    private static string Label(RunStep step) => $"{step.Path} {RunProgress.Shorten(step.Name, 30)}";

    private static string Local(DateTimeOffset time) => time.ToLocalTime().ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture);

    private void Line(string text) => terminal.Out.WriteLine(text);
}
