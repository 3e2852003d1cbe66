using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using AgentCore.Checkpoints;

namespace AgentCore.Memory;

/// <summary>A memory as its document holds it. The properties' names are part of the format.</summary>
internal sealed record StoredMemory(string Text, string Author, IReadOnlyList<string> Tags, DateTimeOffset Time, long Number)
{
    /// <summary>The idempotency key that it was last written under; null where there was none.</summary>
    public string? Key { get; init; }

    /// <summary>The model that made the vector; null where there is none.</summary>
    public string? Model { get; init; }

    /// <summary>The vector: 32-bit floats, the lowest byte first.</summary>
    public byte[]? Vector { get; init; }

    /// <summary>The same author's same text is one memory. A line break in the author's name could as well begin the text: such
    /// a name is hashed as JSON.</summary>
    public static string IdOf(string author, string text) =>
        author.Contains('\n', StringComparison.Ordinal) ? Hash(JsonSerializer.Serialize(new[] { author, text }, AgentJson.Options)) : JoinedIdOf(author, text);

    /// <summary>The id as earlier builds made it, whatever the author's name.</summary>
    public static string JoinedIdOf(string author, string text) => Hash($"{author}\n{text}");

    public static StoredMemory Read(StoredDocument document, MemoryScope scope)
    {
        try
        {
            if (JsonSerializer.Deserialize<StoredMemory>(document.Value.Span, AgentJson.Options) is { Text: not null, Author: not null } memory)
                return memory;
        }
        catch (JsonException e)
        {
            throw new StoreException($"Memory {document.Key} of {scope} is damaged: {e.Message} Forget it to go on without it.", e);
        }

        throw new StoreException($"Memory {document.Key} of {scope} is damaged: it has no text or author. Forget it to go on without it.");
    }

    /// <summary>A memory's number; 0 where it is damaged, so that it can be counted, and forgotten, all the same.</summary>
    public static long NumberOf(StoredDocument document, MemoryScope scope)
    {
        try
        {
            return Read(document, scope).Number;
        }
        catch (StoreException)
        {
            return 0;
        }
    }

    public byte[] Write() => JsonSerializer.SerializeToUtf8Bytes(this, AgentJson.Options);

    public MemoryEntry Entry(string id, long version, MemoryScope scope) => new()
    {
        Id = id,
        Scope = scope.Name,
        Text = Text,
        Author = Author,
        Tags = Tags ?? [],
        Time = Time,
        Number = Number,
        Version = version,
    };

    private static string Hash(string value) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(value)).AsSpan(0, 8));

    public static byte[] Pack(ReadOnlySpan<float> vector)
    {
        var bytes = new byte[vector.Length * sizeof(float)];
        for (var i = 0; i < vector.Length; i++)
            BinaryPrimitives.WriteSingleLittleEndian(bytes.AsSpan(i * sizeof(float)), vector[i]);
        return bytes;
    }

    /// <summary>The cosine of the angle between this memory's vector and another; null where they can't be compared.</summary>
    public double? SimilarityTo(ReadOnlySpan<float> other, string model)
    {
        if (Vector is null || Model != model || Vector.Length != other.Length * sizeof(float))
            return null;

        double dot = 0, own = 0, others = 0;
        for (var i = 0; i < other.Length; i++)
        {
            double value = BinaryPrimitives.ReadSingleLittleEndian(Vector.AsSpan(i * sizeof(float)));
            dot += value * other[i];
            own += value * value;
            others += (double)other[i] * other[i];
        }

        var cosine = dot / Math.Sqrt(own * others);
        return double.IsFinite(cosine) ? cosine : null;
    }
}
