using System.Collections.Concurrent;
using System.Runtime.ExceptionServices;

namespace AgentCore.Adapters.Objects.Migration;

/// <summary>Notes what fails outside of an agent while it runs, even where the agent says nothing of it: it may try again and again, or make a kind answer of it.</summary>
internal sealed class OutsideWatch
{
    private static readonly AsyncLocal<OutsideWatch?> Current = new();

    private readonly ConcurrentQueue<Exception> _seen = new();

    static OutsideWatch() => AppDomain.CurrentDomain.FirstChanceException += static (_, e) => Note(e);

    private OutsideWatch()
    {
    }

    /// <summary>Watches what the caller begins from now on.</summary>
    public static OutsideWatch Begin() => Current.Value = new OutsideWatch();

    /// <summary>What failed first; null where nothing did.</summary>
    public Exception? First => _seen.TryPeek(out var first) ? first : null;

    /// <summary>The failure that a text passes on; null where it passes on none.</summary>
    public Exception? In(string? text) => text is null ? null : _seen.FirstOrDefault(e => e.Message.Length > 0 && text.Contains(e.Message, StringComparison.Ordinal));

    private static void Note(FirstChanceExceptionEventArgs e)
    {
        if (Current.Value is { } watch && Outside.IsKind(e.Exception) && !Outside.IsLibrary(e.Exception))
            watch._seen.Enqueue(e.Exception);
    }
}
