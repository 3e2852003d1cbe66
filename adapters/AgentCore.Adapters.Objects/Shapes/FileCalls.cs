using System.Collections.Concurrent;
using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;
using AgentCore.Adapters.Objects.Migration;

namespace AgentCore.Adapters.Objects.Shapes;

/// <summary>
/// The calls in one file. A folder's files use each other: each is read once for all of them, its code only where it is asked for. Forgotten when nobody
/// needs it any more.
/// </summary>
internal sealed class FileCalls
{
    private static readonly ConcurrentDictionary<string, WeakReference<FileCalls>> Known = new(StringComparer.Ordinal);

    private static readonly Dictionary<string, MethodCode> None = [];

    private readonly string _file;
    private readonly long _stamp;
    private readonly HashSet<string> _references = new(StringComparer.OrdinalIgnoreCase);
    private readonly Lazy<Calls> _calls;

    private FileCalls(string file, long stamp)
    {
        (_file, _stamp) = (file, stamp);
        _calls = new Lazy<Calls>(ReadCalls);
        Read((_, metadata) => _references.UnionWith(metadata.AssemblyReferences.Select(r => metadata.GetString(metadata.GetAssemblyReference(r).Name))));
    }

    /// <summary>The file as it is now; without any calls where it is no assembly.</summary>
    public static FileCalls Of(string file)
    {
        var stamp = FileStamps.Of(file);
        if (Known.TryGetValue(file, out var weak) && weak.TryGetTarget(out var known) && known._stamp == stamp)
            return known;
        var read = new FileCalls(file, stamp);
        Known[file] = new WeakReference<FileCalls>(read);
        return read;
    }

    /// <summary>It is the file at that path.</summary>
    public bool IsAt(string path) => _file == path;

    /// <summary>It refers to the assembly of that name.</summary>
    public bool Uses(string assembly) => _references.Contains(assembly);

    /// <summary>The classes that call it and that it isn't a part of.</summary>
    public IReadOnlyCollection<string> Callers(Callee callee) => _calls.Value.Callers.GetValueOrDefault(callee) ?? [];

    /// <summary>The code of a class's methods by their names, overloads together; empty where the class isn't in the file.</summary>
    public IReadOnlyDictionary<string, MethodCode> MethodsOf(string type) => _calls.Value.Methods.GetValueOrDefault(type) ?? None;

    /// <summary>The classes that call any such.</summary>
    public IReadOnlySet<string> CallersOfAny(Func<Callee, bool> isOne) => _calls.Value.Callers.Where(call => isOne(call.Key)).SelectMany(call => call.Value).ToHashSet(StringComparer.Ordinal);

    /// <summary>What the class's methods of that name and as many parameters (null for async ones, all of the name) do: something where any does.</summary>
    public Doing Does(string type, string method, int? parameters) => _calls.Value.Does.GetValueOrDefault((type, method, parameters));

    private Calls ReadCalls()
    {
        var calls = new Calls([], [], []);
        var does = new Dictionary<(string, string, int?), Doing>();
        Read((image, metadata) =>
        {
            MetadataCircles.Check(_file);
            foreach (var body in new CallReader(image, metadata).Read())
            {
                foreach (var callee in body.Callees.Where(c => !body.Own.Contains(c)))
                    Add(calls.Callers, callee, body.Type);
                foreach (var owner in body.Owners)
                    MethodOf(calls, owner, body.Method).Add(body);
                if (body.Does is { } now)
                    does[(body.Type, body.Method, body.Parameters)] = does.TryGetValue((body.Type, body.Method, body.Parameters), out var other) && other < now ? other : now;
            }
        });
        foreach (var idle in does.Where(d => d.Value != Doing.Something))
            calls.Does.Add(idle.Key, idle.Value);
        return calls;
    }

    private void Read(Action<PEReader, MetadataReader> read)
    {
        try
        {
            using var image = new PEReader(File.OpenRead(_file));
            if (image.HasMetadata)
                read(image, image.GetMetadataReader());
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            // No assembly, or a damaged one: what a reader of such a file comes upon is open. Without it the names alone say what executes an agent.
        }
    }

    private static MethodCode MethodOf(Calls calls, string type, string method)
    {
        if (!calls.Methods.TryGetValue(type, out var methods))
            calls.Methods[type] = methods = new Dictionary<string, MethodCode>(StringComparer.Ordinal);
        if (!methods.TryGetValue(method, out var code))
            methods[method] = code = new MethodCode();
        return code;
    }

    private static void Add(Dictionary<Callee, HashSet<string>> all, Callee callee, string by)
    {
        if (!all.TryGetValue(callee, out var known))
            all[callee] = known = new HashSet<string>(StringComparer.Ordinal);
        known.Add(by);
    }

    private sealed record Calls(Dictionary<Callee, HashSet<string>> Callers, Dictionary<string, Dictionary<string, MethodCode>> Methods, Dictionary<(string Type, string Method, int? Parameters), Doing> Does);
}
