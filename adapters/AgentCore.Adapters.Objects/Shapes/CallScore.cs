using System.Reflection;

namespace AgentCore.Adapters.Objects.Shapes;

/// <summary>What the calls of a program say of the methods that may execute an agent.</summary>
internal static class CallScore
{
    private const int CalledScore = 18;
    private const int HelperScore = -40;
    private const int IdleScore = -90;

    /// <summary>What other classes ask the agent by executes it, and so does what its base calls; what that calls in turn is a part of it.</summary>
    public static List<(MethodShape Method, int Score)> Add(List<(MethodShape Method, int Score)> candidates, Type type, CallSites calls)
    {
        var callers = candidates.ToDictionary(c => c.Method, c => calls.Callers(type, c.Method));
        // Run() may be no more than a loop around what is asked.
        var entries = candidates.Select(c => c.Method).Where(m => (callers[m] > 0 && (m.Data.Any() || m.Return.HasValue)) || CalledFromOutside(m)).Select(m => m.Name).ToHashSet(StringComparer.Ordinal);
        return [.. candidates.Select(c => (c.Method, c.Score + Bonus(c.Method)))];

        int Bonus(MethodShape m)
        {
            if (calls.Does(m) is not Doing.Something and var does && candidates.Exists(c => TakesOver(c.Method, m, does)))
                return IdleScore;
            var by = calls.OwnCallers(type, m).ToList();
            // A static one that the agent's own work calls is a tool of it.
            if (m is { IsStatic: true, FromAgentInterface: false } && by.Count > 0 && candidates.Exists(c => !c.Method.IsStatic))
                return 2 * HelperScore;
            if (callers[m] is > 0 and var others)
                return CalledScore + (4 * Math.Min(others - 1, 3));
            if (by.Exists(entries.Contains))
                return m is { IsOverride: false, FromAgentInterface: false, Verb.Rank: < VerbRank.Standard } ? HelperScore : 0;
            return CalledFromOutside(m) || (m.IsOverride && by.Count > 0 && !candidates.Exists(c => by.Contains(c.Method.Name))) ? CalledScore : 0;
        }

        // What does nothing gives way to one that answers and does something. Alone it stays: a player that always says yes is asked all the same.
        bool TakesOver(MethodShape other, MethodShape m, Doing does) => other.Depth == 0 && calls.Does(other) == Doing.Something
            && (other.Verb.Rank >= VerbRank.Domain
                ? other.Return.HasValue || !m.Return.HasValue && other.Data.Any()
                : does == Doing.Refuses && other.Return.HasValue && other.Data.Any());

        bool CalledFromOutside(MethodShape m) => m.IsOverride && Inheritance.Bases(type).Any(b => b.Assembly != type.Assembly && Declares(b, m.Name));
    }

    /// <summary>Some other class calls it.</summary>
    public static bool IsCalled(AgentShape shape, MethodShape m) => shape.Type is { } type && CallSites.Of(type.Assembly).Callers(type, m) > 0;

    private static bool Declares(Type type, string method)
    {
        const BindingFlags Declared = BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.DeclaredOnly;
        try
        {
            return Array.Exists(type.GetMethods(Declared), m => m.Name == method);
        }
        catch (Exception e) when (Inheritance.IsMissing(e))
        {
            return false;
        }
    }
}
