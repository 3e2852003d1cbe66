using System.Text;

namespace AgentCore.Checkpoints;

/// <summary>Limits that every store keeps to.</summary>
public static class StoreLimits
{
    /// <summary>The largest record or document, 16 MiB. The journal moves step results above 1 MiB to a blob.</summary>
    public const int MaxRecordBytes = 16 * 1024 * 1024;

    /// <summary>The largest batch, with all its names and data, 64 MiB.</summary>
    public const int MaxBatchBytes = 64 * 1024 * 1024;

    /// <summary>The largest blob, 1 GiB.</summary>
    public const int MaxBlobBytes = 1024 * 1024 * 1024;

    /// <summary>The longest name of a log, collection or key, in UTF-8 bytes: 512.</summary>
    public const int MaxNameBytes = 512;

    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>Checks a batch; every store calls it before it takes one.</summary>
    /// <param name="batch">The batch.</param>
    /// <exception cref="StoreException">A record, a document or the batch is too large.</exception>
    /// <exception cref="ArgumentException">A name is too long or no valid Unicode.</exception>
    public static void Check(StoreBatch batch)
    {
        ArgumentNullException.ThrowIfNull(batch);
        var total = 0L;
        foreach (var op in batch.Operations)
        {
            var size = SizeOf(op);
            if (op.Data.Length > MaxRecordBytes)
                throw new StoreException($"The record for '{op.Key}' has {op.Data.Length} bytes; the limit is {MaxRecordBytes}. Put large values into a blob.");
            total += size;
        }
        if (total > MaxBatchBytes)
            throw new StoreException($"The batch has {total} bytes; the limit is {MaxBatchBytes}. Commit it in parts.");
    }

    /// <summary>What an operation counts of a batch's bytes.</summary>
    internal static long SizeOf(StoreOperation op) =>
        CheckName(op.Key) + (op.Collection.Length > 0 ? CheckName(op.Collection) : 0) + op.Data.Length + 32L;

    /// <summary>Checks the name of a log, collection or key and returns its length in UTF-8 bytes.</summary>
    /// <param name="name">The name.</param>
    /// <exception cref="ArgumentException">It is empty, too long or no valid Unicode.</exception>
    public static int CheckName(string name)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        int bytes;
        try
        {
            bytes = Strict.GetByteCount(name);
        }
        catch (EncoderFallbackException e)
        {
            throw new ArgumentException("The name is no valid Unicode (half of a surrogate pair).", nameof(name), e);
        }
        return bytes <= MaxNameBytes
            ? bytes
            : throw new ArgumentException($"The name '{name[..20]}…' has {bytes} bytes; the limit is {MaxNameBytes}.", nameof(name));
    }
}
