using Microsoft.Extensions.DependencyInjection;

namespace AgentCore.Adapters.Objects.Calls;

/// <summary>Services where the host has given none: what needs no host (loggers, a clock, the model), and a note of what was asked for in vain.</summary>
internal sealed class NoServices(CallEnvironment environment) : IKeyedServiceProvider
{
    /// <summary>What was asked for last and isn't there.</summary>
    public Type? Refused { get; private set; }

    /// <summary>The error tells that something was asked for in vain. By key, where the agent brings a newer copy of the contracts,
    /// it isn't even asked.</summary>
    public bool IsMissedIn(Exception error) => Refused is not null || error.TargetSite?.DeclaringType?.Name == nameof(ServiceProviderKeyedServiceExtensions);

    public object? GetService(Type serviceType)
    {
        if (serviceType is { IsGenericType: true } && serviceType.GetGenericTypeDefinition() == typeof(IEnumerable<>))
            return Array.CreateInstance(serviceType.GetGenericArguments()[0], 0);
        if (Services.Find(environment, serviceType) is { } found)
            return found;
        Refused = serviceType;
        return null;
    }

    public object? GetKeyedService(Type serviceType, object? serviceKey) => GetService(serviceType);

    public object GetRequiredKeyedService(Type serviceType, object? serviceKey) =>
        GetService(serviceType) ?? throw new InvalidOperationException($"There is no {serviceType.FullName} under the key '{serviceKey}': give services that have it.");
}
