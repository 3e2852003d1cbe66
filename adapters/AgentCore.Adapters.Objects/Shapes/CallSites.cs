using System.Reflection;
using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;
using System.Runtime.CompilerServices;
using AgentCore.Adapters.Objects.Migration;

namespace AgentCore.Adapters.Objects.Shapes;

/// <summary>
/// Which methods of an assembly's classes other classes call: those of the assembly itself, and of the assemblies beside it that use it. What a program
/// asks its agent by is the method that executes it. Reads the code's bytes; nothing is loaded or run.
/// </summary>
internal sealed class CallSites
{
    private const int MaxNeighbours = 500;

    private static readonly ConditionalWeakTable<Assembly, CallSites> Known = [];

    private readonly Dictionary<Callee, HashSet<string>> _callers = [];
    private readonly Dictionary<Callee, HashSet<string>> _own = [];

    private CallSites(Assembly assembly)
    {
        var file = assembly.Location;
        if (file.Length == 0)
            return;
        Read(file, uses: null);
        foreach (var neighbour in Neighbours(file))
            Read(neighbour, uses: Path.GetFileNameWithoutExtension(file));
    }

    public static CallSites Of(Assembly assembly) => Known.GetValue(assembly, static a => new CallSites(a));

    /// <summary>How many classes outside of the type's family (its bases, its interfaces, the classes within it) call the method.</summary>
    public int Callers(Type type, MethodShape method)
    {
        var family = Inheritance.Bases(type).Concat(Inheritance.Interfaces(type)).Prepend(type).Select(NameOf).OfType<string>().ToHashSet(StringComparer.Ordinal);
        return family.SelectMany(member => _callers.GetValueOrDefault(new Callee(member, method.Name, method.Parameters.Count)) ?? [])
            .Where(caller => !family.Contains(caller)).Distinct(StringComparer.Ordinal).Count();
    }

    /// <summary>The names of the methods of the same class that call it.</summary>
    public IEnumerable<string> OwnCallers(Type type, MethodShape method) => Inheritance.Bases(type).Prepend(type).Select(NameOf).OfType<string>()
        .SelectMany(owner => _own.GetValueOrDefault(new Callee(owner, method.Name, method.Parameters.Count)) ?? []).Where(by => by != method.Name);

    private static string[] Neighbours(string file)
    {
        try
        {
            return [.. Directory.EnumerateFiles(Path.GetDirectoryName(file)!, "*.dll").Where(f => f != file).Order(StringComparer.Ordinal).Take(MaxNeighbours)];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }

    private static string? NameOf(Type type)
    {
        try
        {
            return (type is { IsGenericType: true, IsGenericTypeDefinition: false } ? type.GetGenericTypeDefinition() : type).FullName;
        }
        catch (Exception e) when (Inheritance.IsMissing(e))
        {
            return null;
        }
    }

    private void Read(string file, string? uses)
    {
        try
        {
            using var image = new PEReader(File.OpenRead(file));
            if (!image.HasMetadata)
                return;
            var metadata = image.GetMetadataReader();
            if (uses is not null && !metadata.AssemblyReferences.Any(r => metadata.StringComparer.Equals(metadata.GetAssemblyReference(r).Name, uses)))
                return;
            MetadataCircles.Check(file);
            foreach (var call in new CallReader(image, metadata).Read())
            {
                if (call.OfItsOwn)
                    Add(_own, call.Callee, call.Method);
                else
                    Add(_callers, call.Callee, call.Type);
            }
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            // No assembly, or a damaged one: what a reader of such a file comes upon is open. Without it the names alone say what executes an agent.
        }
    }

    private static void Add(Dictionary<Callee, HashSet<string>> all, Callee callee, string by)
    {
        if (!all.TryGetValue(callee, out var known))
            all[callee] = known = new HashSet<string>(StringComparer.Ordinal);
        known.Add(by);
    }
}
