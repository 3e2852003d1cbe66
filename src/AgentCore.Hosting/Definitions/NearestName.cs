namespace AgentCore.Hosting.Definitions;

/// <summary>Finds what was meant by a mistyped name.</summary>
internal static class NearestName
{
    /// <summary>The nearest of the names, or null where none is near.</summary>
    public static string? Of(string name, IEnumerable<string> names)
    {
        var best = (Name: (string?)null, Distance: Math.Max(1, name.Length / 3) + 1);
        foreach (var candidate in names)
        {
            var distance = Distance(name.ToUpperInvariant(), candidate.ToUpperInvariant());
            if (distance < best.Distance)
                best = (candidate, distance);
        }

        return best.Name;
    }

    /// <summary>« Did you mean 'x'?» with a space before it, or nothing.</summary>
    public static string Hint(string name, IEnumerable<string> names) => Of(name, names) is { } near ? $" Did you mean '{near}'?" : "";

    // Optimal string alignment: insertions, deletions, replacements, and swapped neighbours count one each.
    private static int Distance(string a, string b)
    {
        if (a.Length > 64 || b.Length > 64)
            return a == b ? 0 : int.MaxValue;

        var d = new int[a.Length + 1, b.Length + 1];
        for (var i = 0; i <= a.Length; i++)
            d[i, 0] = i;
        for (var j = 0; j <= b.Length; j++)
            d[0, j] = j;
        for (var i = 1; i <= a.Length; i++)
        {
            for (var j = 1; j <= b.Length; j++)
            {
                var cost = a[i - 1] == b[j - 1] ? 0 : 1;
                d[i, j] = Math.Min(Math.Min(d[i - 1, j] + 1, d[i, j - 1] + 1), d[i - 1, j - 1] + cost);
                if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                    d[i, j] = Math.Min(d[i, j], d[i - 2, j - 2] + 1);
            }
        }

        return d[a.Length, b.Length];
    }
}
