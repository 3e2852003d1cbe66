using System.Reflection;
using System.Runtime.Loader;

namespace AgentCore.Adapters.Objects.Loading;

/// <summary>Where an assembly of agents, or a program with its agents, finds what it needs: in the host, beside it, among its packages, in the shared frameworks.</summary>
internal sealed class AgentLoadContext(string path) : AssemblyLoadContext(Path.GetFileNameWithoutExtension(path))
{
    private readonly List<Place> _places = [new(path)];

    /// <summary>Looks beside another assembly, too, and among its packages.</summary>
    public Assembly Add(string assembly)
    {
        lock (_places)
            _places.Add(new Place(assembly));
        return LoadFromAssemblyPath(assembly);
    }

    protected override Assembly? Load(AssemblyName assemblyName)
    {
        var file = Places.Select(place => place.Find(assemblyName)).FirstOrDefault(found => found is not null);
        // By the copy that lies there, and not by who asks: of two that ask for different versions, both get the same.
        // What the host has already is shared, so that a ChatMessage is a ChatMessage on both sides.
        return AgentAssemblies.OfHost(assemblyName, file is null ? assemblyName.Version : AssemblyName.GetAssemblyName(file).Version)
            ?? (file is null ? SharedFrameworks.Load(assemblyName) : LoadFromAssemblyPath(file));
    }

    protected override nint LoadUnmanagedDll(string unmanagedDllName) =>
        Places.Select(place => place.FindNative(unmanagedDllName)).FirstOrDefault(found => found is not null) is { } file ? LoadUnmanagedDllFromPath(file) : 0;

    private Place[] Places
    {
        get
        {
            lock (_places)
                return [.. _places];
        }
    }

    /// <summary>An assembly with what lies beside it and what it uses of packages.</summary>
    private sealed class Place(string assembly)
    {
        private readonly AssemblyDependencyResolver _resolver = new(assembly);
        private readonly PackageCache _packages = PackageCache.Of(assembly);

        public string? Find(AssemblyName name)
        {
            var beside = _resolver.ResolveAssemblyToPath(name) ?? Path.Combine(Path.GetDirectoryName(assembly)!, name.Name + ".dll");
            return File.Exists(beside) ? beside : _packages.Libraries.GetValueOrDefault(name.Name!);
        }

        public string? FindNative(string name) => _resolver.ResolveUnmanagedDllToPath(name) ?? _packages.Native(name);
    }
}
