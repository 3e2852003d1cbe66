using System.Text;
using System.Text.Json;

namespace AgentCore.Adapters.Processes;

/// <summary>Replaces secrets in what a child writes, as they are and as JSON writes them.</summary>
internal sealed class SecretMask
{
    private readonly List<string> _secrets;

    public SecretMask(IReadOnlyList<string> secrets) => _secrets =
        [.. secrets.Concat(secrets.Select(s => JsonEncodedText.Encode(s).ToString()))
            .Concat(secrets.Select(s => JsonSerializer.Serialize(s, Wire.Options)[1..^1]))
            .Distinct(StringComparer.Ordinal).OrderByDescending(s => s.Length)];

    public string Apply(string text)
    {
        foreach (var secret in _secrets)
            text = text.Replace(secret, "***", StringComparison.Ordinal);
        return text;
    }

    public ReadOnlyMemory<byte> Apply(ReadOnlyMemory<byte> utf8) =>
        _secrets.Count == 0 ? utf8 : Encoding.UTF8.GetBytes(Apply(Encoding.UTF8.GetString(utf8.Span)));
}
