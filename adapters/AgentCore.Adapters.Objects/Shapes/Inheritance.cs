using System.Reflection;

namespace AgentCore.Adapters.Objects.Shapes;

/// <summary>Walks bases and interfaces without failing on those whose assembly is missing.</summary>
internal static class Inheritance
{
    /// <summary>An assembly or a type that a reference names is not there.</summary>
    public static bool IsMissing(Exception e) =>
        e is FileNotFoundException or FileLoadException or TypeLoadException or BadImageFormatException or ReflectionTypeLoadException;

    public static Type? Base(Type type, ICollection<string>? problems = null)
    {
        try
        {
            return type.BaseType;
        }
        catch (Exception e) when (IsMissing(e))
        {
            problems?.Add($"the base class of {type.Name}: {FirstLine(e)}");
            return null;
        }
    }

    public static IEnumerable<Type> Bases(Type type, ICollection<string>? problems = null)
    {
        for (var t = Base(type, problems); t is not null; t = Base(t, problems))
            yield return t;
    }

    public static Type[] Interfaces(Type type, ICollection<string>? problems = null)
    {
        try
        {
            return type.GetInterfaces();
        }
        catch (Exception e) when (IsMissing(e))
        {
            problems?.Add($"the interfaces of {type.Name}: {FirstLine(e)}");
            return [];
        }
    }

    public static bool IsValueType(Type type)
    {
        try
        {
            return type.IsValueType;
        }
        catch (Exception e) when (IsMissing(e))
        {
            // A structure's base is never missing.
            return false;
        }
    }

    public static bool Derives(Type type, string fullName) => Bases(type).Any(b => TypeText.Is(b, fullName));

    public static bool Implements(Type type, string fullName) =>
        TypeText.Is(type, fullName) || Interfaces(type).Any(i => TypeText.Is(i, fullName));

    /// <summary>T of the IEnumerable&lt;T&gt; that the type is or implements.</summary>
    public static Type? ElementOf(Type type)
    {
        if (type.IsArray)
            return type.GetElementType();
        var sequence = TypeText.Is(type, "System.Collections.Generic.IEnumerable`1")
            ? type
            : Interfaces(type).FirstOrDefault(i => TypeText.Is(i, "System.Collections.Generic.IEnumerable`1"));
        return sequence?.GetGenericArguments()[0];
    }

    public static string FirstLine(Exception e)
    {
        if (e is FileNotFoundException { FileName: { Length: > 0 } file })
            return $"it needs {file.Split(',')[0]}, which is missing";
        var message = e is ReflectionTypeLoadException { LoaderExceptions: [{ } first, ..] } ? first.Message : e.Message;
        var end = message.IndexOfAny(['\r', '\n']);
        return end < 0 ? message : message[..end];
    }
}
