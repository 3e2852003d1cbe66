namespace AgentCore.Providers.OpenAI;

/// <summary>Where compatible servers differ. It starts from the host and learns from a refusal that names the parameter, so
/// nobody has to configure it. Never changes: a call learns from what it sent itself, whatever others have learned meanwhile.</summary>
internal sealed record WireDialect
{
    public WireDialect(Uri endpoint)
    {
        var official = endpoint.Host is "api.openai.com" || endpoint.Host.EndsWith(".openai.azure.com", StringComparison.OrdinalIgnoreCase);
        MaxCompletionTokens = official;
        TakesTopK = !official;
    }

    /// <summary>OpenAI's reasoning models refuse the old name; Ollama and others know only that.</summary>
    public string MaxTokensName => MaxCompletionTokens ? "max_completion_tokens" : "max_tokens";

    public bool TakesStreamOptions { get; private init; } = true;

    /// <summary>No OpenAI parameter, but vLLM, llama.cpp and LM Studio read it.</summary>
    public bool TakesTopK { get; }

    private bool MaxCompletionTokens { get; init; }

    /// <summary>What a refusal of a request in this dialect teaches; null where it teaches nothing.</summary>
    public WireDialect? Learn(int status, string body)
    {
        if (status is not (400 or 422))
            return null;
        if (TakesStreamOptions && ErrorBody.Names(body, "stream_options"))
            return this with { TakesStreamOptions = false };
        if (!MaxCompletionTokens && ErrorBody.Names(body, "max_completion_tokens"))
            return this with { MaxCompletionTokens = true };

        return null;
    }
}
