namespace AgentCore.Providers.OpenAI;

/// <summary>Puts a surrogate pair together that two deltas share.</summary>
internal sealed class PairJoiner
{
    private string _half = "";

    /// <summary>Takes a delta's text; what of it can be shown now.</summary>
    public string Add(string? text)
    {
        if (string.IsNullOrEmpty(text))
            return "";

        text = _half + text;
        _half = char.IsHighSurrogate(text[^1]) ? text[^1..] : "";
        return WireText.Clean(text[..^_half.Length]);
    }

    /// <summary>The rest, after the last delta.</summary>
    public string End() => WireText.Clean(_half);
}
