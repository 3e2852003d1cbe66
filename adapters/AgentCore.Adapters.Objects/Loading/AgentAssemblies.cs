using System.Collections.Concurrent;
using System.Reflection;
using System.Runtime.Loader;

namespace AgentCore.Adapters.Objects.Loading;

/// <summary>Loads agents' assemblies: only those whose path the user named, what lies beside them, and what they use of packages and of the installed frameworks.</summary>
public static class AgentAssemblies
{
    // Two copies of the model's contract would part the agent from its model; .NET's own libraries, such as HttpClient's, speak of traces and metrics.
    private static readonly string[] Single = ["Microsoft.Extensions.AI.Abstractions", "System.Diagnostics.DiagnosticSource"];

    private static readonly ConcurrentDictionary<string, Lazy<Assembly>> Loaded = new(StringComparer.Ordinal);

    /// <summary>Loads an assembly; the same path gives the same assembly for the life of the process.</summary>
    /// <param name="path">Its path.</param>
    /// <exception cref="ArgumentException">There is no such file, or it is no .NET assembly.</exception>
    public static Assembly Load(string path)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        var full = Path.GetFullPath(path);
        if (!File.Exists(full))
            throw new ArgumentException($"There is no assembly at {full}. Build it, or correct the path.", nameof(path));
        try
        {
            return Loaded.GetOrAdd(full, static p => new Lazy<Assembly>(() => new AgentLoadContext(p).LoadFromAssemblyPath(p))).Value;
        }
        catch (Exception e) when (e is BadImageFormatException or IOException or UnauthorizedAccessException or InvalidOperationException)
        {
            // The last of these is a damaged .deps.json. What is mended is looked at anew.
            Loaded.TryRemove(full, out _);
            throw new ArgumentException($"{full} can't be loaded as a .NET assembly: {e.Message}", nameof(path), e);
        }
    }

    /// <summary>Finds a class.</summary>
    /// <param name="path">The assembly's path.</param>
    /// <param name="typeName">The class, with its namespace.</param>
    /// <exception cref="ArgumentException">The assembly or the class isn't there, or its dependencies are missing.</exception>
    public static Type Find(string path, string typeName) => TypeOf(Load(path), typeName);

    /// <summary>Finds a class as a program has it, whose services speak of the program's own copy of its assembly.</summary>
    internal static Type Find(string path, string typeName, string program) => TypeOf(InProgram(path, Load(program)), typeName);

    private static Assembly InProgram(string path, Assembly program)
    {
        var context = (AgentLoadContext)AssemblyLoadContext.GetLoadContext(program)!;
        try
        {
            return context.LoadFromAssemblyName(AssemblyName.GetAssemblyName(path));
        }
        catch (FileNotFoundException) when (File.Exists(path))
        {
            return context.Add(Path.GetFullPath(path));
        }
        catch (Exception e) when (e is BadImageFormatException or IOException)
        {
            throw new ArgumentException($"{path} can't be loaded as a .NET assembly: {e.Message}", nameof(path), e);
        }
    }

    private static Type TypeOf(Assembly assembly, string typeName)
    {
        try
        {
            return assembly.GetType(typeName, throwOnError: true)!;
        }
        catch (Exception e) when (e is TypeLoadException or FileNotFoundException or FileLoadException or BadImageFormatException)
        {
            throw new ArgumentException($"{assembly.GetName().Name} has no class '{typeName}' that can be loaded: {e.Message}", nameof(typeName), e);
        }
    }

    /// <summary>The host's own copy of a library, where it has one that is at least of the version given.</summary>
    internal static Assembly? OfHost(AssemblyName wanted, Version? atLeast)
    {
        try
        {
            var found = AssemblyLoadContext.Default.LoadFromAssemblyName(new AssemblyName(wanted.Name!));
            return Array.IndexOf(Single, wanted.Name) >= 0 || atLeast is null || found.GetName().Version >= atLeast ? found : null;
        }
        catch (Exception e) when (e is FileNotFoundException or FileLoadException or BadImageFormatException)
        {
            return null;
        }
    }
}
