using System.Reflection;
using AgentCore.Plugins;

namespace AgentCore.Hosting.Plugins;

/// <summary>Finds and loads plugins: those that the program is built with, and those in the workspace's folder.</summary>
internal static class PluginLoader
{
    /// <summary>Loads all plugins into a registry. One that can't be loaded is refused, with the reason; it stops nothing.</summary>
    public static IReadOnlyList<PluginStatus> Load(PluginRegistry registry, string workspace, bool workspacePlugins)
    {
        var found = new List<PluginStatus>();
        foreach (var path in OfProgram())
        {
            if (Read(path) is { IsPlugin: true } file)
                found.Add(Enter(registry, file, fromWorkspace: false, () => Assembly.Load(new AssemblyName(file.Name))));
        }

        if (workspacePlugins)
            LoadFolder(registry, System.IO.Path.Combine(workspace, "plugins"), found);
        return found;
    }

    /// <summary>The program's own assemblies: those that it was started with, without the framework's.</summary>
    private static IEnumerable<string> OfProgram()
    {
        var framework = System.IO.Path.GetDirectoryName(typeof(object).Assembly.Location)!;
        var trusted = AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES") as string ?? "";
        return trusted.Split(System.IO.Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
            .Where(p => !p.StartsWith(framework, StringComparison.Ordinal) && !IsShared(p))
            .Order(StringComparer.Ordinal);

        static bool IsShared(string path) => System.IO.Path.GetFileName(path) is var name
            && (name.StartsWith("System.", StringComparison.Ordinal) || name.StartsWith("Microsoft.", StringComparison.Ordinal));
    }

    private static void LoadFolder(PluginRegistry registry, string folder, List<PluginStatus> found)
    {
        List<string> paths;
        try
        {
            if (LinkToNothing(folder) is { } target)
                found.Add(new PluginStatus("plugins", "", folder, true, Nothing(folder, target)));
            if (!Directory.Exists(folder))
                return;

            paths = InFolder(folder);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            found.Add(new PluginStatus("plugins", "", folder, true, $"the folder can't be read: {e.Message} Give this user the right to read it."));
            return;
        }

        foreach (var path in paths)
            found.Add(FromWorkspace(registry, path, folder, found));
    }

    /// <summary>A plugin of the workspace is <c>plugins/NAME/NAME.dll</c> or <c>plugins/NAME.dll</c>. Links to nothing are among
    /// them: each may have been a plugin, or its folder.</summary>
    private static List<string> InFolder(string folder)
    {
        // Hidden links to nothing are how editors mark what they have open.
        var alone = Directory.EnumerateFiles(folder)
            .Where(f => f.EndsWith(".dll", StringComparison.Ordinal) || (LinkToNothing(f) is not null && !System.IO.Path.GetFileName(f).StartsWith('.')));
        var inFolders = Directory.EnumerateDirectories(folder)
            .Select(d => System.IO.Path.Combine(d, System.IO.Path.GetFileName(d) + ".dll")).Where(File.Exists);
        return [.. alone.Concat(inFolders).Order(StringComparer.Ordinal)];
    }

    private static string Nothing(string link, string target) => $"{link} is a link to '{target}', which isn't there; put it there, or remove the link.";

    private static PluginStatus FromWorkspace(PluginRegistry registry, string path, string folder, List<PluginStatus> before)
    {
        var name = path.EndsWith(".dll", StringComparison.Ordinal) ? System.IO.Path.GetFileNameWithoutExtension(path) : System.IO.Path.GetFileName(path);
        PluginStatus Refuse(string version, string reason) => new(name, version, path, true, reason);

        PluginFile? file;
        try
        {
            if (LinkToNothing(path) is { } target)
                return Refuse("", Nothing(path, target));
            if (!OperatingSystem.IsWindows() && OthersAccess.Find(path, folder) is { } open)
                return Refuse("", $"{open} may be changed by every user of this machine; take that right away (chmod o-w) before its code is run.");

            file = PluginFile.Read(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return Refuse("", $"{path} can't be read: {e.Message} Give this user the right to read it, or remove it.");
        }

        if (file is null)
            return Refuse("", $"it is no .NET assembly, or it is damaged; copy the plugin's published files to {path} again, or remove it.");
        if (!file.IsPlugin)
            return Refuse(file.Version.ToString(3), "it has no [assembly: AgentCorePlugin(typeof(…))]; only plugins belong into this folder, with their dependencies in a folder of the plugin's name.");
        if (file.Incompatible() is { } reason)
            return Refuse(file.Version.ToString(3), reason);
        if (before.FirstOrDefault(p => System.IO.Path.GetFileNameWithoutExtension(p.Path) == file.Name && p.IsLoaded) is { } loaded)
            return Refuse(file.Version.ToString(3), $"it is loaded already, from {loaded.Path}; remove one of them.");

        return Enter(registry, file, fromWorkspace: true, () => new PluginLoadContext(path).LoadFromAssemblyPath(path));
    }

    private static PluginStatus Enter(PluginRegistry registry, PluginFile file, bool fromWorkspace, Func<Assembly> load)
    {
        try
        {
            var entry = load().GetCustomAttribute<AgentCorePluginAttribute>()!.Entry;
            if (!typeof(AgentCorePlugin).IsAssignableFrom(entry))
                throw new InvalidOperationException($"its entry {entry.FullName} doesn't derive from AgentCorePlugin.");
            return Register(registry, (AgentCorePlugin)Activator.CreateInstance(entry)!, file.Path, fromWorkspace);
        }
        catch (Exception e)
        {
            var cause = e is TargetInvocationException { InnerException: { } inner } ? inner : e;
            return new PluginStatus(file.Name, file.Version.ToString(3), file.Path, fromWorkspace, $"loading it failed: {cause.Message}");
        }
    }

    private static PluginStatus Register(PluginRegistry registry, AgentCorePlugin plugin, string path, bool fromWorkspace)
    {
        var version = plugin.GetType().Assembly.GetName().Version?.ToString(3) ?? "";
        try
        {
            registry.Load(plugin);
            return new PluginStatus(plugin.Name, version, path, fromWorkspace, null);
        }
        catch (Exception e)
        {
            return new PluginStatus(plugin.Name, version, path, fromWorkspace, $"registering its parts failed: {e.Message}");
        }
    }

    private static PluginFile? Read(string path)
    {
        try
        {
            return PluginFile.Read(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private static string? LinkToNothing(string path) =>
        new FileInfo(path).LinkTarget is { } target && !Leads(path) ? target : null;

    // A link that leads to itself can't be followed.
    private static bool Leads(string link)
    {
        try
        {
            var end = OperatingSystem.IsWindows() ? File.ResolveLinkTarget(link, returnFinalTarget: true)!.FullName : LinkedPath.EndOf(link);
            return System.IO.Path.Exists(end) && new FileInfo(end).LinkTarget is null;
        }
        catch (IOException)
        {
            return false;
        }
    }
}
