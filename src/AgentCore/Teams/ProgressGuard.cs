namespace AgentCore.Teams;

/// <summary>Notices a team that goes round in circles. It looks at what is new in each turn only.</summary>
internal sealed class ProgressGuard
{
    // Longer rounds than this are left to the limit of turns.
    private const int LongestRound = 16;

    private readonly ProgressOptions _options;
    private readonly long[] _recent;
    private readonly int[] _same;
    private readonly Dictionary<string, (UInt128 Key, int Count)> _calls = new(StringComparer.Ordinal);
    private int _turns;
    private (string From, string To)? _handoff;
    private int _pingPong;
    private string? _state;
    private int _unchanged;

    public ProgressGuard(ProgressOptions options, int members)
    {
        _options = options;
        _recent = new long[Math.Clamp(members * 2, 2, LongestRound)];
        _same = new int[_recent.Length + 1];
    }

    /// <summary>Takes a turn with its tool calls; why there is no progress, or null where there is.</summary>
    public string? Add(TeamRun run, TeamTurn turn, int seat, IReadOnlyList<(string Tool, UInt128 Key)> calls) =>
        Calls(turn, calls) ?? Rounds(turn, seat) ?? PingPong(turn) ?? State(run);

    private string? Calls(TeamTurn turn, IReadOnlyList<(string Tool, UInt128 Key)> calls)
    {
        foreach (var (tool, key) in calls)
        {
            var count = _calls.TryGetValue(turn.Member, out var last) && last.Key == key ? last.Count + 1 : 1;
            _calls[turn.Member] = (key, count);
            if (count > _options.MaxRepeatedCalls)
                return $"'{turn.Member}' called '{tool}' {count} times in a row with the same arguments and the same result; ProgressOptions.MaxRepeatedCalls is {_options.MaxRepeatedCalls}.";
        }

        return null;
    }

    /// <summary>Counts, for each length of a round, how many turns in a row were as the one a round before.</summary>
    private string? Rounds(TeamTurn turn, int seat)
    {
        var now = ((long)seat << 32) | (uint)string.GetHashCode(turn.Text, StringComparison.Ordinal);
        string? found = null;
        for (var length = 1; length <= _recent.Length && length <= _turns; length++)
        {
            _same[length] = _recent[(_turns - length) % _recent.Length] == now ? _same[length] + 1 : 0;
            if (found is null && _same[length] >= length * (_options.MaxRepeatedRounds - 1))
                found = $"The same was said in the same order {_options.MaxRepeatedRounds} times, in rounds of {length}; ProgressOptions.MaxRepeatedRounds is {_options.MaxRepeatedRounds}.";
        }

        _recent[_turns++ % _recent.Length] = now;
        return found;
    }

    private string? PingPong(TeamTurn turn)
    {
        if (turn.HandedTo is not { } to)
        {
            _handoff = null;
            _pingPong = 0;
            return null;
        }

        _pingPong = _handoff is { } last && last.From == to && last.To == turn.Member ? _pingPong + 1 : 1;
        _handoff = (turn.Member, to);
        return _pingPong > _options.MaxPingPong
            ? $"'{turn.Member}' and '{to}' handed over to each other {_pingPong} times in a row; ProgressOptions.MaxPingPong is {_options.MaxPingPong}."
            : null;
    }

    private string? State(TeamRun run)
    {
        if (_options.State is not { } state)
            return null;

        var now = state(run);
        _unchanged = now == _state ? _unchanged + 1 : 0;
        _state = now;
        return _unchanged >= _options.MaxUnchangedTurns
            ? $"The state was unchanged for {_unchanged} turns; ProgressOptions.MaxUnchangedTurns is {_options.MaxUnchangedTurns}."
            : null;
    }
}
