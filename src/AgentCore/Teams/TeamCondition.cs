using System.Text.Json;

namespace AgentCore.Teams;

/// <summary>When a team is done. Conditions are asked after each turn, and combine: <c>TeamCondition.Phrase("APPROVED") &amp;
/// TeamCondition.Member("critic")</c> holds when the critic says so.</summary>
public abstract class TeamCondition
{
    /// <summary>The condition in words, as the stop reason has it.</summary>
    public abstract string Description { get; }

    /// <summary>A good turn's text contains a phrase, ignoring case.</summary>
    /// <param name="phrase">The phrase.</param>
    public static TeamCondition Phrase(string phrase)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(phrase);
        return new PhraseCondition(phrase);
    }

    /// <summary>A member had a good turn.</summary>
    /// <param name="name">The member's name, ignoring case.</param>
    public static TeamCondition Member(string name)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        return new MemberCondition(name);
    }

    /// <summary>A tool was called in the turn.</summary>
    /// <param name="tool">The tool's name.</param>
    public static TeamCondition ToolCalled(string tool)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(tool);
        return new ToolCondition(tool);
    }

    /// <summary>A good turn's answer is JSON that has a field, with a value if one is given.</summary>
    /// <param name="path">The field's name, or names joined by dots.</param>
    /// <param name="value">The value as text, ignoring case; null for any but null and false.</param>
    public static TeamCondition JsonField(string path, string? value = null)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        return new JsonFieldCondition(path, value);
    }

    /// <summary>A predicate holds. It must follow from the run alone, so that a resumed run ends at the same turn.</summary>
    /// <param name="description">The condition in words.</param>
    /// <param name="predicate">Given the run and the turn that ended.</param>
    public static TeamCondition When(string description, Func<TeamRun, TeamTurn, bool> predicate)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(description);
        ArgumentNullException.ThrowIfNull(predicate);
        return new PredicateCondition(description, predicate);
    }

    /// <summary>Whether the team is done after a turn.</summary>
    /// <param name="run">The run.</param>
    /// <param name="turn">The turn that ended.</param>
    public abstract bool Holds(TeamRun run, TeamTurn turn);

    /// <summary>Finds what makes the condition impossible in a team.</summary>
    /// <param name="team">The team.</param>
    /// <returns>The problems, in words; none by default.</returns>
    public virtual IEnumerable<string> Check(Team team) => [];

    /// <summary>Both hold after the same turn.</summary>
    public static TeamCondition operator &(TeamCondition left, TeamCondition right) => new BothCondition(left, right);

    /// <summary>One of them holds, or both.</summary>
    public static TeamCondition operator |(TeamCondition left, TeamCondition right) => new EitherCondition(left, right);

    /// <summary>The operator <c>&amp;</c> as a method.</summary>
    /// <param name="left">A condition.</param>
    /// <param name="right">Another one.</param>
    public static TeamCondition BitwiseAnd(TeamCondition left, TeamCondition right) => left & right;

    /// <summary>The operator <c>|</c> as a method.</summary>
    /// <param name="left">A condition.</param>
    /// <param name="right">Another one.</param>
    public static TeamCondition BitwiseOr(TeamCondition left, TeamCondition right) => left | right;

    /// <inheritdoc/>
    public override string ToString() => Description;

    private sealed class PhraseCondition(string phrase) : TeamCondition
    {
        public override string Description => $"'{phrase}' was said";

        public override bool Holds(TeamRun run, TeamTurn turn) => turn.IsGood && turn.Text.Contains(phrase, StringComparison.OrdinalIgnoreCase);
    }

    private sealed class MemberCondition(string name) : TeamCondition
    {
        public override string Description => $"'{name}' spoke";

        public override bool Holds(TeamRun run, TeamTurn turn) => turn.IsGood && string.Equals(turn.Member, name, StringComparison.OrdinalIgnoreCase);

        public override IEnumerable<string> Check(Team team)
        {
            if (team.Find(name) is null)
                yield return $"there is no member '{name}'. The members are: {string.Join(", ", team.Members.Select(m => m.Name))}.";
        }
    }

    private sealed class ToolCondition(string tool) : TeamCondition
    {
        public override string Description => $"the tool '{tool}' was called";

        public override bool Holds(TeamRun run, TeamTurn turn) => turn.Tools?.Contains(tool) == true;

        public override IEnumerable<string> Check(Team team)
        {
            if (!TeamTools.MayCall(team, tool))
                yield return $"no member may call the tool '{tool}': give one the tool and the capabilities that it needs.";
        }
    }

    private sealed class JsonFieldCondition(string path, string? value) : TeamCondition
    {
        private readonly string[] _names = path.Split('.');

        public override string Description => value is null ? $"the answer has '{path}'" : $"the answer's '{path}' is '{value}'";

        public override bool Holds(TeamRun run, TeamTurn turn)
        {
            if (!turn.IsGood || !TurnJson.TryRead(turn, out var element))
                return false;
            foreach (var name in _names)
            {
                if (element.ValueKind != JsonValueKind.Object || !element.TryGetProperty(name, out element))
                    return false;
            }

            return value is null
                ? element.ValueKind is not (JsonValueKind.Null or JsonValueKind.False)
                : string.Equals(element.ToString(), value, StringComparison.OrdinalIgnoreCase);
        }
    }

    private sealed class PredicateCondition(string description, Func<TeamRun, TeamTurn, bool> predicate) : TeamCondition
    {
        public override string Description => description;

        public override bool Holds(TeamRun run, TeamTurn turn) => predicate(run, turn);
    }

    private sealed class BothCondition(TeamCondition left, TeamCondition right) : TeamCondition
    {
        public override string Description => $"{left.Description} and {right.Description}";

        public override bool Holds(TeamRun run, TeamTurn turn) => left.Holds(run, turn) && right.Holds(run, turn);

        public override IEnumerable<string> Check(Team team) => left.Check(team).Concat(right.Check(team));
    }

    private sealed class EitherCondition(TeamCondition left, TeamCondition right) : TeamCondition
    {
        public override string Description => $"{left.Description} or {right.Description}";

        public override bool Holds(TeamRun run, TeamTurn turn) => left.Holds(run, turn) || right.Holds(run, turn);

        public override IEnumerable<string> Check(Team team) => left.Check(team).Concat(right.Check(team));
    }
}
