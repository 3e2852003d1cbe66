using System.Globalization;
using AgentCore.Checkpoints;

namespace AgentCore.LiteDb;

/// <summary>A blob's reference: its number in the log, its length, and its checksum.</summary>
internal static class BlobReference
{
    public static string Format(long number, int length, long checksum) =>
        string.Create(CultureInfo.InvariantCulture, $"{number}-{length}-{checksum:x8}");

    /// <summary>Takes a reference apart.</summary>
    /// <exception cref="StoreException">It is no reference of this kind of store.</exception>
    public static (long Number, int Length, long Checksum) Parse(string reference)
    {
        var parts = reference.Split('-');
        if (parts.Length == 3
            && long.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            && int.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out var length)
            && long.TryParse(parts[2], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var checksum))
            return (number, length, checksum);

        throw new StoreException($"'{reference}' is not a blob reference of a LiteDB store; use what PutBlobAsync returned.");
    }
}
