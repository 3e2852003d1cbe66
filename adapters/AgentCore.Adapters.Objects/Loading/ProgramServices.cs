using System.Collections.Concurrent;
using System.Reflection;

namespace AgentCore.Adapters.Objects.Loading;

/// <summary>The services that a program registers for its agents. Its entry point is run until it has built its host, and no further.</summary>
internal static class ProgramServices
{
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
        var program = AgentAssemblies.Load(path);
        var entry = program.EntryPoint ?? throw new ArgumentException($"{path} is no program: it has no entry point. Name the program that registers what the agents need.");
        if (Programs.BuildsWebHost(path))
            throw new ArgumentException($"{path} gives no services: it builds a WebHost, which can't be stopped before it serves. Build it with Host.CreateDefaultBuilder(…).ConfigureWebHostDefaults(…), or give the services in code (UniversalAgentOptions.Services).");
        lock (OneAtATime)
        {
            // By default a host is called after the program that runs, and looks for its settings where that was started: it would be this one.
            using var root = new Variable("DOTNET_CONTENTROOT", Path.GetDirectoryName(path)!);
            using var name = new Variable("DOTNET_APPLICATIONNAME", program.GetName().Name!);
            try
            {
                return HostBuilding.Run(entry, Longest);
            }
            catch (Exception e) when (e is not OutOfMemoryException)
            {
                throw new ArgumentException($"{path} gives no services: {e.GetType().Name}: {e.Message}", e);
            }
        }
    }

    /// <summary>An environment variable that is set where nobody has set it, and for a while.</summary>
    private sealed class Variable : IDisposable
    {
        private readonly string? _name;

        public Variable(string name, string value)
        {
            if (Environment.GetEnvironmentVariable(name) is not null)
                return;
            _name = name;
            Environment.SetEnvironmentVariable(name, value);
        }

        public void Dispose()
        {
            if (_name is not null)
                Environment.SetEnvironmentVariable(_name, null);
        }
    }
}
