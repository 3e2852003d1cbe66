using System.Collections.Concurrent;
using System.Diagnostics;
using System.Reflection;
using AgentCore.Runs;
using Microsoft.Extensions.Hosting;

namespace AgentCore.Adapters.Objects.Loading;

/// <summary>
/// The services that a program registers for its agents. Its entry point is run until it has built its host, and no further: the host tells of itself by
/// the diagnostic event <c>Microsoft.Extensions.Hosting/HostBuilt</c>, as it does for the tools of Entity Framework.
/// </summary>
internal static class ProgramServices
{
    private const string ContentRoot = "DOTNET_CONTENTROOT";

    // Some programs look into a vault first.
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(1);

    private static readonly Lock OneAtATime = new();
    private static readonly ConcurrentDictionary<string, Lazy<object>> Built = new(StringComparer.Ordinal);

    /// <summary>A scope of the program's services, which are built once for the life of the process.</summary>
    /// <param name="path">The program's assembly.</param>
    /// <exception cref="ArgumentException">There is no such program, or it doesn't build a host.</exception>
    public static ProgramScope Of(string path) => ProgramScope.Of(Built.GetOrAdd(Path.GetFullPath(path), static p => new Lazy<object>(() => Build(p))).Value);

    private static object Build(string path)
    {
        var entry = AgentAssemblies.Load(path).EntryPoint
            ?? throw new ArgumentException($"{path} is no program: it has no entry point. Name the program that registers what the agents need.");
        lock (OneAtATime)
        {
            // By default a host looks for its settings where its process was started.
            var named = Environment.GetEnvironmentVariable(ContentRoot);
            Environment.SetEnvironmentVariable(ContentRoot, named ?? Path.GetDirectoryName(path));
            try
            {
                return HostBuilding.Run(entry, Longest);
            }
            catch (Exception e) when (e is not OutOfMemoryException)
            {
                throw new ArgumentException($"{path} gives no services: {e.GetType().Name}: {e.Message}", e);
            }
            finally
            {
                Environment.SetEnvironmentVariable(ContentRoot, named);
            }
        }
    }

    /// <summary>One run of an entry point, and the host that was built in it.</summary>
    private sealed class HostBuilding : IObserver<DiagnosticListener>, IObserver<KeyValuePair<string, object?>>
    {
        // Events are told to all who listen: those of other hosts in this process are none of this run's.
        private static readonly AsyncLocal<HostBuilding?> Current = new();

        private readonly TaskCompletionSource<object> _host = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly ConcurrentBag<IDisposable> _listening = [];

        public static object Run(MethodInfo entry, TimeSpan longest)
        {
            var building = new HostBuilding();
            using var all = DiagnosticListener.AllListeners.Subscribe(building);
            try
            {
                new Thread(() => building.Enter(entry)) { IsBackground = true, Name = entry.Module.Name }.Start();
                return BlockingBridge.Run(() => new ValueTask<object>(building._host.Task.WaitAsync(longest)));
            }
            catch (TimeoutException e) when (!building._host.Task.IsCompleted)
            {
                throw new TimeoutException($"It has built no host after {longest.TotalSeconds:0} s.", e);
            }
            finally
            {
                foreach (var one in building._listening)
                    one.Dispose();
            }
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
                // Of no weight once the host is built: then it is the stop that ended it.
                _host.TrySetException(e);
            }
        }

        public void OnNext(DiagnosticListener value)
        {
            if (value.Name == "Microsoft.Extensions.Hosting" && Current.Value == this)
                _listening.Add(value.Subscribe(this));
        }

        public void OnNext(KeyValuePair<string, object?> value)
        {
            if (value.Key != "HostBuilt" || Current.Value != this || value.Value is not { } host)
                return;
            _host.TrySetResult(host);
            throw new HostAbortedException();
        }

        public void OnCompleted()
        {
        }

        public void OnError(Exception error)
        {
        }
    }
}
