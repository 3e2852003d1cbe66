using AgentCore.Hosting.Definitions;
using AgentCore.Models;
using Microsoft.Extensions.AI;

namespace AgentCore.Hosting.Models;

/// <summary>Finds which models can be used now, and chooses one: the one that is named, else the default of the available
/// provider with the highest preference.</summary>
public sealed class ModelSelector
{
    private static readonly TimeSpan ProbeTime = TimeSpan.FromSeconds(3);

    private readonly IReadOnlyList<ModelProvider> _providers;
    private readonly ProviderSettings _settings;
    private readonly TimeProvider _time;

    internal ModelSelector(IReadOnlyList<ModelProvider> providers, ProviderSettings settings, TimeProvider time)
    {
        _providers = providers;
        _settings = settings;
        _time = time;
    }

    /// <summary>Asks all providers at once whether they can be used; one that doesn't answer in three seconds can't.</summary>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>What was found, the most preferred provider first.</returns>
    public async Task<IReadOnlyList<ProviderProbe>> ProbeAsync(CancellationToken cancellationToken = default)
    {
        var probes = await Task.WhenAll(_providers.Select(p => ProbeAsync(p, cancellationToken))).ConfigureAwait(false);
        return [.. probes.OrderByDescending(p => p.Provider.Preference).ThenBy(p => p.Provider.Name, StringComparer.Ordinal)];
    }

    /// <summary>Chooses a model.</summary>
    /// <param name="id">The model's id as <c>provider/model</c>, or a provider's name for its default; null for the best that is there.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="UnknownNameException">There is no such provider or model.</exception>
    /// <exception cref="ModelException">The provider can't be used now, or none can.</exception>
    public async Task<ModelChoice> ChooseAsync(string? id, CancellationToken cancellationToken = default)
    {
        if (id is not null)
            return await NamedAsync(id, cancellationToken).ConfigureAwait(false);

        var probes = await ProbeAsync(cancellationToken).ConfigureAwait(false);
        return Best(probes) ?? throw new ModelException(probes.Count == 0
            ? "There is no model provider: no plugin that has one was loaded. 'agentcore doctor' lists the plugins."
            : $"No model can be used: {string.Join("; ", probes.Select(WhyNot))}.");
    }

    /// <summary>The choice among probes: the most preferred provider that can be used and has a model.</summary>
    internal static ModelChoice? Best(IReadOnlyList<ProviderProbe> probes) => probes
        .Where(p => p.Status is { Available: true, Models.Count: > 0 })
        .Select(p => new ModelChoice(p.Provider, p.Status.Models[0], $"{p.Status.Reason} (preference {p.Provider.Preference})"))
        .FirstOrDefault();

    internal IChatClient CreateClient(ModelChoice choice) => choice.Provider.CreateClient(choice.Model, _settings);

    private static string WhyNot(ProviderProbe probe) => $"{probe.Provider.Name}: {(probe.Status.Available ? NamesNone(probe.Provider) : probe.Status.Reason.TrimEnd('.'))}";

    private static string NamesNone(ModelProvider provider) => $"it doesn't say which models it has; name one as {provider.Name}/MODEL";

    private async Task<ModelChoice> NamedAsync(string id, CancellationToken cancellationToken)
    {
        var slash = id.IndexOf('/', StringComparison.Ordinal);
        var name = slash < 0 ? id : id[..slash];
        var provider = _providers.FirstOrDefault(p => string.Equals(p.Name, name, StringComparison.OrdinalIgnoreCase));
        if (provider is null)
        {
            throw new UnknownNameException("model provider", name, _providers.Select(p => p.Name), slash < 0 ? "Models are named as provider/model." : null);
        }

        var probe = await ProbeAsync(provider, cancellationToken).ConfigureAwait(false);
        if (!probe.Status.Available)
            throw new ModelException($"The model '{id}' can't be used: {probe.Status.Reason.TrimEnd('.')}. 'agentcore models list' shows which can.");
        if (slash < 0 && probe.Status.Models.Count > 0)
            return new ModelChoice(provider, probe.Status.Models[0], "it was asked for");

        var model = slash < 0 ? "" : id[(slash + 1)..].Trim();
        if (probe.Status.Models.Count == 0 && model.Length == 0)
            throw new ModelException($"The model '{id}' can't be used: {NamesNone(provider)}.");

        // The tag 'latest' may be left out, as in ollama/llama3.2 for llama3.2:latest; the server knows no other by its name alone.
        if (probe.Status.Models.Count > 0 && !probe.Status.Models.Any(m => m == model || m == model + ":latest"))
            throw new UnknownNameException("model", id, probe.Status.Models.Select(m => $"{provider.Name}/{m}"), $"The provider '{provider.Name}' doesn't have it.");
        return new ModelChoice(provider, model, "it was asked for");
    }

    private async Task<ProviderProbe> ProbeAsync(ModelProvider provider, CancellationToken cancellationToken)
    {
        try
        {
            var status = await Task.Run(() => provider.ProbeAsync(_settings, cancellationToken).AsTask(), cancellationToken)
                .WaitAsync(ProbeTime, _time, cancellationToken).ConfigureAwait(false);
            return new ProviderProbe(provider, status);
        }
        catch (TimeoutException)
        {
            return new ProviderProbe(provider, new ProviderStatus(false, $"no answer within {ProbeTime.TotalSeconds:0} s", []));
        }
        catch (InvalidOperationException e)
        {
            return new ProviderProbe(provider, new ProviderStatus(false, e.Message, []));
        }
        catch (Exception e) when (e is not OperationCanceledException || !cancellationToken.IsCancellationRequested)
        {
            return new ProviderProbe(provider, new ProviderStatus(false, $"asking it failed ({e.GetType().Name})", []));
        }
    }
}
