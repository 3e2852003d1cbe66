using System.Text;

namespace AgentCore.Adapters.Objects.Calls;

/// <summary>Gets at the content of results that only hold it: awaitables are awaited, streams and readers are read to their end.</summary>
internal static class ResultContent
{
    private const int Most = 16 * 1024 * 1024;

    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    public static async ValueTask<object?> OfAsync(object? value, CancellationToken token)
    {
        while (value is not null and not string && Awaiting.Any(value) is { } pending)
            value = await pending.WaitAsync(token).ConfigureAwait(false);
        return value switch
        {
            Stream stream => await ReadAsync(stream, token).ConfigureAwait(false),
            TextReader reader => await ReadAsync(reader, token).ConfigureAwait(false),
            ReadOnlyMemory<byte> bytes => bytes.ToArray(),
            Memory<byte> bytes => bytes.ToArray(),
            _ => value,
        };
    }

    /// <summary>Bytes in words: as the UTF-8 text that they are, or else as base64.</summary>
    public static string Text(byte[] bytes)
    {
        try
        {
            var text = Strict.GetString(bytes);
            return text.Any(c => char.IsControl(c) && !char.IsWhiteSpace(c)) ? Convert.ToBase64String(bytes) : text;
        }
        catch (DecoderFallbackException)
        {
            return Convert.ToBase64String(bytes);
        }
    }

    private static async Task<byte[]> ReadAsync(Stream stream, CancellationToken token)
    {
        await using var _ = stream.ConfigureAwait(false);
        // Written and not rewound: what was written is meant.
        if (stream.CanSeek && stream.Position == stream.Length)
            stream.Position = 0;
        using var read = new MemoryStream();
        var buffer = new byte[81920];
        int count;
        while ((count = await stream.ReadAsync(buffer, token).ConfigureAwait(false)) > 0)
        {
            read.Write(buffer, 0, count);
            Check(read.Length);
        }

        return read.ToArray();
    }

    private static async Task<string> ReadAsync(TextReader reader, CancellationToken token)
    {
        using var _ = reader;
        var read = new StringBuilder();
        var buffer = new char[16384];
        int count;
        while ((count = await reader.ReadAsync(buffer, token).ConfigureAwait(false)) > 0)
        {
            read.Append(buffer, 0, count);
            Check(read.Length);
        }

        return read.ToString();
    }

    private static void Check(long length)
    {
        if (length > Most)
            throw new InvalidOperationException("The result is a stream of more than 16 MiB, which is too long for a result. Write it to a file and return the file's path.");
    }
}
