using System.Reflection;
using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;

namespace AgentCore.Hosting.Plugins;

/// <summary>What an assembly file says of itself, read without loading it, so that none of its code runs.</summary>
/// <param name="Path">The file.</param>
/// <param name="Name">The assembly's simple name.</param>
/// <param name="Version">Its version.</param>
/// <param name="IsPlugin">Whether it has the attribute of plugins.</param>
/// <param name="References">The versions of the assemblies that it was built against.</param>
internal sealed record PluginFile(string Path, string Name, Version Version, bool IsPlugin, IReadOnlyDictionary<string, Version> References)
{
    /// <summary>Reads a file.</summary>
    /// <returns>Null where it is no .NET assembly, or a damaged one.</returns>
    /// <exception cref="IOException">The file can't be read.</exception>
    /// <exception cref="UnauthorizedAccessException">This user may not read it.</exception>
    public static PluginFile? Read(string path)
    {
        using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete);
        try
        {
            using var image = new PEReader(stream);
            if (!image.HasMetadata)
                return null;

            var metadata = image.GetMetadataReader();
            if (!metadata.IsAssembly)
                return null;

            var definition = metadata.GetAssemblyDefinition();
            var references = new Dictionary<string, Version>(StringComparer.Ordinal);
            foreach (var handle in metadata.AssemblyReferences)
            {
                var reference = metadata.GetAssemblyReference(handle);
                references[metadata.GetString(reference.Name)] = reference.Version;
            }

            var isPlugin = references.ContainsKey("AgentCore") && definition.GetCustomAttributes().Any(a => IsPluginAttribute(metadata, a));
            return new PluginFile(path, metadata.GetString(definition.Name), definition.Version, isPlugin, references);
        }
        catch (Exception e) when (e is not (IOException or UnauthorizedAccessException))
        {
            // The reader meets damage with more than BadImageFormatException.
            return null;
        }
    }

    /// <summary>Why it can't be loaded beside this program's own assemblies; null where it can.</summary>
    public string? Incompatible()
    {
        foreach (var contract in PluginLoadContext.Contracts)
        {
            if (!References.TryGetValue(contract.Name!, out var wanted))
                continue;

            var here = contract.Version!;
            // Before 1.0 a minor version may break what was built for the one before it.
            var breaks = wanted.Major != here.Major || (here.Major == 0 && wanted.Minor != here.Minor);
            if (contract.Name == "AgentCore" ? breaks || wanted > here : wanted > here)
            {
                return $"it was built for {contract.Name} {wanted.ToString(3)}, and this program has {here.ToString(3)}. "
                    + $"{(wanted > here ? "Update this program" : "Update the plugin")}, or take a version of the plugin that was built for {here.ToString(2)}.";
            }
        }

        return null;
    }

    private static bool IsPluginAttribute(MetadataReader metadata, CustomAttributeHandle handle)
    {
        var constructor = metadata.GetCustomAttribute(handle).Constructor;
        if (constructor.Kind != HandleKind.MemberReference)
            return false;

        var parent = metadata.GetMemberReference((MemberReferenceHandle)constructor).Parent;
        if (parent.Kind != HandleKind.TypeReference)
            return false;

        var type = metadata.GetTypeReference((TypeReferenceHandle)parent);
        return metadata.StringComparer.Equals(type.Name, nameof(AgentCore.Plugins.AgentCorePluginAttribute))
            && metadata.StringComparer.Equals(type.Namespace, "AgentCore.Plugins");
    }
}
