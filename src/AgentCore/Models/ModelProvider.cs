using System.Text.RegularExpressions;
using Microsoft.Extensions.AI;

namespace AgentCore.Models;

/// <summary>Makes chat clients for the models of one provider: a server, a cloud service, or a model in the process.
/// A model's full id is <c>provider/model</c>, for example <c>ollama/llama3.2</c>.</summary>
public abstract class ModelProvider
{
    /// <summary>The provider's name, the first part of its models' ids: <c>openai</c>, <c>ollama</c>, <c>offline</c>.</summary>
    public abstract string Name { get; }

    /// <summary>How much this provider is preferred when the user names no model; the reachable one with the highest number
    /// is taken. The offline model has 0, a local server 100, a cloud service with a key in the environment 50.</summary>
    public abstract int Preference { get; }

    /// <summary>Tells whether the provider can be used now, and which models it has. Takes at most about a second, does not
    /// throw for an unreachable server, and never puts a secret into the answer.</summary>
    /// <param name="settings">Where its settings come from.</param>
    /// <param name="cancellationToken">Stops the probe.</param>
    public abstract ValueTask<ProviderStatus> ProbeAsync(ProviderSettings settings, CancellationToken cancellationToken = default);

    /// <summary>Creates a client for a model. The caller disposes it.</summary>
    /// <param name="model">The model's id without the provider's name.</param>
    /// <param name="settings">Where its settings come from.</param>
    /// <exception cref="InvalidOperationException">A setting is missing or wrong; the message names it.</exception>
    public abstract IChatClient CreateClient(string model, ProviderSettings settings);
}

/// <summary>What a provider's probe found.</summary>
/// <param name="Available">Whether it can be used now.</param>
/// <param name="Reason">Why, in one line for <c>doctor</c>: «OPENAI_API_KEY is set», «no server at http://127.0.0.1:11434».</param>
/// <param name="Models">The models it has, without the provider's name; the first is its default. Empty when unknown.</param>
public sealed record ProviderStatus(bool Available, string Reason, IReadOnlyList<string> Models);

/// <summary>Looks a provider's settings up: configuration first, then the environment.</summary>
/// <param name="lookup">Gives a setting's value by name (<c>OPENAI_API_KEY</c>, <c>OPENAI_BASE_URL</c>), or null.</param>
public sealed partial class ProviderSettings(Func<string, string?> lookup)
{
    /// <summary>Settings from the environment's variables alone.</summary>
    public static ProviderSettings Environment { get; } = new(System.Environment.GetEnvironmentVariable);

    /// <summary>A setting's value, or null where it is missing or blank.</summary>
    /// <param name="name">The setting's name.</param>
    public string? Get(string name) => lookup(name) is { } value && !string.IsNullOrWhiteSpace(value) ? value.Trim() : null;

    /// <summary>Puts values in place of references: <c>Bearer ${API_KEY}</c>. Files keep references alone, so that no secret
    /// stands in one; this is called where the value is used, and the result is neither logged nor kept.</summary>
    /// <param name="text">The text with its references.</param>
    /// <exception cref="InvalidOperationException">A setting isn't set; the message names it.</exception>
    public string Expand(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return Reference().Replace(text, match => Get(match.Groups[1].Value)
            ?? throw new InvalidOperationException($"{match.Groups[1].Value} is not set. Set it in the environment, or take out the reference {match.Value}."));
    }

    [GeneratedRegex(@"\$\{([A-Za-z_][A-Za-z0-9_]*)\}", RegexOptions.CultureInvariant)]
    private static partial Regex Reference();
}
