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

    private CallSites(Assembly assembly)
    {
        var file = assembly.Location;
        _folder = file.Length == 0 ? [] : [FileCalls.Of(file), .. Neighbours(file).Select(FileCalls.Of)];
        var name = assembly.GetName().Name ?? Path.GetFileNameWithoutExtension(file);
        _files = [.. _folder.Take(1), .. _folder.Skip(1).Where(neighbour => neighbour.Uses(name))];
    }

    public static CallSites Of(Assembly assembly) => Known.GetValue(assembly, static a => new CallSites(a));

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
    public IEnumerable<string> OwnCallers(Type type, MethodShape method) => Inheritance.Bases(type).Prepend(type).Select(NameOf).OfType<string>()
        .Select(owner => new Callee(owner, method.Name, method.Parameters.Count))
        .SelectMany(callee => _files.SelectMany(file => file.Own(callee))).Where(by => by != method.Name);

    /// <summary>What the method does; nothing, or it refuses, where an interface has it and the class has no use for it.</summary>
    public Doing Does(MethodShape method) => method.Source?.DeclaringType is not { } owner || NameOf(owner) is not { } name 
        ? Doing.Something
        : _files.Select(file => (Doing)Math.Max((int)file.Does(name, method.Name, method.Parameters.Count), (int)(method.Return.Wrapper == ResultWrapper.None ? Doing.Something : file.Does(name, method.Name, null)))).DefaultIfEmpty().Max();


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
