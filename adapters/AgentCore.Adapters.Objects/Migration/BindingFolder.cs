using System.Text.Encodings.Web;
using System.Text.Json;
using AgentCore.Adapters.Objects.Bindings;

namespace AgentCore.Adapters.Objects.Migration;

/// <summary>The bindings of a workspace, as files: <c>agents/NAME.yaml</c>.</summary>
internal sealed class BindingFolder(string workspace)
{
    private static readonly StringComparison Paths = OperatingSystem.IsWindows() ? StringComparison.OrdinalIgnoreCase : StringComparison.Ordinal;

    // A text in JSON is one in YAML.
    private static readonly JsonSerializerOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly string _workspace = Path.GetFullPath(workspace);

    /// <summary>The folder.</summary>
    public string Folder { get; } = Path.Combine(Path.GetFullPath(workspace), "agents");

    /// <summary>The files of all bindings.</summary>
    public List<string> All => !Directory.Exists(Folder)
        ? []
        : [.. Directory.EnumerateFiles(Folder, "*.yaml").Where(IsBinding).Order(StringComparer.Ordinal)];

    /// <summary>The file of an agent's binding.</summary>
    public string FileOf(string name) => Path.Combine(Folder, SafeName(name) + ".yaml");

    /// <summary>Whether an agent's file is there and is that of another agent: another class, or none at all.</summary>
    public bool IsOthers(string name, ScannedAgent agent)
    {
        var file = FileOf(name);
        if (agent.Class == AgentClass.E || agent.Assembly is null || !File.Exists(file))
            return false;
        if (!IsBinding(file))
            return true;
        // A file that a person wrote wrongly is told where it is read.
        return TryRead(file) is { } there
            && (there.Type != agent.Type || !string.Equals(Path.GetFileName(there.Assembly), Path.GetFileName(agent.Assembly), Paths));
    }

    /// <summary>Writes an agent's binding.</summary>
    public void Write(ScannedAgent agent)
    {
        var file = FileOf(agent.Name);
        var next = file + ".new";
        File.WriteAllText(next, TextOf(agent.Binding, agent.Assembly!));
        File.Move(next, file, overwrite: true);
    }

    /// <summary>A binding as its file has it.</summary>
    public string TextOf(ObjectBinding binding, string assembly) => BindingFile.Write(binding with
    {
        Assembly = Relative(Path.GetFullPath(assembly)),
        Services = binding.Services is { } program ? Relative(Path.GetFullPath(program)) : null,
    });

    /// <summary>Says in a binding's file where its services come from, and leaves the rest as a person has it.</summary>
    public void AddServices(string file, string program)
    {
        var text = File.ReadAllText(file);
        File.WriteAllText(file, $"{text}{(text.EndsWith('\n') ? "" : "\n")}services: {JsonSerializer.Serialize(Relative(Path.GetFullPath(program)), Plain)}\n");
    }

    /// <summary>A binding; null where its file is wrong.</summary>
    public static ObjectBinding? TryRead(string file)
    {
        try
        {
            return BindingFile.Read(file);
        }
        catch (Exception e) when (e is ArgumentException or IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>Whether two paths are those of the same file.</summary>
    public static bool IsSame(string one, string other) => string.Equals(Path.GetFullPath(one), Path.GetFullPath(other), Paths);

    private static bool IsBinding(string file) => File.ReadLines(file).Any(l => l.Trim() == $"kind: {BindingFile.Kind}");

    private string Relative(string assembly) => assembly.StartsWith(_workspace + Path.DirectorySeparatorChar, StringComparison.Ordinal)
        ? Path.GetRelativePath(Folder, assembly).Replace('\\', '/')
        : assembly;

    private static string SafeName(string name) =>
        string.Concat(name.Select(c => char.IsLetterOrDigit(c) || c is '-' or '_' or '.' ? c : '-')).TrimStart('.') is { Length: > 0 } safe ? safe : "agent";
}
