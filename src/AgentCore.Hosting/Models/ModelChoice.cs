using AgentCore.Models;

namespace AgentCore.Hosting.Models;

/// <summary>The model that a host works with, and why.</summary>
/// <param name="Provider">The provider.</param>
/// <param name="Model">The model, without the provider's name.</param>
/// <param name="Reason">Why this one, in a line.</param>
public sealed record ModelChoice(ModelProvider Provider, string Model, string Reason)
{
    /// <summary>The model's full id, <c>provider/model</c>.</summary>
    public string Id => $"{Provider.Name}/{Model}";
}

/// <summary>What a provider's probe found.</summary>
/// <param name="Provider">The provider.</param>
/// <param name="Status">Whether it can be used, why, and its models.</param>
public sealed record ProviderProbe(ModelProvider Provider, ProviderStatus Status);
