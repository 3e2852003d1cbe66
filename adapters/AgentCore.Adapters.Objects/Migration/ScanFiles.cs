using System.Reflection;
using System.Text.Json;
using AgentCore.Adapters.Objects.Loading;

namespace AgentCore.Adapters.Objects.Migration;

/// <summary>Which files a scan reads: the assemblies of a folder that aren't packages, each once.</summary>
internal static class ScanFiles
{
    private static readonly string[] ForeignPrefixes =
    [
        "System.", "Microsoft.Extensions.", "Microsoft.AspNetCore.", "Microsoft.CodeAnalysis", "Microsoft.NET", "Microsoft.Win32", "Microsoft.Data.",
        "Microsoft.TestPlatform", "Microsoft.VisualStudio", "Microsoft.IdentityModel", "Microsoft.Identity.", "Microsoft.Bcl.", "Microsoft.OpenApi",
        "Microsoft.EntityFrameworkCore", "Microsoft.SemanticKernel", "Microsoft.Agents.AI", "Azure.", "Grpc.", "Google.", "xunit", "NUnit", "Newtonsoft.", "AgentCore", "testhost", "Humanizer", "Castle.",
        "Serilog", "OpenTelemetry", "Polly", "Moq", "FluentAssertions", "YamlDotNet", "netstandard", "mscorlib", "WindowsBase",
    ];

    private static readonly string[] SkippedFolders = ["obj", "ref", "refint", "runtimes", ".git", "node_modules"];

    public static IReadOnlyList<string> Find(string folder, ICollection<string> problems)
    {
        var packages = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        var found = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (var file in Files(folder))
        {
            if (file.EndsWith(".deps.json", StringComparison.OrdinalIgnoreCase))
                AddPackages(file, packages, problems);
        }

        foreach (var file in Files(folder).Where(f => f.EndsWith(".dll", StringComparison.OrdinalIgnoreCase) || f.EndsWith(".exe", StringComparison.OrdinalIgnoreCase)))
        {
            var name = Path.GetFileNameWithoutExtension(file);
            if (packages.Contains(Path.GetFileName(file)) || Array.Exists(ForeignPrefixes, p => name.StartsWith(p, StringComparison.OrdinalIgnoreCase)))
                continue;
            // The same assembly lies in many output folders: the one at home, beside its own dependencies file, is the best.
            if (!found.TryGetValue(name, out var other) || Better(file, other))
                found[name] = file;
        }

        return [.. found.Values.Order(StringComparer.Ordinal)];
    }

    private static bool Better(string file, string other)
    {
        var (mine, theirs) = (HasDependencies(file), HasDependencies(other));
        return mine != theirs ? mine : File.GetLastWriteTimeUtc(file) > File.GetLastWriteTimeUtc(other);
    }

    private static bool HasDependencies(string file) => File.Exists(Path.ChangeExtension(file, ".deps.json"));

    private static IEnumerable<string> Files(string folder)
    {
        var pending = new Stack<string>([folder]);
        while (pending.TryPop(out var current))
        {
            string[] files, folders;
            try
            {
                files = Directory.GetFiles(current);
                folders = Directory.GetDirectories(current);
            }
            catch (Exception e) when (e is UnauthorizedAccessException or IOException)
            {
                continue;
            }

            foreach (var file in files)
                yield return file;
            foreach (var child in folders)
            {
                // A link may lead out of the folder or around in a circle.
                if (!SkippedFolders.Contains(Path.GetFileName(child), StringComparer.OrdinalIgnoreCase) && new DirectoryInfo(child).LinkTarget is null)
                    pending.Push(child);
            }
        }
    }

    private static void AddPackages(string file, HashSet<string> packages, ICollection<string> problems)
    {
        try
        {
            using var json = JsonDocument.Parse(File.ReadAllBytes(file));
            if (!json.RootElement.TryGetProperty("libraries", out var libraries) || !json.RootElement.TryGetProperty("targets", out var targets))
                return;
            var owned = libraries.EnumerateObject().Where(l => l.Value.TryGetProperty("type", out var t) && t.GetString() == "package").Select(l => l.Name).ToHashSet(StringComparer.Ordinal);
            foreach (var library in targets.EnumerateObject().SelectMany(t => t.Value.EnumerateObject()).Where(l => owned.Contains(l.Name)))
            {
                if (library.Value.TryGetProperty("runtime", out var runtime))
                    packages.UnionWith(runtime.EnumerateObject().Select(r => Path.GetFileName(r.Name)));
            }
        }
        catch (Exception e) when (e is JsonException or IOException or InvalidOperationException)
        {
            problems.Add($"{file}: {e.Message}");
        }
    }
}

/// <summary>Finds referenced assemblies as metadata: beside the scanned ones, in the named folders, among the packages they use, in the shared frameworks. Remembers what is missing.</summary>
internal sealed class ScanResolver : MetadataAssemblyResolver
{
    private readonly Dictionary<string, string> _paths = new(StringComparer.OrdinalIgnoreCase);
    private readonly HashSet<string> _missing = new(StringComparer.OrdinalIgnoreCase);

    public ScanResolver(IEnumerable<string> files, IEnumerable<string> references)
    {
        var chosen = files.ToList();
        foreach (var file in chosen)
            _paths.TryAdd(Path.GetFileNameWithoutExtension(file), file);
        Add(chosen.Select(f => Path.GetDirectoryName(Path.GetFullPath(f))!).Concat(references));
        foreach (var (name, file) in chosen.SelectMany(f => PackageCache.Of(f).Libraries))
            _paths.TryAdd(name, file);
        Add(SharedFrameworks.Folders);

        void Add(IEnumerable<string> folders)
        {
            foreach (var file in folders.Distinct(StringComparer.Ordinal).Where(Directory.Exists).SelectMany(folder => Directory.EnumerateFiles(folder, "*.dll")))
                _paths.TryAdd(Path.GetFileNameWithoutExtension(file), file);
        }
    }

    public IReadOnlyList<string> Missing
    {
        get
        {
            lock (_missing)
                return [.. _missing.Order(StringComparer.Ordinal)];
        }
    }

    public override Assembly? Resolve(MetadataLoadContext context, AssemblyName assemblyName)
    {
        if (_paths.TryGetValue(assemblyName.Name!, out var path))
        {
            try
            {
                // The frameworks' own are whole.
                if (!SharedFrameworks.Folders.Contains(Path.GetDirectoryName(path)!))
                    MetadataCircles.Check(path);
                return context.LoadFromAssemblyPath(path);
            }
            catch (Exception e) when (e is BadImageFormatException or FileLoadException or IOException or UnauthorizedAccessException)
            {
                // Reported as missing below: it is there, but no assembly.
            }
        }

        lock (_missing)
            _missing.Add($"{assemblyName.Name} {assemblyName.Version}");
        return null;
    }
}
