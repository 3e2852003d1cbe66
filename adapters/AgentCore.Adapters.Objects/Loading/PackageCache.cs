using System.Collections.Concurrent;
using System.Text.Json;

namespace AgentCore.Adapters.Objects.Loading;

/// <summary>The packages that a library uses, where NuGet restored them to: a build copies them beside programs, but not beside libraries. Which they are, the
/// library's <c>.deps.json</c> says.</summary>
internal static class PackageCache
{
    private static readonly ConcurrentDictionary<string, IReadOnlyDictionary<string, string>> Known = new(StringComparer.Ordinal);

    private static string Root => Environment.GetEnvironmentVariable("NUGET_PACKAGES") is { Length: > 0 } named
        ? Path.GetFullPath(named)
        : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".nuget", "packages");

    /// <summary>The files of the packages' libraries that are there, by the libraries' names.</summary>
    public static IReadOnlyDictionary<string, string> Of(string assembly) => Known.GetOrAdd(Path.ChangeExtension(Path.GetFullPath(assembly), ".deps.json"), static file => Read(file, Root));

    internal static IReadOnlyDictionary<string, string> Read(string dependencies, string root)
    {
        var found = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        if (!File.Exists(dependencies))
            return found;
        try
        {
            using var json = JsonDocument.Parse(File.ReadAllBytes(dependencies));
            var libraries = json.RootElement.GetProperty("libraries");
            foreach (var used in json.RootElement.GetProperty("targets").EnumerateObject().SelectMany(target => target.Value.EnumerateObject()))
            {
                if (!used.Value.TryGetProperty("runtime", out var files) || !libraries.TryGetProperty(used.Name, out var library) || !library.TryGetProperty("path", out var folder))
                    continue;
                foreach (var file in files.EnumerateObject().Select(f => Path.GetFullPath(Path.Combine(root, folder.GetString()!, f.Name))))
                {
                    if (file.StartsWith(root + Path.DirectorySeparatorChar, StringComparison.Ordinal) && file.EndsWith(".dll", StringComparison.OrdinalIgnoreCase) && File.Exists(file))
                        found.TryAdd(Path.GetFileNameWithoutExtension(file), file);
                }
            }
        }
        catch (Exception e) when (e is JsonException or IOException or UnauthorizedAccessException or InvalidOperationException or KeyNotFoundException or ArgumentException)
        {
            // A damaged file is told where the assembly is loaded or scanned.
        }

        return found;
    }
}
