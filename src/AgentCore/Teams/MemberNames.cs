namespace AgentCore.Teams;

/// <summary>Finds members' names in what a model says.</summary>
internal static class MemberNames
{
    /// <summary>The members that a text names as whole words: one where it is the whole text, else all that occur. A name
    /// within a longer member's name at the same place doesn't count.</summary>
    public static IReadOnlyList<TeamMember> In(string text, IReadOnlyList<TeamMember> members)
    {
        var trimmed = text.Trim().Trim('.', '"', '\'', '*', '`', ':', '!');
        foreach (var member in members)
        {
            if (trimmed.Equals(member.Name, StringComparison.OrdinalIgnoreCase))
                return [member];
        }

        var hits = members.SelectMany(m => Places(text, m.Name).Select(at => (Member: m, At: at))).ToList();
        return [.. hits
            .Where(h => !hits.Any(o => o.Member.Name.Length > h.Member.Name.Length && o.At <= h.At && h.At + h.Member.Name.Length <= o.At + o.Member.Name.Length))
            .Select(h => h.Member).Distinct()];
    }

    private static IEnumerable<int> Places(string text, string name)
    {
        for (var at = text.IndexOf(name, StringComparison.OrdinalIgnoreCase); at >= 0; at = text.IndexOf(name, at + 1, StringComparison.OrdinalIgnoreCase))
        {
            var end = at + name.Length;
            if ((at == 0 || !char.IsLetterOrDigit(text[at - 1])) && (end == text.Length || !char.IsLetterOrDigit(text[end])))
                yield return at;
        }
    }
}
