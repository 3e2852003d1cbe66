using System.Text;

namespace AgentCore.Endurance.Plugin;

/// <summary>The world outside: a file to which each effect appends that it began and that it ended. Its lines survive the
/// process.</summary>
internal static class Ledger
{
    private static readonly Lock Gate = new();
    private static readonly string File = Environment.GetEnvironmentVariable("LEDGER_FILE")
        ?? throw new InvalidOperationException("LEDGER_FILE is not set: name the file that effects are written to.");

    /// <summary>An effect that takes a few milliseconds.</summary>
    public static async Task EffectAsync(string kind, string key, CancellationToken cancellationToken)
    {
        Write($"begin {kind} {key}");
        await Task.Delay(3, cancellationToken);
        Write($"end {kind} {key}");
    }

    private static void Write(string line)
    {
        lock (Gate)
        {
            using var stream = new FileStream(File, FileMode.Append, FileAccess.Write, FileShare.ReadWrite, bufferSize: 0);
            stream.Write(Encoding.UTF8.GetBytes(line + "\n"));
        }
    }
}
