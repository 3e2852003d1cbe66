using System.Text;
using AgentCore.Checkpoints;

namespace AgentCore.LiteDb.Tests;

/// <summary>Text in, text out.</summary>
internal static class StoreText
{
    public static ReadOnlyMemory<byte> Bytes(string text) => Encoding.UTF8.GetBytes(text);

    public static async Task<List<string>> TextsAsync(this ICheckpointStore store, string log, long from = 0)
    {
        var texts = new List<string>();
        await foreach (var record in store.ReadAsync(log, from))
            texts.Add(Encoding.UTF8.GetString(record.Span));
        return texts;
    }

    public static async Task<List<string>> KeysAsync(this ICheckpointStore store, string collection, bool descending = false, string prefix = "")
    {
        var keys = new List<string>();
        await foreach (var document in store.ListAsync(collection, descending, prefix))
            keys.Add(document.Key);
        return keys;
    }
}
