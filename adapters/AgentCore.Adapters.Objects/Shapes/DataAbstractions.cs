using System.Reflection;
using AgentCore.Adapters.Objects.Bindings;
using AgentCore.Adapters.Objects.Calls;

namespace AgentCore.Adapters.Objects.Shapes;

/// <summary>Tells an interface or abstract class that stands for data (a percept, a move, a request) from one that stands for a service.</summary>
internal static class DataAbstractions
{
    private static readonly string[] Services =
    [
        "Service", "Client", "Provider", "Factory", "Repository", "Store", "Storage", "Manager", "Handler", "Logger", "Bus", "Registry", "Dispatcher",
        "Strategy", "Policy", "Sink", "Router", "Middleware", "Builder", "Resolver", "Adapter", "Agent", "Bot", "Tool", "Plugin", "Listener", "Publisher",
        "Subscriber", "Scheduler", "Notifier", "Model", "Formatter", "Parser", "Validator", "Converter", "Reader", "Writer", "Generator", "Evaluator",
        "Visitor", "Observer", "MessageBoard", "Cache", "Console", "Gateway", "Api", "Configuration", "Proxy", "Ref", "Actor", "Grain", "Callback", "Container",
    ];

    private const int LeastDoings = 3;

    /// <summary>Something in the assembly can be made of data and stands for it.</summary>
    public static bool Is(Type type)
    {
        var name = TypeText.Simple(type);
        if (type.IsGenericType || ShapeReader.IsFramework(type) || Array.Exists(Services, s => name.EndsWith(s, StringComparison.Ordinal)))
            return false;
        try
        {
            return !Works(type) && Implementers.Within(type.Assembly).Of(type).Any(HoldsData);
        }
        catch (Exception e) when (Inheritance.IsMissing(e))
        {
            return false;
        }
    }

    /// <summary>A class with properties of plain data and nothing to call.</summary>
    public static bool IsDataOnly(Type type)
    {
        try
        {
            var properties = type.GetProperties(BindingFlags.Public | BindingFlags.Instance);
            return !type.IsAbstract && !type.IsInterface && properties.Length > 0 && properties.All(p => IsPlain(p.PropertyType))
                && type.GetMethods(BindingFlags.Public | BindingFlags.Instance | BindingFlags.DeclaredOnly).All(m => m.IsSpecialName || m.IsVirtual || m.Name is "<Clone>$" or "Deconstruct");
        }
        catch (Exception e) when (Inheritance.IsMissing(e))
        {
            return false;
        }
    }

    /// <summary>A board that keeps its grid to itself: made anew it is blank, and nothing that data tells can set it, or next to nothing.</summary>
    public static bool IsClosed(Type type)
    {
        try
        {
            return type.IsClass && type.Namespace?.StartsWith("System", StringComparison.Ordinal) != true && !ShapeReader.IsFramework(type)
                && type.GetFields(BindingFlags.Instance | BindingFlags.NonPublic).Length > 0 && (!ObjectMaker.Settable(type).Any() || IsLive(type))
                && !Array.Exists(type.GetMembers(BindingFlags.Public | BindingFlags.Static | BindingFlags.DeclaredOnly), m => Gives(m, type));
        }
        catch (Exception e) when (Inheritance.IsMissing(e))
        {
            return false;
        }
    }

    /// <summary>It does things of its own accord, and most of what it is it keeps to itself: a game that goes on.</summary>
    private static bool IsLive(Type type)
    {
        const BindingFlags Declared = BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.DeclaredOnly;
        var own = Inheritance.Bases(type).Prepend(type).TakeWhile(t => !ShapeReader.IsFramework(t) && !TypeText.Is(t, "System.Object")).ToList();
        if (own.SelectMany(t => t.GetMethods(Declared)).Count(IsDoing) < LeastDoings || Inheritance.Interfaces(type).Any(i => i.Namespace == "Google.Protobuf"))
            return false;
        var properties = own.SelectMany(t => t.GetProperties(Declared)).Where(p => p.GetMethod is { IsPublic: true }).ToList();
        var fields = own.SelectMany(t => t.GetFields(Declared)).Where(f => !f.Name.StartsWith('<') && f.DeclaringType!.GetEvent(f.Name, Declared) is null).ToList();
        var settable = properties.Where(p => p.SetMethod is { IsPublic: true }).ToList();
        // What a property of the class keeps in a field that somebody wrote for it is no content of its own.
        var kept = fields.Count(f => !f.IsPublic) - settable.Count(p => p.DeclaringType!.GetField($"<{p.Name}>k__BackingField", Declared) is null);
        var (told, given) = (properties.Count - settable.Count, settable.Count + fields.Count(f => f.IsPublic));
        return (kept >= 1 || told >= LeastDoings) && given <= 2 * (kept + told) && !(kept == 1 && told == 0 && given > 1);
    }

    private static bool IsDoing(MethodInfo m) => m is { IsPublic: true, IsSpecialName: false } && m.Name is not ("ToString" or "Equals" or "GetHashCode" or "<Clone>$" or "PrintMembers" or "Clone" or "Deconstruct" or "CompareTo" or "Dispose");

    /// <summary>One that is there by name, or read from a text.</summary>
    private static bool Gives(MemberInfo member, Type type) => member switch
    {
        MethodInfo m => m.ReturnType == type,
        PropertyInfo p => p.PropertyType == type,
        FieldInfo f => f.FieldType == type,
        _ => false,
    };

    /// <summary>Data answers at once; what must be awaited does work.</summary>
    private static bool Works(Type type) => type.GetMethods(BindingFlags.Public | BindingFlags.Instance).Any(m => ReturnKinds.Of(m.ReturnType) is var r
        && (r.Wrapper != ResultWrapper.None || r.Kind is ResultKind.AsyncStream or ResultKind.Observable));

    private static bool HoldsData(Type type) =>
        type.GetConstructors().Any(c => c.GetParameters().All(p => IsPlain(p.ParameterType))) || (Inheritance.IsValueType(type) && type.GetConstructors().Length == 0);

    private static bool IsPlain(Type type) =>
        type.IsPrimitive || type.IsEnum || type.IsArray || TypeText.FullName(type) is "System.String" or "System.Nullable`1" or "System.Decimal" or "System.Guid" or "System.DateTime" or "System.DateTimeOffset"
        || (type.IsGenericType && TypeText.FullName(type)!.StartsWith("System.Collections.", StringComparison.Ordinal));
}
