using AgentCore.LiteDb.Files;

namespace AgentCore.LiteDb.Tests;

/// <summary>A folder of the test's own, removed at its end.</summary>
internal sealed class TempFolder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("agentcore-litedb-").FullName;

    public string Data => System.IO.Path.Combine(Path, "agentcore.litedb");

    public string Log => Data + "-wal";

    /// <summary>The files as they are now, as a killed process would leave them.</summary>
    public TempFolder Copy()
    {
        var copy = new TempFolder();
        using var noCheckpoint = StoreLock.TakeReader(Data, CancellationToken.None);
        foreach (var file in (string[])[Data, Log, Data + "-sum"])
        {
            using var from = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
            using var to = File.Create(System.IO.Path.Combine(copy.Path, System.IO.Path.GetFileName(file)));
            from.CopyTo(to);
        }

        return copy;
    }

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
