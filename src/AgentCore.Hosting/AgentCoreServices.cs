using AgentCore.Hosting;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>AgentCore in a host.</summary>
public static class AgentCoreServices
{
    /// <summary>Adds an <see cref="AgentWorkspace"/>: agents, teams, tools, models and the store of a folder. Plugins are found
    /// by their assembly's attribute.</summary>
    /// <param name="services">The host's services.</param>
    /// <param name="configure">Sets it up; null for the current folder and the defaults.</param>
    public static IServiceCollection AddAgentCore(this IServiceCollection services, Action<AgentCoreOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(services);
        if (configure is not null)
            services.Configure(configure);
        services.AddOptions();
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<AgentWorkspace>();
        return services;
    }
}
