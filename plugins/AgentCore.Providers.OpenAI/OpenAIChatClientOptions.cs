using System.Text.Json.Serialization;

namespace AgentCore.Providers.OpenAI;

/// <summary>Where a chat endpoint is, and how to call it.</summary>
public sealed class OpenAIChatClientOptions
{
    /// <summary>The base address up to and with the version, to which <c>/chat/completions</c> is added.
    /// Default: <c>https://api.openai.com/v1</c>. A user name, password or query in it never shows in messages.</summary>
    public Uri Endpoint { get; set; } = new("https://api.openai.com/v1");

    /// <summary>The model to call, as the server names it. <c>ChatOptions.ModelId</c> overrides it per call.</summary>
    public string Model { get; set; } = "";

    /// <summary>The key, sent as a bearer token; null where the server asks for none.</summary>
    [JsonIgnore]
    public string? ApiKey { get; set; }

    /// <summary>Where the key was set, such as <c>OPENAI_API_KEY</c>: what the message names when the server refuses it. Default: this
    /// class's property.</summary>
    public string ApiKeySetting { get; set; } = "OpenAIChatClientOptions.ApiKey";

    /// <summary>Where the endpoint was set, such as <c>OPENAI_BASE_URL</c>: what the message names when it can't be reached. Default:
    /// this class's property.</summary>
    public string EndpointSetting { get; set; } = "OpenAIChatClientOptions.Endpoint";

    /// <summary>The provider's name in messages and telemetry. Default: <c>openai</c>.</summary>
    public string ProviderName { get; set; } = "openai";

    /// <summary>How often a call is sent again before its answer began: on 408, 429, 5xx and connection failures. 0 to 10, 0 for
    /// never; default 2. An answer that began is never asked for again, so streamed text can't come twice. Where the server asks
    /// for a wait over ten seconds the call fails at once, with the wait in <c>ModelException.RetryAfter</c>.</summary>
    public int MaxRetries { get; set; } = 2;

    /// <summary>The longest silence: until the answer begins, and between two parts of it. Default: five minutes, since a local
    /// model may read a long prompt for that long. More than zero; <see cref="Timeout.InfiniteTimeSpan"/> for no limit.</summary>
    public TimeSpan NetworkTimeout { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>The client to send with, for a proxy or a certificate of your own; you dispose it. Null for the built-in one, which
    /// follows no redirects and asks no proxy for an address on this machine.</summary>
    [JsonIgnore]
    public HttpClient? HttpClient { get; set; }

    /// <summary>The clock that a <c>Retry-After</c> date is compared with.</summary>
    [JsonIgnore]
    public TimeProvider TimeProvider { get; set; } = TimeProvider.System;

    /// <summary>What to do about an unknown model, where the provider knows better than to check the id.</summary>
    internal string? MissingModelAdvice { get; set; }

    internal OpenAIChatClientOptions Copy() => (OpenAIChatClientOptions)MemberwiseClone();

    // A key with a line break would be repeated in the HTTP stack's own error.
    internal static bool IsHeaderSafe(string key) => key.Length > 0 && key.All(c => c is > ' ' and < '\x7f');

    internal void Validate()
    {
        if (Endpoint is not { IsAbsoluteUri: true } || Endpoint.Scheme is not ("http" or "https"))
            throw new ArgumentException($"{EndpointSetting} is no http or https address; give one such as http://127.0.0.1:8000/v1.");
        if (string.IsNullOrWhiteSpace(Model))
            throw new ArgumentException("OpenAIChatClientOptions.Model is empty; give the model's id as the server names it.");
        if (ApiKey is not null && !IsHeaderSafe(ApiKey))
            throw new ArgumentException($"{ApiKeySetting} is empty or holds a blank, a line break or a non-ASCII character; copy the key again.");
        if (MaxRetries is < 0 or > 10)
            throw new ArgumentException($"OpenAIChatClientOptions.MaxRetries is {MaxRetries}; choose 0 to 10.");
        if (NetworkTimeout <= TimeSpan.Zero && NetworkTimeout != Timeout.InfiniteTimeSpan)
            throw new ArgumentException($"OpenAIChatClientOptions.NetworkTimeout is {NetworkTimeout}; choose more than zero, or Timeout.InfiniteTimeSpan.");
    }
}
