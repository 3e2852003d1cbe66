using System.Diagnostics;
using System.Net.Http.Json;
using AgentCore.Models;
using AgentCore.Providers.OpenAI;
using Microsoft.Extensions.AI;

namespace AgentCore.Providers.Ollama;

/// <summary>The models of an Ollama server, through its OpenAI-compatible endpoint. Settings: <c>OLLAMA_HOST</c> (default
/// <c>http://127.0.0.1:11434</c>), <c>OLLAMA_MODEL</c> (the default model) and <c>OLLAMA_API_KEY</c> (for a server behind a key).
/// Without OLLAMA_MODEL the default is the model used last among those that can call tools.</summary>
public sealed class OllamaModelProvider : ModelProvider
{
    private const string BadHost = "OLLAMA_HOST is no host, host:port or http address; give one such as 127.0.0.1:11434.";
    private const string BadKey = "OLLAMA_API_KEY holds a blank, a line break or a non-ASCII character; copy the key again.";
    private const int MostAsked = 32;
    private readonly TimeSpan _probeTimeout;

    /// <summary>Creates the provider.</summary>
    public OllamaModelProvider() : this(TimeSpan.FromMilliseconds(500))
    {
        // Local servers answer in milliseconds; where there is none, a command must not wait for it.
    }

    internal OllamaModelProvider(TimeSpan probeTimeout) => _probeTimeout = probeTimeout;

    /// <inheritdoc/>
    public override string Name => "ollama";

    /// <inheritdoc/>
    public override int Preference => 100;

    /// <inheritdoc/>
    public override async ValueTask<ProviderStatus> ProbeAsync(ProviderSettings settings, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(settings);
        if (OllamaHost.Parse(settings.Get("OLLAMA_HOST")) is not { } host)
            return new ProviderStatus(false, BadHost, []);
        if (settings.Get("OLLAMA_API_KEY") is { } key && !OpenAIChatClientOptions.IsHeaderSafe(key))
            return new ProviderStatus(false, BadKey, []);

        var where = SafeText.Address(host);
        var started = Stopwatch.GetTimestamp();
        var list = new HttpRequestMessage(HttpMethod.Get, At(host, "/api/tags"));
        var answer = await EndpointProbe.AskAsync(list, settings.Get("OLLAMA_API_KEY"), _probeTimeout, cancellationToken).ConfigureAwait(false);
        if (answer.Status is null)
            return new ProviderStatus(false, $"no server at {where}", []);
        if (answer.Status != 200 || answer.Json is not { } json)
            return new ProviderStatus(false, $"{where} answers {answer.Status}, but not as Ollama does", []);

        var models = OllamaModel.ReadList(json);
        var left = _probeTimeout - Stopwatch.GetElapsedTime(started);
        models = await WithCapabilitiesAsync(models, host, settings, left, cancellationToken).ConfigureAwait(false);
        return Status(models, where, settings.Get("OLLAMA_MODEL"));
    }

    /// <inheritdoc/>
    public override IChatClient CreateClient(string model, ProviderSettings settings)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(model);
        ArgumentNullException.ThrowIfNull(settings);
        var host = OllamaHost.Parse(settings.Get("OLLAMA_HOST")) ?? throw new InvalidOperationException(BadHost);
        var key = settings.Get("OLLAMA_API_KEY");
        if (key is not null && !OpenAIChatClientOptions.IsHeaderSafe(key))
            throw new InvalidOperationException(BadKey);

        return new OpenAIChatClient(new OpenAIChatClientOptions
        {
            ProviderName = Name,
            Endpoint = At(host, "/v1"),
            EndpointSetting = "OLLAMA_HOST",
            ApiKey = key,
            ApiKeySetting = "OLLAMA_API_KEY",
            Model = model,
            MissingModelAdvice = $"Load the model with: ollama pull {model}.",
        });
    }

    // Newer servers tell the capabilities in the list; others are asked for each model, all at once, in what time is left.
    private static async Task<List<OllamaModel>> WithCapabilitiesAsync(
        List<OllamaModel> models, Uri host, ProviderSettings settings, TimeSpan left, CancellationToken cancellationToken)
    {
        if (left <= TimeSpan.Zero || models.TrueForAll(m => m.Capabilities is not null))
            return models;

        return [.. await Task.WhenAll(models.Select((model, i) => i < MostAsked ? AskAsync(model) : Task.FromResult(model))).ConfigureAwait(false)];

        async Task<OllamaModel> AskAsync(OllamaModel model)
        {
            if (model.Capabilities is not null)
                return model;

            var show = new HttpRequestMessage(HttpMethod.Post, At(host, "/api/show")) { Content = JsonContent.Create(new { model = model.Name }) };
            var answer = await EndpointProbe.AskAsync(show, settings.Get("OLLAMA_API_KEY"), left, cancellationToken).ConfigureAwait(false);
            return answer is { Status: 200, Json: { } json } ? model with { Capabilities = OllamaModel.ReadCapabilities(json) } : model;
        }
    }

    private static ProviderStatus Status(List<OllamaModel> models, string where, string? chosen)
    {
        // The server lists what was used last first, and that order is kept among equals.
        var usable = models.Where(m => m.CanChat).OrderBy(m => m.CanCallTools switch { true => 0, null => 1, false => 2 }).ToList();
        List<string> names = [.. usable.Select(m => m.Name)];
        if (chosen is not null)
            names = [chosen, .. names.Where(n => n != chosen && n != chosen + ":latest")];
        if (names.Count == 0)
            return new ProviderStatus(false, $"the server at {where} has no chat model; load one with: ollama pull llama3.2", []);

        var withTools = usable.Count(m => m.CanCallTools == true);
        var known = usable.Any(m => m.CanCallTools is not null);
        return new ProviderStatus(true, $"{usable.Count} models at {where}{(known ? $", {withTools} can call tools" : "")}", names);
    }

    private static Uri At(Uri host, string path) => new(host.GetLeftPart(UriPartial.Path).TrimEnd('/') + path);
}
