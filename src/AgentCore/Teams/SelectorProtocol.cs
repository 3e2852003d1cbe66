using Microsoft.Extensions.AI;

namespace AgentCore.Teams;

/// <summary>A model picks who speaks next. When it answers nonsense it is told so, a bounded number of times; then the next
/// member in the team's order speaks.</summary>
public sealed class SelectorProtocol : TeamProtocol
{
    private const string Done = "DONE";

    private readonly IChatClient _client;
    private readonly SelectorOptions _options;

    /// <summary>Creates the protocol.</summary>
    /// <param name="client">The model. The protocol doesn't dispose it.</param>
    /// <param name="options">How it picks; null for the defaults.</param>
    public SelectorProtocol(IChatClient client, SelectorOptions? options = null)
    {
        _client = client ?? throw new ArgumentNullException(nameof(client));
        _options = options ?? new SelectorOptions();
    }

    /// <inheritdoc/>
    public override string Name => "selector";

    /// <inheritdoc/>
    public override async IAsyncEnumerable<NextTurn> LeadAsync(TeamRun run)
    {
        ArgumentNullException.ThrowIfNull(run);
        var model = new ModelTalk(run, _client, Instructions(run));
        TeamMember? last = null;
        while (true)
        {
            var (next, done) = await PickAsync(run, model, last).ConfigureAwait(false);
            if (done)
                yield break;

            last = next;
            yield return NextTurn.Of(next!);
        }
    }

    /// <inheritdoc/>
    public override IEnumerable<TeamFinding> Check(Team team)
    {
        ArgumentNullException.ThrowIfNull(team);
        if (!_options.MayEnd && team.Rules.Until is null)
            yield return TeamFinding.Warning("until", "has no exit but its limits: the selector may not end it, and there is no condition.");
        foreach (var finding in MissingDescriptions(team))
            yield return finding;
    }

    private string Instructions(TeamRun run)
    {
        var members = string.Join("\n", run.Members.Select(m => $"- {m.Name}{(m.Role is null ? "" : $" ({m.Role})")}: {m.Agent.Metadata.Description}"));
        var end = _options.MayEnd ? $" When the task is done, answer {Done}." : "";
        return $"{_options.Instructions}\nThe members:\n{members}\nAnswer with the name of one member and nothing else.{end}";
    }

    private async ValueTask<(TeamMember? Next, bool Done)> PickAsync(TeamRun run, ModelTalk model, TeamMember? last)
    {
        var question = "Who speaks next?";
        for (var repair = 0; repair <= _options.MaxRepairs; repair++)
        {
            var answer = await model.AskAsync(question).ConfigureAwait(false);
            if (_options.MayEnd && run.Turns.Count > 0 && answer.Trim().Trim('.', '"', '\'', '*', '`').Equals(Done, StringComparison.OrdinalIgnoreCase))
                return (null, true);

            var named = MemberNames.In(answer, run.Members);
            if (named.Count == 1 && (_options.MayRepeat || run.Members.Count == 1 || !ReferenceEquals(named[0], last)))
                return (named[0], false);

            var names = string.Join(", ", run.Members.Where(m => _options.MayRepeat || !ReferenceEquals(m, last)).Select(m => m.Name));
            question = named.Count switch
            {
                0 => $"That is no member's name. Answer with one of: {names}.",
                1 => $"{named[0].Name} has just spoken. Answer with one of: {names}.",
                _ => $"Those are several. Answer with one of: {names}.",
            };
        }

        var rule = run.Members[last is null ? 0 : (run.IndexOf(last) + 1) % run.Members.Count];
        run.Context.Note($"The selector named no member {_options.MaxRepairs + 1} times; by rule '{rule.Name}' is next.");
        return (rule, false);
    }
}

/// <summary>How a <see cref="SelectorProtocol"/> picks.</summary>
public sealed record SelectorOptions
{
    private readonly int _maxRepairs = 2;

    /// <summary>What the model is told before the list of members.</summary>
    public string Instructions { get; init; } = "You lead a team that works on the user's task. You choose which member speaks next; you don't work on the task yourself.";

    /// <summary>How often it is asked again when it answers nonsense: 0 to 10, 2 by default.</summary>
    public int MaxRepairs
    {
        get => _maxRepairs;
        init => _maxRepairs = value is >= 0 and <= 10
            ? value
            : throw new ArgumentException($"SelectorOptions.MaxRepairs is {value}; choose 0 to 10.");
    }

    /// <summary>Whether the same member may speak twice in a row; off by default.</summary>
    public bool MayRepeat { get; init; }

    /// <summary>Whether the model may say that the task is done; on by default.</summary>
    public bool MayEnd { get; init; } = true;
}
