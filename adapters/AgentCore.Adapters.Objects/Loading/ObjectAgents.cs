using AgentCore.Adapters.Objects.Bindings;

namespace AgentCore.Adapters.Objects.Loading;

/// <summary>Opens wrapped agents from their bindings.</summary>
public static class ObjectAgents
{
    /// <summary>Opens the agent of a binding's file.</summary>
    /// <param name="path">The file: YAML with <c>kind: object</c>.</param>
    /// <param name="options">What the agent may be given; null for nothing.</param>
    /// <exception cref="ArgumentException">The file is wrong, or its assembly or class isn't there.</exception>
    public static UniversalAgentAdapter Open(string path, UniversalAgentOptions? options = null) => Open(BindingFile.Read(path), options);

    /// <summary>Opens the agent of a binding.</summary>
    /// <param name="binding">The binding; its assembly is an absolute path, or relative to the current folder.</param>
    /// <param name="options">What the agent may be given; null for nothing.</param>
    /// <exception cref="ArgumentException">The binding names no assembly, or its assembly or class isn't there.</exception>
    public static UniversalAgentAdapter Open(ObjectBinding binding, UniversalAgentOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(binding);
        var assembly = binding.Assembly ?? throw new ArgumentException($"The binding of {binding.Type} names no assembly.", nameof(binding));
        return new UniversalAgentAdapter(AgentAssemblies.Find(assembly, binding.Type), binding, options);
    }
}
