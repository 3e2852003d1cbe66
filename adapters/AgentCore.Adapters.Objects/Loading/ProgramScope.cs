using System.Reflection;
using System.Runtime.Loader;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace AgentCore.Adapters.Objects.Loading;

/// <summary>A scope of a program's services, for one agent. By the names of its contracts: a program may bring a newer copy of them than this process has.</summary>
internal sealed class ProgramScope : IAsyncDisposable
{
    private const string Contracts = "Microsoft.Extensions.DependencyInjection";

    private readonly object _scope;

    private ProgramScope(object scope) => _scope = scope;

    public IServiceProvider Services => (IServiceProvider)Member(_scope, nameof(IServiceScope), nameof(IServiceScope.ServiceProvider))!;

    public static ProgramScope Of(object host)
    {
        var services = (IServiceProvider)host.GetType().GetProperty(nameof(IHost.Services))!.GetValue(host)!;
        var contracts = AssemblyLoadContext.GetLoadContext(host.GetType().Assembly)!.LoadFromAssemblyName(new AssemblyName(Contracts + ".Abstractions"));
        var factory = contracts.GetType($"{Contracts}.{nameof(IServiceScopeFactory)}", throwOnError: true)!;
        return new ProgramScope(factory.GetMethod(nameof(IServiceScopeFactory.CreateScope))!.Invoke(services.GetService(factory), null)!);
    }

    /// <summary>A service by its key; null where there is none, or the services know no keys.</summary>
    public static object? Keyed(IServiceProvider services, Type type, object? key) =>
        services.GetType().GetInterface($"{Contracts}.{nameof(IKeyedServiceProvider)}")?.GetMethod(nameof(IKeyedServiceProvider.GetKeyedService))!.Invoke(services, [type, key]);

    public async ValueTask DisposeAsync()
    {
        if (_scope is IAsyncDisposable asynchronous)
            await asynchronous.DisposeAsync().ConfigureAwait(false);
        else
            ((IDisposable)_scope).Dispose();
    }

    private static object? Member(object target, string contract, string property) => target.GetType().GetInterface($"{Contracts}.{contract}")!.GetProperty(property)!.GetValue(target);
}
