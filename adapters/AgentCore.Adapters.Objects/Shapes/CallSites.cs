using System.Reflection;
using System.Runtime.CompilerServices;

namespace AgentCore.Adapters.Objects.Shapes;

/// <summary>
/// Which methods of an assembly's classes other classes call: those of the assembly itself, and of the assemblies beside it that use it. What a program
/// asks its agent by is the method that executes it. Reads the code's bytes; nothing is loaded or run.
/// </summary>
internal sealed class CallSites
{
    private const int MaxNeighbours = 500;

    private static readonly ConditionalWeakTable<Assembly, CallSites> Known = [];

    // Kept, though not all of it is asked: the folder's next assembly needn't read it again.
    private readonly FileCalls[] _folder;
    private readonly FileCalls[] _files;
    private FamilyCode? _family;

    private CallSites(Assembly assembly)
    {
        var file = assembly.Location;
        _folder = file.Length == 0 ? [] : [FileCalls.Of(file), .. Neighbours(file).Select(FileCalls.Of)];
        var name = assembly.GetName().Name ?? Path.GetFileNameWithoutExtension(file);
        _files = [.. _folder.Take(1), .. _folder.Skip(1).Where(neighbour => neighbour.Uses(name))];
    }

    public static CallSites Of(Assembly assembly) => Known.GetValue(assembly, static a => new CallSites(a));

    /// <summary>There is code to read: a program in a single file has none.</summary>
    public bool HasCode => _files.Length > 0;

    /// <summary>Some other class calls it.</summary>
    public static bool IsCalled(AgentShape shape, MethodShape m) => shape.Type is { } type && Of(type.Assembly).Callers(type, m) > 0;

    /// <summary>How many classes outside of the type's family (its bases, its interfaces, the classes within it) call the method.</summary>
    public int Callers(Type type, MethodShape method)
    {
        var family = Inheritance.Bases(type).Concat(Inheritance.Interfaces(type)).Prepend(type).Select(NameOf).OfType<string>().ToHashSet(StringComparer.Ordinal);
        return family.Select(member => new Callee(member, method.Name, method.Parameters.Count))
            .SelectMany(callee => _files.SelectMany(file => file.Callers(callee)))
            .Where(caller => !Outer(caller).Any(family.Contains)).Distinct(StringComparer.Ordinal).Count();
    }

    /// <summary>The class, and those that it lies in.</summary>
    private static IEnumerable<string> Outer(string type)
    {
        for (var end = type.Length; end > 0; end = type.LastIndexOf('+', end - 1))
            yield return type[..end];
    }

    /// <summary>The names of the methods of the same class that call it.</summary>
    public IEnumerable<string> OwnCallers(Type type, MethodShape method) =>
        Family(type).SelectMany(methods => methods).Where(own => own.Key != method.Name && own.Value.Has(method.Name, method.Parameters.Count)).Select(own => own.Key);

    /// <summary>How long the code of the class's methods of that name is, in bytes.</summary>
    public int Size(Type type, string method) => Family(type).Sum(methods => methods.GetValueOrDefault(method)?.Size ?? 0);

    /// <summary>All code of the class that is behind a method of it, its own with it.</summary>
    public IEnumerable<MethodCode> Behind(Type type, string method)
    {
        var family = Family(type);
        var todo = new Queue<string>([method]);
        var seen = new HashSet<string>(todo, StringComparer.Ordinal);
        while (todo.TryDequeue(out var name))
        {
            foreach (var code in family.Select(methods => methods.GetValueOrDefault(name)).OfType<MethodCode>())
            {
                yield return code;
                foreach (var called in code.Calls.Where(seen.Add))
                    todo.Enqueue(called);
            }
        }
    }

    /// <summary>The methods of the class and of its bases, as far as these lie beside it.</summary>
    private IReadOnlyDictionary<string, MethodCode>[] Family(Type type)
    {
        if (_family is { } known && known.Type == type)
            return known.Methods;
        var methods = Inheritance.Bases(type).Prepend(type).Select(member => NameOf(member) is { } name ? FileOf(member)?.MethodsOf(name) : null).OfType<IReadOnlyDictionary<string, MethodCode>>().Where(m => m.Count > 0).ToArray();
        _family = new(type, methods);
        return methods;
    }

    private FileCalls? FileOf(Type type) => Array.Find(_folder, file => file.IsAt(type.Assembly.Location));

    /// <summary>What the method does; nothing, or it refuses, where an interface has it and the class has no use for it.</summary>
    public Doing Does(MethodShape method) => method.Source?.DeclaringType is not { } owner || NameOf(owner) is not { } name
        ? Doing.Something
        : _files.Select(file => (Doing)Math.Max((int)file.Does(name, method.Name, method.Parameters.Count), (int)(method.Return.Wrapper == ResultWrapper.None ? Doing.Something : file.Does(name, method.Name, null)))).DefaultIfEmpty().Max();

    /// <summary>The last one asked for: a class's methods are looked at one after the other.</summary>
    private sealed record FamilyCode(Type Type, IReadOnlyDictionary<string, MethodCode>[] Methods);

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
}
