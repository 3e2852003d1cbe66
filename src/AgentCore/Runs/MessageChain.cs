using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.AI;

namespace AgentCore.Runs;

/// <summary>A hash of a conversation that grows with it: each message is hashed once, together with the hash before it.</summary>
internal sealed class MessageChain
{
    private byte[] _hash = new byte[32];

    public MessageChain(string? instructions = null) => Add(Encoding.UTF8.GetBytes(instructions ?? ""));

    private MessageChain(byte[] hash) => _hash = hash;

    /// <summary>The hash so far, in lower-case hex.</summary>
    public string Value => Convert.ToHexStringLower(_hash);

    public static string HashOf(IReadOnlyList<ChatMessage> messages, string? instructions)
    {
        var chain = new MessageChain(instructions);
        foreach (var message in messages)
            chain.Add(message);
        return chain.Value;
    }

    public MessageChain Copy() => new([.. _hash]);

    public void Add(ChatMessage message) => Add(JsonSerializer.SerializeToUtf8Bytes(message, AgentJson.Options));

    private void Add(ReadOnlySpan<byte> data)
    {
        using var sha = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        sha.AppendData(_hash);
        sha.AppendData(data);
        _hash = sha.GetHashAndReset();
    }
}
