using System.Reflection;
using System.Runtime.Loader;
using AgentCore.Plugins;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Logging;

namespace AgentCore.Hosting.Plugins;

/// <summary>Loads a workspace's plugin with its own dependencies. Only the contracts come from the program, so that a plugin's
/// agent is an agent here too.</summary>
internal sealed class PluginLoadContext(string path) : AssemblyLoadContext($"plugin {System.IO.Path.GetFileNameWithoutExtension(path)}")
{
    private readonly AssemblyDependencyResolver _resolver = new(path);
    private readonly string _folder = System.IO.Path.GetDirectoryName(path)!;

    /// <summary>The assemblies that plugins share with the program.</summary>
    public static IReadOnlyList<AssemblyName> Contracts { get; } =
        [typeof(AgentCorePlugin).Assembly.GetName(), typeof(IChatClient).Assembly.GetName(), typeof(ILogger).Assembly.GetName()];

    protected override Assembly? Load(AssemblyName assemblyName)
    {
        if (Contracts.Any(c => c.Name == assemblyName.Name))
            return null;

        var file = _resolver.ResolveAssemblyToPath(assemblyName);
        if (file is null)
        {
            // A plugin without its .deps.json: its dependencies lie beside it.
            file = System.IO.Path.Combine(_folder, assemblyName.Name + ".dll");
            if (!File.Exists(file))
                return null;
        }

        return LoadFromAssemblyPath(file);
    }

    protected override nint LoadUnmanagedDll(string unmanagedDllName) =>
        _resolver.ResolveUnmanagedDllToPath(unmanagedDllName) is { } file ? LoadUnmanagedDllFromPath(file) : 0;
}
