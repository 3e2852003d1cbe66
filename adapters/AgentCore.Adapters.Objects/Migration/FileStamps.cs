namespace AgentCore.Adapters.Objects.Migration;

/// <summary>Numbers by which it shows that files were changed.</summary>
internal static class FileStamps
{
    /// <summary>When a file was written last; 0 where there is none.</summary>
    public static long Of(string? file) => File.Exists(file) ? File.GetLastWriteTimeUtc(file).Ticks : 0;

    /// <summary>The same of an assembly and of those beside it, which it may need.</summary>
    public static long OfAssembly(string? file) => !File.Exists(file)
        ? 0
        : new FileInfo(file).Directory!.EnumerateFiles("*.dll").Aggregate(Of(file), (stamp, f) => unchecked(stamp + f.LastWriteTimeUtc.Ticks));
}
