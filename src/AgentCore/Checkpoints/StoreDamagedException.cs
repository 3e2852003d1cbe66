namespace AgentCore.Checkpoints;

/// <summary>Something in a store that was written and synced is not there any more: a flipped bit, a cut or replaced file.</summary>
public sealed class StoreDamagedException : StoreException
{
    /// <summary>Creates the exception.</summary>
    /// <param name="file">The damaged file.</param>
    /// <param name="offset">Where the damage starts, in bytes.</param>
    /// <param name="length">How many bytes it may reach.</param>
    /// <param name="what">What is wrong there.</param>
    public StoreDamagedException(string file, long offset, long length, string what)
        : base($"'{file}' is damaged at byte {offset} ({length} bytes): {what} "
            + "Restore the file from a backup, or open the store with OpenDamaged to read what is whole.")
    {
        File = file;
        Offset = offset;
        Length = length;
    }

    /// <summary>The damaged file.</summary>
    public string File { get; }

    /// <summary>Where the damage starts, in bytes.</summary>
    public long Offset { get; }

    /// <summary>How many bytes it may reach.</summary>
    public long Length { get; }
}
