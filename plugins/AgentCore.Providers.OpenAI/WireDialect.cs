namespace AgentCore.Providers.OpenAI;

/// <summary>Where compatible servers differ. It starts from the host and learns from a refusal that names the parameter, so
/// nobody has to configure it. One per client; its fields only ever change once, so races are harmless.</summary>
internal sealed class WireDialect
{
    private volatile bool _maxCompletionTokens;
    private volatile bool _noStreamOptions;

    public WireDialect(Uri endpoint)
    {
        var official = endpoint.Host is "api.openai.com" || endpoint.Host.EndsWith(".openai.azure.com", StringComparison.OrdinalIgnoreCase);
        _maxCompletionTokens = official;
        TakesTopK = !official;
    }

    /// <summary>OpenAI's reasoning models refuse the old name; Ollama and others know only that.</summary>
    public string MaxTokensName => _maxCompletionTokens ? "max_completion_tokens" : "max_tokens";

    public bool TakesStreamOptions => !_noStreamOptions;

    /// <summary>No OpenAI parameter, but vLLM, llama.cpp and LM Studio read it.</summary>
    public bool TakesTopK { get; }

    /// <summary>Learns from a refusal. True where the request will be written differently from now on.</summary>
    public bool Learn(int status, string body)
    {
        if (status is not (400 or 422))
            return false;
        if (!_noStreamOptions && body.Contains("stream_options", StringComparison.Ordinal))
            return _noStreamOptions = true;
        if (!_maxCompletionTokens && body.Contains("max_completion_tokens", StringComparison.Ordinal))
            return _maxCompletionTokens = true;

        return false;
    }
}
