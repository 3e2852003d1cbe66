using System.Text.Json;
using AgentCore.Checkpoints;

namespace AgentCore.Memory;

/// <summary>A scope's counters: the next memory's number, and how many memories there are. The properties' names are part of
/// the format.</summary>
internal sealed record MemoryHead(long Next, int Count)
{
    /// <summary>The collection of all scopes' counters, by the scopes' names.</summary>
    public const string Collection = "memory.scopes";

    /// <summary>Counts a scope's memories by their numbers.</summary>
    public static MemoryHead Of(IReadOnlyCollection<long> numbers) => new(numbers.DefaultIfEmpty().Max() + 1, numbers.Count);

    public static MemoryHead Read(StoredDocument document, MemoryScope scope)
    {
        try
        {
            if (JsonSerializer.Deserialize<MemoryHead>(document.Value.Span, AgentJson.Options) is { Next: >= 1, Count: >= 0 } head)
                return head;
        }
        catch (JsonException e)
        {
            throw new StoreException(Damaged(scope, e.Message), e);
        }

        throw new StoreException(Damaged(scope, "they count nothing."));
    }

    public byte[] Write() => JsonSerializer.SerializeToUtf8Bytes(this, AgentJson.Options);

    private static string Damaged(MemoryScope scope, string problem) =>
        $"The counters of memory scope {scope} are damaged: {problem} To have its memories counted anew, delete document '{scope}' of collection '{Collection}'.";
}
