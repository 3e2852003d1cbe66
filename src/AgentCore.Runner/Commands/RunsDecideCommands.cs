using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using AgentCore.Hosting.Definitions;
using AgentCore.Runner.Decisions;
using AgentCore.Runner.Output;
using AgentCore.Runs;

namespace AgentCore.Runner.Commands;

/// <summary><c>agentcore runs decide|approve|deny|answer</c>.</summary>
internal static class RunsDecideCommands
{
    // A hundred years.
    private const double LongestDays = 36_500;

    private static readonly string[] Verdicts = ["done", "retry", "abort"];

    public static IEnumerable<Command> Create(Terminal terminal) => [Decide(terminal), Approve(terminal), Deny(terminal), Answer(terminal)];

    private static Argument<string> Step() => new("STEP") { Description = "The step, such as 3.1, as the run's message and 'runs show' name it." };

    private static Option<string?> Reason() => new("--reason") { Description = "Why, in words; kept with the run.", HelpName = "TEXT" };

    private static Command Decide(Terminal terminal)
    {
        var (id, step, reason) = (RunsCommand.Id(), Step(), Reason());
        var verdict = new Argument<string>("VERDICT") { Description = "done (it was done), retry (do it again) or abort (give the run up)." };
        var result = new Option<string?>("--result") { Description = "What the step returned, where it was done: JSON, or a text.", HelpName = "RESULT" };
        var command = new Command("decide", "Decide on a step whose outcome is unknown.") { id, step, verdict, result, reason };
        command.SetAction((parsed, cancellationToken) =>
        {
            var word = parsed.GetRequiredValue(verdict);
            if (!Verdicts.Contains(word))
                throw new UsageException($"The verdict is '{word}'.{NearestName.Hint(word, Verdicts)} Choose one of: {string.Join(", ", Verdicts)}.");

            var decision = new Decision(Enum.Parse<Verdict>(word, ignoreCase: true), ConsoleDecider.Person)
            {
                Result = parsed.GetValue(result) is { } returned ? Result(returned) : null,
                Reason = parsed.GetValue(reason),
            };
            return DecideAsync(parsed, terminal, parsed.GetRequiredValue(id), parsed.GetRequiredValue(step), decision, cancellationToken);
        });
        return command;
    }

    private static Command Approve(Terminal terminal)
    {
        var (id, step, reason) = (RunsCommand.Id(), Step(), Reason());
        var expires = new Option<string?>("--expires") { Description = "How long the approval holds, such as 2h; as long as the run without it.", HelpName = "TIME" };
        var command = new Command("approve", "Approve a tool call that a run waits for; it holds for these arguments alone.") { id, step, reason, expires };
        command.SetAction((parsed, cancellationToken) =>
        {
            var decision = new Decision(Verdict.Approve, ConsoleDecider.Person) { Reason = parsed.GetValue(reason), Expires = Expiry(parsed.GetValue(expires)) };
            return DecideAsync(parsed, terminal, parsed.GetRequiredValue(id), parsed.GetRequiredValue(step), decision, cancellationToken);
        });
        return command;
    }

    private static Command Deny(Terminal terminal)
    {
        var (id, step, reason) = (RunsCommand.Id(), Step(), Reason());
        var command = new Command("deny", "Refuse a tool call or a question that a run waits for.") { id, step, reason };
        command.SetAction((parsed, cancellationToken) =>
        {
            var decision = new Decision(Verdict.Deny, ConsoleDecider.Person) { Reason = parsed.GetValue(reason) };
            return DecideAsync(parsed, terminal, parsed.GetRequiredValue(id), parsed.GetRequiredValue(step), decision, cancellationToken);
        });
        return command;
    }

    private static Command Answer(Terminal terminal)
    {
        var (id, step) = (RunsCommand.Id(), Step());
        var text = new Argument<string>("TEXT") { Description = "The answer; put it into quotes." };
        var command = new Command("answer", "Answer a question that a run waits for.") { id, step, text };
        command.SetAction((parsed, cancellationToken) =>
        {
            var decision = new Decision(Verdict.Answer, ConsoleDecider.Person) { Result = JsonSerializer.SerializeToElement(parsed.GetRequiredValue(text)) };
            return DecideAsync(parsed, terminal, parsed.GetRequiredValue(id), parsed.GetRequiredValue(step), decision, cancellationToken);
        });
        return command;
    }

    private static async Task<int> DecideAsync(ParseResult parsed, Terminal terminal, string id, string step, Decision decision, CancellationToken cancellationToken)
    {
        await using var session = Session.Open(parsed, terminal);
        var history = new RunHistory(await ExistingStore.OpenAsync(session, cancellationToken));
        var run = await history.FindAsync(id, cancellationToken);
        await history.DecideAsync(run.Id, step, decision, cancellationToken);
        var next = $"agentcore runs resume {run.Id}";
        if (session.IsJson)
            JsonOutput.Write(terminal, new { RunId = run.Id, Step = step, decision.Verdict, decision.By, Next = next });
        else
            terminal.Out.WriteLine($"Step {step} of run {run.Id}: {decision.Verdict.ToString().ToLowerInvariant()}. Go on with: {next}");
        return ExitCode.Done;
    }

    /// <summary>A result as JSON; what is none, and doesn't begin as some, is a text.</summary>
    private static JsonElement Result(string text)
    {
        try
        {
            return JsonSerializer.Deserialize<JsonElement>(text);
        }
        catch (JsonException e)
        {
            return text.TrimStart() is ['{' or '[' or '"', ..]
                ? throw new UsageException($"--result is no JSON: {e.Message}")
                : JsonSerializer.SerializeToElement(text);
        }
    }

    private static DateTimeOffset? Expiry(string? text)
    {
        if (text is null)
            return null;
        if (FieldReader.Seconds(text) is not ({ } seconds and > 0))
            throw new UsageException($"--expires is '{text}'; give a length of time such as 30m or 2h.");
        if (FieldReader.IsTooShort(seconds) || seconds > LongestDays * 86_400)
            throw new UsageException(string.Create(CultureInfo.InvariantCulture, $"--expires is '{text}'; give {FieldReader.Shortest} to {LongestDays}d, or leave it out for as long as the run."));

        return DateTimeOffset.UtcNow.AddSeconds(seconds);
    }
}
