using AgentCore.Adapters.Objects.Migration;
using AgentCore.Adapters.Processes;

namespace AgentCore.Runner.Migration;

/// <summary>What a log of progress knows Python agents by: the same binding of the same source, compared in the same way. What was changed is done
/// anew.</summary>
internal static class PythonKeys
{
    /// <summary>The key of a wrapped agent.</summary>
    public static async Task<string> OfAsync(Session session, MigrationItem item, string way, CancellationToken cancellationToken)
    {
        var source = await SourceAsync(session, item.Name, cancellationToken);
        return $"python|{item.File}|{Ticks(item.File!)}|{source}|{(source is null ? 0 : TicksAround(source))}|{way}";
    }

    private static async Task<string?> SourceAsync(Session session, string name, CancellationToken cancellationToken)
    {
        try
        {
            using var agent = await session.Workspace.CreateAsync(name, false, cancellationToken) as PythonAgent;
            return agent is null ? null : PythonSource.Of(agent.Python);
        }
        catch (AgentException)
        {
            // Why it can't be made is told where it is compared.
            return null;
        }
    }

    /// <summary>When a file and those beside it, which it may import, were written.</summary>
    private static long TicksAround(string file) =>
        new FileInfo(file).Directory!.EnumerateFiles("*.py").Aggregate(0L, (sum, f) => unchecked(sum + f.LastWriteTimeUtc.Ticks));

    private static long Ticks(string file) => File.Exists(file) ? File.GetLastWriteTimeUtc(file).Ticks : 0;
}
