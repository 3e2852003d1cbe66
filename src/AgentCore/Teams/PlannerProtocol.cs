using System.Text;
using Microsoft.Extensions.AI;

namespace AgentCore.Teams;

/// <summary>A model plans and leads: it keeps a task ledger (what is known, and the plan), and after each turn a progress ledger
/// (is it done, did it get on, who does what next). When the team gets stuck it plans anew, a bounded number of times.</summary>
/// <remarks>After the orchestrator of Magentic-One (Fourney et al. 2024, arXiv:2411.04468).</remarks>
public sealed class PlannerProtocol : TeamProtocol
{
    private readonly IChatClient _client;
    private readonly PlannerOptions _options;

    /// <summary>Creates the protocol.</summary>
    /// <param name="client">The model that plans. The protocol doesn't dispose it.</param>
    /// <param name="options">How it plans; null for the defaults.</param>
    public PlannerProtocol(IChatClient client, PlannerOptions? options = null)
    {
        _client = client ?? throw new ArgumentNullException(nameof(client));
        _options = options ?? new PlannerOptions();
    }

    /// <inheritdoc/>
    public override string Name => "planner";

    /// <inheritdoc/>
    public override async IAsyncEnumerable<NextTurn> LeadAsync(TeamRun run)
    {
        ArgumentNullException.ThrowIfNull(run);
        var model = new ModelTalk(run, _client, Instructions(run));
        var plans = 1;
        var stalls = 0;
        var plan = await PlanAsync(model, "Plan the task.").ConfigureAwait(false);
        TeamMember? last = null;
        while (true)
        {
            var progress = await ProgressAsync(run, model, last).ConfigureAwait(false);
            run.Details = new PlannerLedger(plan.Facts ?? [], plan.Plan ?? [], plans, stalls);
            if (progress.Done)
            {
                run.SetOutput(string.IsNullOrWhiteSpace(progress.Answer) ? run.Output : progress.Answer);
                yield break;
            }

            stalls = progress.Progress || last is null ? Math.Max(0, stalls - 1) : stalls + 1;
            if (stalls > _options.MaxStalls)
            {
                if (plans > _options.MaxReplans)
                {
                    run.StopWith(new StopReason(StopKind.NoProgress, $"The team got stuck with {plans} plans; PlannerOptions.MaxReplans is {_options.MaxReplans}."));
                    yield break;
                }

                plans++;
                stalls = 0;
                run.Context.Note($"No progress; plan {plans}.");
                plan = await PlanAsync(model, "The team is stuck. Say what is known now, why the plan failed, and plan anew, in another way.").ConfigureAwait(false);
                last = null;
                continue;
            }

            last = run.Find(progress.Next ?? "") ?? run.Members[last is null ? 0 : (run.IndexOf(last) + 1) % run.Members.Count];
            yield return NextTurn.Of(last, string.IsNullOrWhiteSpace(progress.Instruction) ? null : progress.Instruction);
        }
    }

    /// <inheritdoc/>
    public override IEnumerable<TeamFinding> Check(Team team) => MissingDescriptions(team);

    private string Instructions(TeamRun run)
    {
        var text = new StringBuilder(_options.Instructions).Append("\nThe members:");
        foreach (var member in run.Members)
            text.Append($"\n- {member.Name}{(member.Role is null ? "" : $" ({member.Role})")}: {member.Agent.Metadata.Description}");
        return text.ToString();
    }

    private async ValueTask<TaskLedger> PlanAsync(ModelTalk model, string question) =>
        await AskAsync<TaskLedger>(model, question + """ Answer with JSON alone: {"facts": ["what is known"], "plan": ["who does what, step by step"]}.""", _ => null).ConfigureAwait(false)
            ?? new TaskLedger(null, null);

    private async ValueTask<ProgressLedger> ProgressAsync(TeamRun run, ModelTalk model, TeamMember? last)
    {
        var question = (last is null ? "Who begins?" : "How does it stand, and who is next?")
            + """ Answer with JSON alone: {"done": whether the task is done, "progress": whether the last turn got it on, "next": "the member who goes on", "instruction": "what it is to do", "answer": "the final answer, when it is done"}.""";
        return await AskAsync<ProgressLedger>(model, question, p => p.Done || run.Find(p.Next ?? "") is not null
                ? null
                : $"'{p.Next}' is no member; next is one of {string.Join(", ", run.Members.Select(m => m.Name))}.").ConfigureAwait(false)
            ?? new ProgressLedger(false, false, null, null, null);
    }

    /// <summary>Asks for JSON, and again where it doesn't fit; null when it never did.</summary>
    private async ValueTask<T?> AskAsync<T>(ModelTalk model, string question, Func<T, string?> check) where T : class
    {
        for (var repair = 0; repair <= _options.MaxRepairs; repair++)
        {
            var answer = await model.AskAsync(question).ConfigureAwait(false);
            if (TurnJson.TryRead<T>(answer, out var value, out var problem))
            {
                if (check(value) is not { } wrong)
                    return value;
                problem = wrong;
            }

            question = $"Your answer can't be used: {problem} Answer again, with the JSON alone.";
        }

        return null;
    }

    private sealed record TaskLedger(IReadOnlyList<string>? Facts, IReadOnlyList<string>? Plan);

    private sealed record ProgressLedger(bool Done, bool Progress, string? Next, string? Instruction, string? Answer);
}

/// <summary>How a <see cref="PlannerProtocol"/> plans.</summary>
public sealed record PlannerOptions
{
    private readonly int _maxStalls = 2;
    private readonly int _maxReplans = 2;
    private readonly int _maxRepairs = 2;

    /// <summary>What the model is told before the list of members.</summary>
    public string Instructions { get; init; } = "You lead a team that works on the user's task. You plan, follow the progress, and say who does what next; the members do the work.";

    /// <summary>How many turns without progress are borne before it plans anew: 0 to 100, 2 by default. A turn that got on
    /// makes up for one that didn't.</summary>
    public int MaxStalls
    {
        get => _maxStalls;
        init => _maxStalls = InRange(nameof(MaxStalls), value, 100);
    }

    /// <summary>How often it plans anew: 0 to 100, 2 by default. After that the team stops for lack of progress.</summary>
    public int MaxReplans
    {
        get => _maxReplans;
        init => _maxReplans = InRange(nameof(MaxReplans), value, 100);
    }

    /// <summary>How often the model is asked again when its JSON can't be used: 0 to 10, 2 by default. After that the next
    /// member in the team's order goes on, without progress.</summary>
    public int MaxRepairs
    {
        get => _maxRepairs;
        init => _maxRepairs = InRange(nameof(MaxRepairs), value, 10);
    }

    private static int InRange(string name, int value, int most) => value >= 0 && value <= most
        ? value
        : throw new ArgumentException($"PlannerOptions.{name} is {value}; choose 0 to {most}.");
}

/// <summary>The ledger of a planner as it stood last; a result's <see cref="TeamResult.Details"/>.</summary>
/// <param name="Facts">What was known.</param>
/// <param name="Plan">The plan.</param>
/// <param name="Plans">How many plans there were.</param>
/// <param name="Stalls">The turns without progress since then.</param>
public sealed record PlannerLedger(IReadOnlyList<string> Facts, IReadOnlyList<string> Plan, int Plans, int Stalls);
