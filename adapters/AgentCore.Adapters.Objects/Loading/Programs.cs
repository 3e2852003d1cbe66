using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;

namespace AgentCore.Adapters.Objects.Loading;

/// <summary>Tells programs from libraries by their files. Nothing of them is loaded.</summary>
internal static class Programs
{
    // Where the classes are that build a host; its contracts alone are in many libraries.
    private static readonly string[] Hosts = ["Microsoft.Extensions.Hosting", "Microsoft.AspNetCore"];

    /// <summary>The programs beside the assemblies, or among them, that build a host of their own which can give services.</summary>
    public static IReadOnlyList<string> WithHost(IEnumerable<string> assemblies) =>
    [
        .. assemblies.Select(a => Path.GetDirectoryName(Path.GetFullPath(a))!).Distinct(StringComparer.Ordinal).Where(Directory.Exists)
            .SelectMany(folder => Directory.EnumerateFiles(folder, "*.runtimeconfig.json")).Order(StringComparer.Ordinal)
            .Select(file => file[..^".runtimeconfig.json".Length] + ".dll")
            .Where(program => Read(program) is { IsProgram: true, HasHost: true, HasWebHost: false }),
    ];

    /// <summary>Whether a file is an assembly with an entry point.</summary>
    public static bool IsProgram(string path) => Read(path) is { IsProgram: true };

    /// <summary>Whether a program names the builder of hosts that came before the generic one: WebHost.CreateDefaultBuilder, new WebHostBuilder().</summary>
    public static bool BuildsWebHost(string path) => Read(path) is { HasWebHost: true };

    private static (bool IsProgram, bool HasHost, bool HasWebHost)? Read(string path)
    {
        try
        {
            using var file = new PEReader(File.OpenRead(path));
            if (!file.HasMetadata)
                return null;
            var metadata = file.GetMetadataReader();
            return (
                file.PEHeaders.CorHeader is { EntryPointTokenOrRelativeVirtualAddress: not 0 },
                metadata.AssemblyReferences.Any(handle => Array.IndexOf(Hosts, metadata.GetString(metadata.GetAssemblyReference(handle).Name)) >= 0),
                metadata.TypeReferences.Select(metadata.GetTypeReference).Any(type => (metadata.GetString(type.Namespace), metadata.GetString(type.Name)) is ("Microsoft.AspNetCore", "WebHost") or ("Microsoft.AspNetCore.Hosting", "WebHostBuilder")));
        }
        catch (Exception e) when (e is BadImageFormatException or IOException or UnauthorizedAccessException or InvalidOperationException)
        {
            return null;
        }
    }
}
