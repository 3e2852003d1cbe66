namespace AgentCore.Adapters.Objects.Shapes;

/// <summary>
/// A method that does nothing gives way to one that answers and does something, whatever its name: its interface has it, and the class has no use for it.
/// Alone it stays: a player that always says yes is asked all the same.
/// </summary>
internal static class IdleMethods
{
    private const int GivesWay = -5_000;

    public static List<(MethodShape Method, int Score)> Demote(List<(MethodShape Method, int Score)> candidates, Type type)
    {
        var calls = CallSites.Of(type.Assembly);
        return candidates.ConvertAll(c => calls.Does(c.Method) is not Doing.Something and var does && candidates.Exists(other => TakesOver(other.Method, c.Method, does))
            ? (c.Method, c.Score + GivesWay)
            : c);

        bool TakesOver(MethodShape other, MethodShape m, Doing does) => other.Depth == 0 && calls.Does(other) == Doing.Something
            && (other.Verb.Rank >= VerbRank.Domain
                ? other.Return.HasValue || !m.Return.HasValue && other.Data.Any()
                : does == Doing.Refuses && other.Return.HasValue && other.Data.Any());
    }
}
