using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using AgentCore.Adapters.Objects;
using AgentCore.Adapters.Objects.Migration;
using AgentCore.Adapters.Processes;

namespace AgentCore.Runner.Migration;

/// <summary>Bindings of Python agents as files: <c>agents/NAME.yaml</c> with <c>kind: python</c>.</summary>
/// <param name="workspace">The workspace's folder.</param>
/// <param name="interpreter">The interpreter that they are to run with; null for the one in PATH, or that of their environment.</param>
internal sealed class PythonBindings(string workspace, string? interpreter)
{
    // A JSON text is a YAML text in quotes.
    private static readonly JsonSerializerOptions Quoted = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly string _workspace = Path.GetFullPath(workspace);

    public string Folder { get; } = Path.Combine(Path.GetFullPath(workspace), "agents");

    /// <summary>The file of an agent's binding.</summary>
    public string FileOf(string name) => Path.Combine(Folder, string.Concat(name.Select(c => char.IsLetterOrDigit(c) || c is '-' or '_' or '.' ? c : '-')) + ".yaml");

    /// <summary>The files of all Python agents.</summary>
    public IReadOnlyList<string> All => !Directory.Exists(Folder)
        ? []
        : [.. Directory.EnumerateFiles(Folder, "*.yaml").Where(f => File.ReadLines(f).Any(l => l.Trim() == "kind: python")).Order(StringComparer.Ordinal)];

    /// <summary>How much it took to wrap an agent, as its file says.</summary>
    public AgentClass ClassOf(string name) => File.ReadLines(FileOf(name)).FirstOrDefault(l => l.StartsWith("class: ", StringComparison.Ordinal)) is { } line
        && Enum.TryParse<AgentClass>(line["class: ".Length..].Trim(), out var grade) ? grade : AgentClass.C;

    /// <summary>Writes a binding; one that is there already may have been completed by hand and stays.</summary>
    /// <exception cref="InvalidOperationException">What is there is the binding of something else.</exception>
    public string Write(ScannedAgent agent, PythonFound python, bool overwrite)
    {
        var file = FileOf(agent.Name);
        if (File.Exists(file) && !overwrite)
        {
            return File.ReadLines(file).Any(l => l.Trim() == Target(python))
                ? file
                : throw new InvalidOperationException($"{file} is there already and is not of {python.Target}; rename it, or write over it with --overwrite");
        }

        Directory.CreateDirectory(Folder);
        var next = file + ".new";
        File.WriteAllText(next, Text(agent, python));
        File.Move(next, file, overwrite: true);
        return file;
    }

    private string Text(ScannedAgent agent, PythonFound python)
    {
        var text = new StringBuilder();
        text.Append("kind: python\n");
        Line("name", agent.Name);
        text.Append(Target(python)).Append('\n');
        Line("class", python.Class);
        Line("why", python.Why);
        if (python.Method is { } method && python.Target.Split(':')[^1] is var path && method.Split('(')[0] is var name && !path.EndsWith(name, StringComparison.Ordinal))
            Line("method", name);
        var data = python.Arguments.Where(a => a.From.StartsWith("data.", StringComparison.Ordinal)).ToList();
        if (data.Count > 0)
            text.Append("bind: { ").AppendJoin(", ", data.Select(a => $"{a.Name}: {a.From}")).Append(" }\n");
        if (agent.Binding.Gaps is { Count: > 0 } gaps)
            text.Append("gaps:\n").AppendJoin("", gaps.Select(g => $"- {Quote(g.ToString())}\n"));
        Line("workingDirectory", Place(python.Root));
        text.Append("searchPath: [").AppendJoin(", ", python.SearchPath.Select(p => Quote(Relative(python.Root, p)))).Append("]\n");
        if (interpreter is not null)
            Line("interpreter", interpreter.AsSpan().IndexOfAny('/', '\\') < 0 ? interpreter : Place(Path.GetFullPath(interpreter)));
        else if (python.Environment is { } environment)
            Line("virtualEnvironment", Place(environment));
        return text.ToString();

        void Line(string field, string value) => text.Append(field).Append(": ").Append(Quote(value)).Append('\n');
    }

    private static string Target(PythonFound python) => $"target: {Quote(python.Target)}";

    private static string Relative(string root, string path)
    {
        var relative = Path.GetRelativePath(root, path).Replace('\\', '/');
        return relative.StartsWith("../../..", StringComparison.Ordinal) ? path : relative;
    }

    /// <summary>A path as the file has it: relative inside the workspace, whole outside.</summary>
    private string Place(string path) => path == _workspace || path.StartsWith(_workspace + Path.DirectorySeparatorChar, StringComparison.Ordinal)
        ? Path.GetRelativePath(Folder, path).Replace('\\', '/')
        : path;

    private static string Quote(string text) =>
        text.Length > 0 && text.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '-' or '/' or '.') && char.IsAsciiLetter(text[0]) && text is not ("true" or "false" or "null" or "yes" or "no" or "on" or "off")
            ? text
            : JsonSerializer.Serialize(text, Quoted);
}
