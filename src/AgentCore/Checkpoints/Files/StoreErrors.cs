namespace AgentCore.Checkpoints.Files;

/// <summary>Turns what the disk throws into a <see cref="StoreException"/> that says which file and what to do.</summary>
internal static class StoreErrors
{
    private const int NoSpace = 28;
    private const int QuotaExceeded = 122;
    private const int ReadOnlyFileSystem = 30;
    private const int WindowsDiskFull = unchecked((int)0x80070070);
    private const int WindowsHandleDiskFull = unchecked((int)0x80070027);

    /// <summary>Whether an exception is the disk's own: anything else is a fault of the program and passes through.</summary>
    public static bool IsDisk(Exception e) => e is IOException or UnauthorizedAccessException;

    public static bool IsFull(Exception e) => e is IOException
        && (e.HResult is WindowsDiskFull or WindowsHandleDiskFull || (!OperatingSystem.IsWindows() && e.HResult is NoSpace or QuotaExceeded));

    public static StoreException Wrap(string action, string path, Exception e)
    {
        var advice = e switch
        {
            _ when IsFull(e) => "The disk is full: make room, then open the store again.",
            _ when e is UnauthorizedAccessException || (!OperatingSystem.IsWindows() && e.HResult == ReadOnlyFileSystem) => "Check that this user owns the folder and that it is not mounted read-only.",
            FileNotFoundException or DirectoryNotFoundException => "Check the path, or restore the file from a backup.",
            _ => "Check the disk, then open the store again.",
        };
        return new StoreException($"Could not {action} '{path}': {e.Message} {advice}", e);
    }
}
