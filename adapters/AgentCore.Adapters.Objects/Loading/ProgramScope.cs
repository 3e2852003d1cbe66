using System.Reflection;
using System.Runtime.Loader;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace AgentCore.Adapters.Objects.Loading;

/// <summary>A scope of a program's services, for one agent. By the names of its contracts: a program may bring a newer copy of them than this process has.</summary>
internal sealed class ProgramScope : IAsyncDisposable
{
    private const string Contracts = "Microsoft.Extensions.DependencyInjection";

    private readonly Func<object> _open;
    private readonly object _scope;
    private readonly Lock _lock = new();
    private int _uses = 1;
    private bool _over;

    private ProgramScope(Func<object> open) => (_open, _scope) = (open, open());

    public IServiceProvider Services => (IServiceProvider)_scope.GetType().GetInterface($"{Contracts}.{nameof(IServiceScope)}")!.GetProperty(nameof(IServiceScope.ServiceProvider))!.GetValue(_scope)!;

    public static ProgramScope Of(object host)
    {
        var services = (IServiceProvider)host.GetType().GetProperty(nameof(IHost.Services))!.GetValue(host)!;
        var contracts = AssemblyLoadContext.GetLoadContext(host.GetType().Assembly)!.LoadFromAssemblyName(new AssemblyName(Contracts + ".Abstractions"));
        var factory = contracts.GetType($"{Contracts}.{nameof(IServiceScopeFactory)}", throwOnError: true)!;
        return new ProgramScope(() => factory.GetMethod(nameof(IServiceScopeFactory.CreateScope))!.Invoke(services.GetService(factory), null)!);
    }

    /// <summary>A service by its key; null where there is none, or the services know no keys.</summary>
    public static object? Keyed(IServiceProvider services, Type type, object? key) =>
        services.GetType().GetInterface($"{Contracts}.{nameof(IKeyedServiceProvider)}")?.GetMethod(nameof(IKeyedServiceProvider.GetKeyedService))!.Invoke(services, [type, key]);

    /// <summary>Another scope of the same services.</summary>
    public ProgramScope Another() => new(_open);

    /// <summary>Keeps the scope open until it is left, also where its agent is disposed of meanwhile.</summary>
    public void Enter()
    {
        lock (_lock)
            _uses++;
    }

    public ValueTask LeaveAsync()
    {
        lock (_lock)
        {
            if (--_uses > 0)
                return default;
        }

        if (_scope is IAsyncDisposable asynchronous)
            return asynchronous.DisposeAsync();
        ((IDisposable)_scope).Dispose();
        return default;
    }

    /// <summary>The agent is done with it; it ends with the last run.</summary>
    public ValueTask DisposeAsync()
    {
        lock (_lock)
        {
            if (_over)
                return default;
            _over = true;
        }

        return LeaveAsync();
    }
}
