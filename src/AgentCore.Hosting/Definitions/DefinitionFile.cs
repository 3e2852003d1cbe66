using System.Reflection;
using System.Security.Cryptography;
using System.Text;

namespace AgentCore.Hosting.Definitions;

/// <summary>A definition file's text, from the workspace or built in.</summary>
/// <param name="Shown">How it is named to people.</param>
/// <param name="Name">The name that it gives what it defines, unless it says another.</param>
/// <param name="Text">Its text.</param>
/// <param name="Folder">The folder that relative paths in it start from.</param>
/// <param name="IsBuiltIn">Whether it is part of this library.</param>
internal sealed record DefinitionFile(string Shown, string Name, string Text, string Folder, bool IsBuiltIn)
{
    /// <summary>A hash of the text, the same whatever its line ends are.</summary>
    public string Hash => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Text.ReplaceLineEndings("\n"))))[..16];

    /// <summary>The name of what it defines, as far as can be told where it has errors.</summary>
    public string NameSaid => YamlTree.Read(Shown, Text, []) is YamlMap map && map.Entries.FirstOrDefault(e => e.Key.Text == "name").Value is YamlScalar { Text: { Length: > 0 } name }
        ? name
        : Name;

    /// <summary>The files of a folder of the workspace, in the order of their names.</summary>
    public static IEnumerable<DefinitionFile> In(string workspace, string folder, List<DefinitionError> errors)
    {
        var full = Path.Combine(workspace, folder);
        if (!Directory.Exists(full))
            yield break;

        foreach (var path in Entries(full, folder, errors).Where(IsYaml).Order(StringComparer.Ordinal))
        {
            var shown = $"{folder}/{Path.GetFileName(path)}";
            if (ReadText(path, shown, errors) is { } text)
                yield return new DefinitionFile(shown, Path.GetFileNameWithoutExtension(path), text, full, false);
        }
    }

    /// <summary>The files that are built in.</summary>
    public static IEnumerable<DefinitionFile> BuiltIn(string folder, string workspace)
    {
        var assembly = Assembly.GetExecutingAssembly();
        var prefix = $"BuiltIn/{folder}/";
        foreach (var name in assembly.GetManifestResourceNames().Where(n => n.StartsWith(prefix, StringComparison.Ordinal)).Order(StringComparer.Ordinal))
        {
            using var reader = new StreamReader(assembly.GetManifestResourceStream(name)!, Encoding.UTF8);
            yield return new DefinitionFile($"built-in {folder}/{name[prefix.Length..]}", Path.GetFileNameWithoutExtension(name), reader.ReadToEnd(), workspace, true);
        }
    }

    /// <summary>A file's text; null where it can't be read, which is an error.</summary>
    public static string? ReadText(string path, string shown, List<DefinitionError> errors)
    {
        if (Directory.Exists(path))
        {
            errors.Add(new DefinitionError(shown, 0, 0, "", "it is a folder; a definition is a file."));
            return null;
        }

        try
        {
            return File.ReadAllText(path, new UTF8Encoding(false, throwOnInvalidBytes: true));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or DecoderFallbackException)
        {
            errors.Add(new DefinitionError(shown, 0, 0, "", e is DecoderFallbackException ? "it is not UTF-8; save it as UTF-8." : $"it can't be read: {e.Message}"));
            return null;
        }
    }

    private static string[] Entries(string full, string folder, List<DefinitionError> errors)
    {
        try
        {
            return Directory.GetFileSystemEntries(full);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            errors.Add(new DefinitionError($"{folder}/", 0, 0, "", $"the folder can't be read: {e.Message} Give this user the right to read it."));
            return [];
        }
    }

    private static bool IsYaml(string path) =>
        Path.GetExtension(path) is ".yaml" or ".yml" && !Path.GetFileName(path).StartsWith('.');
}
