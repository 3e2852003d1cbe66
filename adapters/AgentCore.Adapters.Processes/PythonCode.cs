using System.Globalization;
using System.Text;
using System.Text.Json;

namespace AgentCore.Adapters.Processes;

/// <summary>The Python code that ships with this assembly, and how an interpreter gets it: over standard input, ahead of all else. There is no file
/// that someone could change in between.</summary>
internal static class PythonCode
{
    // Python has the current folder first among those it imports from, and that may be a stranger's.
    private const string Bootstrap =
        "import sys; sys.path[:] = filter(None, sys.path); at_start = set(sys.modules)\n"
        + "import json; i = sys.stdin.buffer.raw; n = int(b''.join(iter(lambda: i.read(1), b'\\n'))); b = b''\n"
        + "while len(b) < n:\n    c = i.read(n - len(b))\n    b += c or sys.exit('no bridge')\n"
        + "for name, code in json.loads(b.decode('utf-8')):\n"
        + "    m = type(sys)(name); sys.modules.setdefault(name, m)\n"
        + "    exec(compile(code, 'agentcore_bridge', 'exec'), m.__dict__ if name != '__main__' else {'__name__': name})";

    // Each imports only what stands before it.
    private static readonly string[] Shared = [
        "agentcore_names", "agentcore_rank", "agentcore_context", "agentcore_secrets", "agentcore_results", "agentcore_types", "agentcore_errors", "agentcore_values",
        "agentcore_bind", "agentcore_streams", "agentcore_load", "agentcore_call",
    ];

    /// <summary>The interpreter's arguments.</summary>
    public static IReadOnlyList<string> Arguments { get; } = ["-u", "-c", Bootstrap];

    /// <summary>Serves tasks over JSON lines.</summary>
    public static ReadOnlyMemory<byte> Bridge { get; } = Pack(Shared, "bridge");

    /// <summary>Finds agents in source text, and runs none of it.</summary>
    public static string Scan { get; } = Encoding.ASCII.GetString(Pack(["agentcore_names", "agentcore_rank", "agentcore_secrets", "agentcore_results", "agentcore_source", "agentcore_syntax", "agentcore_plan"], "agentcore_scan"));

    /// <summary>Calls an agent once, with no agent around it.</summary>
    public static string Direct { get; } = Encoding.ASCII.GetString(Pack(Shared, "agentcore_direct"));

    private static byte[] Pack(IEnumerable<string> modules, string main)
    {
        var code = modules.Select(m => new[] { m, Read(m) }).Append(["__main__", Read(main)]);
        var bytes = JsonSerializer.SerializeToUtf8Bytes(code);
        return [.. Encoding.ASCII.GetBytes(bytes.Length.ToString(CultureInfo.InvariantCulture) + "\n"), .. bytes];
    }

    private static string Read(string module)
    {
        using var stream = typeof(PythonCode).Assembly.GetManifestResourceStream(module + ".py")!;
        using var reader = new StreamReader(stream, Encoding.UTF8);
        return reader.ReadToEnd();
    }
}
