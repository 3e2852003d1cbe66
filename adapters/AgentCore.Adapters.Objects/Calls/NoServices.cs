namespace AgentCore.Adapters.Objects.Calls;

/// <summary>Services where the host has given none: what needs no host (loggers, a clock, the model), and a note of what was asked for in vain.</summary>
internal sealed class NoServices(CallEnvironment environment) : IServiceProvider
{
    /// <summary>What was asked for last and isn't there.</summary>
    public Type? Refused { get; private set; }

    public object? GetService(Type serviceType)
    {
        if (serviceType is { IsGenericType: true } && serviceType.GetGenericTypeDefinition() == typeof(IEnumerable<>))
            return Array.CreateInstance(serviceType.GetGenericArguments()[0], 0);
        if (Services.Find(environment, serviceType) is { } found)
            return found;
        Refused = serviceType;
        return null;
    }
}
