using System.Diagnostics;
using System.Reflection;
using System.Runtime.Loader;
using AgentCore.Runs;

namespace AgentCore.Adapters.Objects.Loading;

/// <summary>
/// One run of a program's entry point, and the host that is built in it. The host tells of itself by the diagnostic event
/// <c>Microsoft.Extensions.Hosting/HostBuilt</c>, as it does for the tools of Entity Framework. There the program stays for good: thrown out of it, it would
/// see an error, and what it does about errors (tries again, ends the process) is none of ours.
/// </summary>
internal sealed class HostBuilding : IObserver<DiagnosticListener>, IObserver<KeyValuePair<string, object?>>
{
    // Events are told to all who listen: those of other hosts in this process are none of this run's.
    private static readonly AsyncLocal<HostBuilding?> Current = new();

    private readonly TaskCompletionSource<object> _host = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Assembly _program;

    private HostBuilding(Assembly program) => _program = program;

    /// <summary>Runs it until it has built a host, which it gives.</summary>
    /// <exception cref="TimeoutException">It has built none in time.</exception>
    /// <exception cref="InvalidOperationException">It has ended without one.</exception>
    public static object Run(MethodInfo entry, TimeSpan longest)
    {
        var building = new HostBuilding(entry.Module.Assembly);
        // Never ended: a host that is built after the time is over must not start either.
        DiagnosticListener.AllListeners.Subscribe(building);
        // Parts of the framework ask for the program by its name.
        AssemblyLoadContext.Default.Resolving += building.Resolve;
        try
        {
            new Thread(() => building.Enter(entry)) { IsBackground = true, Name = entry.Module.Name }.Start();
            return BlockingBridge.Run(() => new ValueTask<object>(building._host.Task.WaitAsync(longest)));
        }
        catch (TimeoutException e) when (!building._host.Task.IsCompleted)
        {
            throw new TimeoutException($"It has built no host after {longest.TotalSeconds:0} s.", e);
        }
    }

    public void OnNext(DiagnosticListener value)
    {
        if (value.Name == "Microsoft.Extensions.Hosting" && Current.Value == this)
            value.Subscribe(this);
    }

    public void OnNext(KeyValuePair<string, object?> value)
    {
        if (value.Key != "HostBuilt" || Current.Value != this || value.Value is not { } host)
            return;
        _host.TrySetResult(host);
        Thread.Sleep(Timeout.Infinite);
    }

    public void OnCompleted()
    {
    }

    public void OnError(Exception error)
    {
    }

    private void Enter(MethodInfo entry)
    {
        Current.Value = this;
        try
        {
            entry.Invoke(null, BindingFlags.DoNotWrapExceptions, null, entry.GetParameters().Length == 0 ? [] : [Array.Empty<string>()], null);
            _host.TrySetException(new InvalidOperationException("It ended without building a host (Host.CreateApplicationBuilder, WebApplication.CreateBuilder)."));
        }
        catch (Exception e)
        {
            _host.TrySetException(e);
        }
    }

    private Assembly? Resolve(AssemblyLoadContext context, AssemblyName name) => Current.Value == this && name.Name == _program.GetName().Name ? _program : null;
}
