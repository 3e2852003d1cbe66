namespace AgentCore.Teams;

/// <summary>What a protocol chose: who speaks next.</summary>
public sealed record NextTurn
{
    private NextTurn(IReadOnlyList<TeamMember> members, string? instruction)
    {
        Members = members;
        Instruction = instruction;
    }

    /// <summary>The members; more than one speak at once, and don't hear each other.</summary>
    public IReadOnlyList<TeamMember> Members { get; }

    /// <summary>What they are asked beyond the conversation, for this turn alone; null for nothing.</summary>
    public string? Instruction { get; }

    /// <summary>The members that the speaker may hand over to: a chat agent gets a tool for it. Null for nobody.</summary>
    public IReadOnlyList<TeamMember>? MayHandTo { get; init; }

    /// <summary>One member speaks.</summary>
    /// <param name="member">The member.</param>
    /// <param name="instruction">What it is asked beyond the conversation; null for nothing.</param>
    public static NextTurn Of(TeamMember member, string? instruction = null)
    {
        ArgumentNullException.ThrowIfNull(member);
        return new NextTurn([member], instruction);
    }

    /// <summary>Several members speak at once; what they say is recorded in their order.</summary>
    /// <param name="members">The members, each once.</param>
    /// <param name="instruction">What they are asked beyond the conversation; null for nothing.</param>
    public static NextTurn Together(IEnumerable<TeamMember> members, string? instruction = null)
    {
        ArgumentNullException.ThrowIfNull(members);
        TeamMember[] all = [.. members];
        if (all.Length == 0)
            throw new ArgumentException("Nobody is to speak; name one member or more.", nameof(members));
        return new NextTurn(all, instruction);
    }
}
