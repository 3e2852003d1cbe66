using System.Collections.Concurrent;
using System.Runtime.InteropServices;
using System.Text.Json;

namespace AgentCore.Adapters.Objects.Loading;

/// <summary>The packages that a library uses, where NuGet restored them to: a build copies them beside programs, but not beside libraries. Which they are, the
/// library's <c>.deps.json</c> says.</summary>
internal sealed class PackageCache
{
    private static readonly ConcurrentDictionary<string, PackageCache> Known = new(StringComparer.Ordinal);

    // From the platform at hand to all that are like it, as NuGet's graph of platforms has them.
    private static readonly string[] Platforms = OperatingSystem.IsWindows() ? [$"win-{Cpu}", "win"]
        : OperatingSystem.IsMacOS() ? [$"osx-{Cpu}", "osx", $"unix-{Cpu}", "unix"]
        : [RuntimeInformation.RuntimeIdentifier, $"linux-{Cpu}", "linux", $"unix-{Cpu}", "unix"];

    private readonly Dictionary<string, string> _libraries = new(StringComparer.OrdinalIgnoreCase);
    private readonly Dictionary<string, string> _native = new(StringComparer.OrdinalIgnoreCase);
    private readonly string _root;

    private PackageCache(string root) => _root = root;

    private static string Cpu => RuntimeInformation.ProcessArchitecture.ToString().ToLowerInvariant();

    private static string Root => Environment.GetEnvironmentVariable("NUGET_PACKAGES") is { Length: > 0 } named
        ? Path.GetFullPath(named)
        : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".nuget", "packages");

    /// <summary>The files of the packages' libraries that are there, by the libraries' names.</summary>
    public IReadOnlyDictionary<string, string> Libraries => _libraries;

    public static PackageCache Of(string assembly) => Known.GetOrAdd(Path.ChangeExtension(Path.GetFullPath(assembly), ".deps.json"), static file => Read(file, Root));

    /// <summary>The file of a native library, as code names it: <c>e_sqlite3</c> for <c>libe_sqlite3.so</c>; null where there is none.</summary>
    public string? Native(string name) =>
        new[] { name, $"lib{name}" }.SelectMany(n => new[] { n, $"{n}.so", $"{n}.dylib", $"{n}.dll" }).Select(n => _native.GetValueOrDefault(n)).FirstOrDefault(file => file is not null);

    internal static PackageCache Read(string dependencies, string root)
    {
        var found = new PackageCache(Path.TrimEndingDirectorySeparator(Path.GetFullPath(root)));
        if (!File.Exists(dependencies))
            return found;
        try
        {
            using var json = JsonDocument.Parse(File.ReadAllBytes(dependencies));
            var libraries = json.RootElement.GetProperty("libraries");
            foreach (var used in json.RootElement.GetProperty("targets").EnumerateObject().SelectMany(target => target.Value.EnumerateObject()))
            {
                if (libraries.TryGetProperty(used.Name, out var library) && library.TryGetProperty("path", out var folder))
                    found.Add(used.Value, folder.GetString()!);
            }
        }
        catch (Exception e) when (e is JsonException or IOException or UnauthorizedAccessException or InvalidOperationException or KeyNotFoundException or ArgumentException)
        {
            // A damaged file is told where the assembly is loaded or scanned.
        }

        return found;
    }

    private void Add(JsonElement package, string folder)
    {
        // What is made for the platform goes before what only says that it isn't.
        if (package.TryGetProperty("runtimeTargets", out var targets))
        {
            foreach (var target in targets.EnumerateObject().Select(t => (File: t.Name, Place: Array.IndexOf(Platforms, t.Value.GetProperty("rid").GetString()), IsNative: t.Value.GetProperty("assetType").GetString() == "native"))
                .Where(t => t.Place >= 0).OrderBy(t => t.Place))
            {
                if (PathOf(folder, target.File) is { } file)
                    (target.IsNative ? _native : _libraries).TryAdd(target.IsNative ? Path.GetFileName(file) : Path.GetFileNameWithoutExtension(file), file);
            }
        }

        if (!package.TryGetProperty("runtime", out var files))
            return;
        foreach (var file in files.EnumerateObject().Select(f => PathOf(folder, f.Name)).OfType<string>().Where(f => f.EndsWith(".dll", StringComparison.OrdinalIgnoreCase)))
            _libraries.TryAdd(Path.GetFileNameWithoutExtension(file), file);
    }

    /// <summary>A package's file, where it is there and in the cache.</summary>
    private string? PathOf(string folder, string file) =>
        Path.GetFullPath(Path.Combine(_root, folder, file)) is var path && path.StartsWith(_root + Path.DirectorySeparatorChar, StringComparison.Ordinal) && File.Exists(path) ? path : null;
}
