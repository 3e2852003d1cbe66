using AgentCore.Adapters.Objects.Bindings;

namespace AgentCore.Adapters.Objects.Loading;

/// <summary>Opens wrapped agents from their bindings.</summary>
public static class ObjectAgents
{
    /// <summary>Opens the agent of a binding's file.</summary>
    /// <param name="path">The file: YAML with <c>kind: object</c>.</param>
    /// <param name="options">What the agent may be given; null for nothing.</param>
    /// <exception cref="ArgumentException">The file is wrong, its assembly or class isn't there, or its program gives no services.</exception>
    public static UniversalAgentAdapter Open(string path, UniversalAgentOptions? options = null) => Open(BindingFile.Read(path), options);

    /// <summary>Opens the agent of a binding.</summary>
    /// <param name="binding">The binding; its assembly is an absolute path, or relative to the current folder.</param>
    /// <param name="options">What the agent may be given; null for nothing.</param>
    /// <exception cref="ArgumentException">The binding names no assembly, its assembly or class isn't there, or its program gives no services.</exception>
    public static UniversalAgentAdapter Open(ObjectBinding binding, UniversalAgentOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(binding);
        var assembly = binding.Assembly ?? throw new ArgumentException($"The binding of {binding.Type} names no assembly.", nameof(binding));
        if (binding.Services is not { } program)
            return new UniversalAgentAdapter(AgentAssemblies.Find(assembly, binding.Type), binding, options);
        if (options?.Services is not null)
            throw new ArgumentException($"The binding of {binding.Type} names services, and so does UniversalAgentOptions.Services. Give them one way.", nameof(binding));
        var type = AgentAssemblies.Find(assembly, binding.Type, program);
        var alone = new UniversalAgentAdapter(type, binding, options);
        // One that needs nothing of the program has no part in its failures.
        if (!alone.Binding.Construct.Concat(alone.Binding.Arguments).Any(NeedsServices))
            return alone;
        alone.Dispose();
        var scope = ProgramServices.Of(program);
        return new UniversalAgentAdapter(type, binding, (options ?? new UniversalAgentOptions()) with { Services = scope.Services, Scope = scope });
    }

    private static bool NeedsServices(ArgumentBinding a) => a switch
    {
        { From: ArgumentSource.Missing } => true,
        { From: ArgumentSource.Services, Type: { } type } => !type.StartsWith("ILogger", StringComparison.Ordinal),
        // Made by convention, as nobody said who else gives it.
        { Note: not null } => a.From.StartsWith(ArgumentSource.New, StringComparison.Ordinal),
        _ => false,
    };
}
