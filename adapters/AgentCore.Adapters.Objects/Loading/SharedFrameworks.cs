using System.Reflection;
using System.Runtime.Loader;

namespace AgentCore.Adapters.Objects.Loading;

/// <summary>
/// The frameworks that are installed beside .NET's own, such as ASP.NET Core. A web project's output doesn't hold their libraries, and this process is none
/// of a web project, so its runtime doesn't look there.
/// </summary>
internal static class SharedFrameworks
{
    private static readonly FrameworkContext Context = new();

    /// <summary>Where their libraries lie: the running one's own folder first, then of each other the version that goes with it.</summary>
    public static IReadOnlyList<string> Folders { get; } = [.. Find(Path.GetDirectoryName(typeof(object).Assembly.Location)!)];

    /// <summary>A library of theirs, the same for all agents; none where they have none of that name, or an older one.</summary>
    public static Assembly? Load(AssemblyName wanted)
    {
        var file = Folders.Skip(1).Select(folder => Path.Combine(folder, wanted.Name + ".dll")).FirstOrDefault(File.Exists);
        return file is null || AssemblyName.GetAssemblyName(file).Version < wanted.Version ? null : Context.LoadFromAssemblyPath(file);
    }

    /// <summary>The folders for a runtime whose folder is <c>shared/Microsoft.NETCore.App/VERSION</c>.</summary>
    internal static IEnumerable<string> Find(string runtime)
    {
        yield return runtime;
        if (Path.GetDirectoryName(runtime) is not { } own || Path.GetDirectoryName(own) is not { } shared || VersionOf(runtime) is not { } version)
            yield break;
        foreach (var family in Directory.EnumerateDirectories(shared).Where(folder => folder != own).Order(StringComparer.Ordinal))
        {
            // An older one is of use for reading; a newer one may ask for a runtime that isn't this.
            var fitting = Directory.EnumerateDirectories(family)
                .Where(folder => VersionOf(folder)?.Major <= version.Major)
                .MaxBy(VersionOf);
            if (fitting is not null)
                yield return fitting;
        }
    }

    private static Version? VersionOf(string folder) => Version.TryParse(Path.GetFileName(folder).Split('-')[0], out var version) ? version : null;

    private sealed class FrameworkContext() : AssemblyLoadContext("shared frameworks")
    {
        // What the host has goes first, as it does for agents: a logger is a logger on both sides.
        protected override Assembly? Load(AssemblyName assemblyName) => AgentAssemblies.OfHost(assemblyName, assemblyName.Version) ?? SharedFrameworks.Load(assemblyName);
    }
}
