namespace AgentCore.Files;

/// <summary>What the file tools may touch, and how much of it.</summary>
public sealed class FileToolsOptions
{
    /// <summary>Files and folders that may be listed, searched and read. A relative path is taken from the current folder.</summary>
    public IList<string> ReadRoots { get; } = [];

    /// <summary>The one folder that may be written to; <see langword="null"/> (the default) offers no write tool.</summary>
    public string? WriteRoot { get; set; }

    /// <summary>At most so many files are searched; the rest are named as skipped. 1 to 1,000,000; 20,000 unless set.</summary>
    public int MaxFiles { get; set; } = 20_000;

    /// <summary>At most so many bytes of text are searched; the rest are named as skipped. 1 to 2,000,000,000; 500 MB unless set.</summary>
    public long MaxBytes { get; set; } = 500_000_000;

    internal void Validate()
    {
        if (MaxFiles is < 1 or > 1_000_000)
            throw new ArgumentException($"FileToolsOptions.MaxFiles is {MaxFiles}; choose 1 to 1,000,000.");
        if (MaxBytes is < 1 or > 2_000_000_000)
            throw new ArgumentException($"FileToolsOptions.MaxBytes is {MaxBytes}; choose 1 to 2,000,000,000.");
    }
}
