using System.Globalization;
using AgentCore.Models;
using Microsoft.Extensions.AI;

namespace AgentCore.Providers.OpenAI;

/// <summary>The models of OpenAI, or of any server that speaks its chat completions. Settings: <c>OPENAI_API_KEY</c>,
/// <c>OPENAI_BASE_URL</c> (default <c>https://api.openai.com/v1</c>), <c>OPENAI_MODEL</c> (the default model) and
/// <c>OPENAI_MAX_RETRIES</c> (0 to 10, default 2). A server without a key needs only the address.</summary>
public sealed class OpenAIModelProvider : ModelProvider
{
    private const string KeySetting = "OPENAI_API_KEY";
    private const string UrlSetting = "OPENAI_BASE_URL";
    private const string RetriesSetting = "OPENAI_MAX_RETRIES";
    // The first of these that a server has is its default where OPENAI_MODEL names none.
    private static readonly string[] Usual = ["gpt-5-mini", "gpt-4.1-mini", "gpt-4o-mini"];

    // OpenAI and LM Studio list models that can't chat as well.
    private static readonly string[] NoChat =
        ["embed", "tts", "whisper", "dall-e", "image", "audio", "realtime", "moderation", "transcribe", "davinci", "babbage", "sora", "rerank"];

    private readonly TimeSpan _probeTimeout;

    /// <summary>Creates the provider.</summary>
    public OpenAIModelProvider() : this(TimeSpan.FromSeconds(1))
    {
    }

    internal OpenAIModelProvider(TimeSpan probeTimeout) => _probeTimeout = probeTimeout;

    /// <inheritdoc/>
    public override string Name => "openai";

    /// <inheritdoc/>
    public override int Preference => 50;

    /// <inheritdoc/>
    public override async ValueTask<ProviderStatus> ProbeAsync(ProviderSettings settings, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(settings);
        OpenAIChatClientOptions options;
        try
        {
            options = Options(settings.Get("OPENAI_MODEL") ?? "any", settings);
        }
        catch (InvalidOperationException e)
        {
            return new ProviderStatus(false, e.Message, []);
        }

        var request = new HttpRequestMessage(HttpMethod.Get, ModelsAddress(options.Endpoint));
        var answer = await EndpointProbe.AskAsync(request, options.ApiKey, _probeTimeout, cancellationToken).ConfigureAwait(false);
        return Status(answer, options, settings);
    }

    /// <inheritdoc/>
    public override IChatClient CreateClient(string model, ProviderSettings settings)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(model);
        ArgumentNullException.ThrowIfNull(settings);
        return new OpenAIChatClient(Options(model, settings));
    }

    private static OpenAIChatClientOptions Options(string model, ProviderSettings settings)
    {
        var key = settings.Get(KeySetting);
        var url = settings.Get(UrlSetting);
        if (key is null && url is null)
            throw new InvalidOperationException($"{KeySetting} is not set. Set it, or {UrlSetting} for a server that asks for no key.");

        var options = new OpenAIChatClientOptions { Model = model, ApiKey = key, ApiKeySetting = KeySetting, EndpointSetting = UrlSetting };
        if (url is not null)
            options.Endpoint = Uri.TryCreate(url, UriKind.Absolute, out var endpoint) ? endpoint : new Uri("none", UriKind.Relative);
        if (settings.Get(RetriesSetting) is { } retries)
            options.MaxRetries = int.TryParse(retries, CultureInfo.InvariantCulture, out var count) ? count : -1;

        return Checked(options);
    }

    // The settings' own names, since their values came from there; never a value, which may be a secret.
    private static OpenAIChatClientOptions Checked(OpenAIChatClientOptions options)
    {
        if (options.MaxRetries is < 0 or > 10)
            throw new InvalidOperationException($"{RetriesSetting} is no number from 0 to 10.");
        try
        {
            options.Validate();
        }
        catch (ArgumentException e)
        {
            throw new InvalidOperationException(e.Message, e);
        }

        return options;
    }

    private ProviderStatus Status(ProbeAnswer answer, OpenAIChatClientOptions options, ProviderSettings settings)
    {
        var where = SafeText.Address(options.Endpoint);
        var chosen = settings.Get("OPENAI_MODEL");
        switch (answer.Status)
        {
            case null:
                return new ProviderStatus(false, $"no answer from {where} within {_probeTimeout.TotalSeconds:0.#} s", []);
            case 401 or 403:
                return new ProviderStatus(false, $"{where} refused {(options.ApiKey is null ? "a call without " : "")}{KeySetting} ({answer.Status})", []);
            case >= 300 and < 400:
                return new ProviderStatus(false, $"{where} redirects ({answer.Status}); set {UrlSetting} to the final address", []);
            case >= 500:
                return new ProviderStatus(false, $"{where} answers {answer.Status}", []);
        }

        var models = answer.Status == 200 && answer.Json is { } json ? ChatModels(json.Items("data").Select(m => m.Text("id"))) : [];
        List<string> listed = chosen is null ? models : [chosen, .. models.Where(m => m != chosen)];
        if (listed.Count == 0)
            return new ProviderStatus(false, $"{where} lists no models (HTTP {answer.Status}); set OPENAI_MODEL, and check that {UrlSetting} ends with the version (/v1)", []);

        return new ProviderStatus(true, options.ApiKey is null ? $"a server at {where}" : $"{KeySetting} is set, {where} answers", listed);
    }

    private static List<string> ChatModels(IEnumerable<string?> ids)
    {
        var models = ids.OfType<string>().Where(id => !string.IsNullOrWhiteSpace(id) && !NoChat.Any(part => id.Contains(part, StringComparison.OrdinalIgnoreCase))).ToList();
        var first = Usual.FirstOrDefault(models.Contains);
        return first is null ? models : [first, .. models.Where(m => m != first)];
    }

    private static Uri ModelsAddress(Uri endpoint)
    {
        var address = new UriBuilder(endpoint);
        address.Path = address.Path.TrimEnd('/') + "/models";
        return address.Uri;
    }
}
