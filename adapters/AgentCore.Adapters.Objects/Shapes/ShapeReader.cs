using System.Reflection;
using AgentCore.Adapters.Objects.Migration;

namespace AgentCore.Adapters.Objects.Shapes;

/// <summary>Reads the shape of a type: loaded code or metadata alone. A part that can't be read is a problem on the shape, not a failure.</summary>
internal static class ShapeReader
{
    private const BindingFlags Declared =
        BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;

    private static readonly string[] FrameworkPrefixes =
    [
        "System.", "Microsoft.AspNetCore.", "Microsoft.Extensions.Hosting", "Microsoft.Win32", "UnityEngine", "Akka.", "Orleans",
        "Godot", "Microsoft.Bot.Builder.ActivityHandler", "MassTransit", "Stride.", "Proto.", "Windows.", "Xamarin.", "Avalonia.",
        "Microsoft.Agents.AI.Workflows.", "Microsoft.DurableTask.",
    ];

    public static AgentShape Read(Type type)
    {
        var problems = new List<string>();
        var bases = Inheritance.Bases(type, problems).ToList();
        var interfaces = Inheritance.Interfaces(type, problems);
        var methods = ReadMethods(type, bases, interfaces, problems);
        var members = new[] { type }.Concat(bases).Where(t => !IsFramework(t)).ToList();

        return new AgentShape(type.FullName ?? type.Name)
        {
            Name = TypeText.Simple(type),
            Namespace = type.Namespace,
            BaseName = bases.Count > 0 && !TypeText.Is(bases[0], "System.Object") ? TypeText.Of(bases[0]) : null,
            Bases = [.. bases.Where(b => !TypeText.Is(b, "System.Object")).Select(TypeText.Simple)],
            Interfaces = [.. interfaces.Select(TypeText.Simple).Distinct(StringComparer.Ordinal)],
            Methods = methods,
            Events = ReadEvents(members, problems),
            Properties = ReadProperties(members, problems),
            IsAbstract = type.IsAbstract && !type.IsSealed,
            IsStatic = type.IsAbstract && type.IsSealed,
            IsInterface = type.IsInterface,
            EngineDriven = bases.Any(b => b.Namespace is "UnityEngine" or "Godot"),
            HasMain = SafeMethods(type, problems).Any(m => m is { IsStatic: true, Name: "Main" }),
            GenericArity = type.IsGenericTypeDefinition ? type.GetGenericArguments().Length : 0,
            Problems = problems,
            Type = type,
        };
    }

    public static bool IsFramework(Type type)
    {
        var full = TypeText.FullName(type) ?? "";
        return Array.Exists(FrameworkPrefixes, prefix => full.StartsWith(prefix, StringComparison.Ordinal));
    }

    private static List<MethodShape> ReadMethods(Type type, List<Type> bases, Type[] interfaces, List<string> problems)
    {
        var methods = new List<MethodShape>();
        var seen = new HashSet<string>(StringComparer.Ordinal);
        var agentInterfaces = interfaces.Where(Promises).ToList();
        // What agents of this kind must have: the members of their interface, and what their base leaves open.
        var promised = agentInterfaces.SelectMany(i => Names(i, problems))
            .Concat(bases.Where(b => !IsFramework(b) && Promises(b)).SelectMany(b => SafeMethods(b, problems).Where(m => m.IsAbstract).Select(m => m.Name)))
            .ToHashSet(StringComparer.Ordinal);

        var depth = 0;
        foreach (var level in new[] { type }.Concat(bases))
        {
            AddLevel(level, depth++);
            if (TypeText.Is(level, "System.Object"))
                break;
        }

        // A default body in an interface runs though the class never mentions it.
        foreach (var face in interfaces.Where(i => !IsFramework(i)))
            AddLevel(face, depth, onlyWithBody: !type.IsInterface);
        return methods;

        void AddLevel(Type level, int levelDepth, bool onlyWithBody = false)
        {
            if (TypeText.Is(level, "System.Object"))
                return;
            foreach (var method in SafeMethods(level, problems))
            {
                if (!IsCandidate(method) || (onlyWithBody && method.IsAbstract))
                    continue;
                if (ReadMethod(method, level, levelDepth, promised, problems) is { } shape && seen.Add(Key(shape)))
                    methods.Add(shape);
            }
        }
    }

    /// <summary>What it leaves open is what agents, or players, of this kind are asked.</summary>
    private static bool Promises(Type parent) => TypeText.Simple(parent) is var name && (NamesAgent(name) || AgentRole.IsGamePlayer(name));

    private static string Key(MethodShape m) => $"{m.Name}`{m.GenericArity}({string.Join(",", m.Parameters.Select(p => p.TypeName))})";

    private static IEnumerable<string> Names(Type face, List<string> problems) => SafeMethods(face, problems).Select(m => m.Name);

    private static MethodInfo[] SafeMethods(Type type, List<string> problems)
    {
        try
        {
            return type.GetMethods(Declared);
        }
        catch (Exception e) when (Inheritance.IsMissing(e))
        {
            problems.Add($"the methods of {type.Name}: {Inheritance.FirstLine(e)}");
            return [];
        }
    }

    // Unity calls these by name, and most write them without a modifier.
    private static readonly string[] UnityMessages = ["Awake", "Start", "Update", "FixedUpdate", "LateUpdate", "OnEnable", "OnDisable", "OnDestroy"];

    private static bool IsCandidate(MethodInfo method)
    {
        if (method.IsPrivate && Array.IndexOf(UnityMessages, method.Name) >= 0)
            return Inheritance.Derives(method.DeclaringType!, "UnityEngine.MonoBehaviour");
        if (method.IsSpecialName || method.Name.StartsWith('<'))
            return false;
        if (IsExplicit(method) || IsRouted(method))
            return true;
        return (method.IsPublic || method.IsFamily || method.IsFamilyOrAssembly || method.IsAssembly)
            && method.Name is not ("ToString" or "GetHashCode" or "Equals" or "GetType" or "MemberwiseClone" or "Finalize" or "Deconstruct" or "PrintMembers" or "<Clone>$");
    }

    /// <summary>A node of an agent workflow registers its handler itself, and mostly keeps it private.</summary>
    private static bool IsRouted(MethodInfo method)
    {
        try
        {
            return method.IsPrivate && method.GetParameters().Any(p => TypeText.FullName(p.ParameterType) == "Microsoft.Agents.AI.Workflows.IWorkflowContext");
        }
        catch (Exception e) when (Inheritance.IsMissing(e))
        {
            return false;
        }
    }

    private static bool IsExplicit(MethodInfo method) =>
        method.IsPrivate && method.IsVirtual && method.IsFinal && method.Name.Contains('.', StringComparison.Ordinal) && !method.Name.Contains(".get_", StringComparison.Ordinal)
        && !method.Name.Contains(".set_", StringComparison.Ordinal) && !method.Name.Contains(".add_", StringComparison.Ordinal) && !method.Name.Contains(".remove_", StringComparison.Ordinal);

    private static MethodShape? ReadMethod(MethodInfo method, Type level, int depth, HashSet<string> promised, List<string> problems)
    {
        try
        {
            var isExplicit = IsExplicit(method);
            var name = isExplicit ? method.Name[(method.Name.LastIndexOf('.') + 1)..] : method.Name;
            return new MethodShape(name, [.. method.GetParameters().Select(Parameter)], ReturnKinds.Of(method.ReturnType))
            {
                DeclaringType = TypeText.Of(level),
                IsStatic = method.IsStatic,
                // In a class that is internal itself, internal is what public is elsewhere.
                IsPublic = method.IsPublic || (method.IsAssembly && level is { IsPublic: false, IsNestedPublic: false }),
                IsProtected = method.IsFamily || method.IsFamilyOrAssembly || (method.IsPrivate && !isExplicit),
                IsExplicit = isExplicit,
                IsOverride = method.IsVirtual && (method.Attributes & MethodAttributes.NewSlot) == 0,
                IsObsolete = Has(method, "ObsoleteAttribute"),
                IsMarked = Has(method, nameof(AgentMethodAttribute)),
                FromFramework = IsFramework(level),
                FromAgentInterface = promised.Contains(name) || (isExplicit && NamesAgent(method.Name)) || (level.IsInterface && NamesAgent(level.Name)),
                Depth = depth,
                GenericArity = method.IsGenericMethodDefinition ? method.GetGenericArguments().Length : 0,
                Source = method,
                Verb = Verbs.Read(name),
            };
        }
        catch (Exception e) when (Inheritance.IsMissing(e))
        {
            problems.Add($"method {method.Name}: {Inheritance.FirstLine(e)}");
            return MissingSignature.Read(method, level, depth);
        }
    }

    public static ParameterShape Parameter(ParameterInfo parameter)
    {
        var type = parameter.ParameterType;
        var kind = ArgumentKinds.Of(type);
        return new ParameterShape(parameter.Name ?? $"arg{parameter.Position}", TypeText.Of(type), kind)
        {
            Type = type,
            Optional = parameter.IsOptional || Has(parameter, "ParamArrayAttribute"),
            Nullable = TypeText.Is(type, "System.Nullable`1"),
            Out = parameter.IsOut && type.IsByRef,
            ByRef = type.IsByRef,
            Mutable = kind is ArgumentKind.Poco or ArgumentKind.Messages or ArgumentKind.Message or ArgumentKind.Dictionary or ArgumentKind.List
                or ArgumentKind.TextList or ArgumentKind.Context or ArgumentKind.Opaque or ArgumentKind.Object,
        };
    }

    private static List<MemberShape> ReadEvents(List<Type> levels, List<string> problems) => Members(
        levels, problems, t => t.GetEvents(BindingFlags.Public | BindingFlags.Instance | BindingFlags.DeclaredOnly)
            .Select(e => new MemberShape(e.Name, TypeText.Of(e.EventHandlerType!)) { Source = e }));

    private static List<MemberShape> ReadProperties(List<Type> levels, List<string> problems) => Members(
        levels, problems, t => t.GetProperties(BindingFlags.Public | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly)
            .Where(p => p.CanRead && p.GetIndexParameters().Length == 0)
            .Select(p => new MemberShape(p.Name, TypeText.Of(p.PropertyType)) { Source = p }));

    private static List<MemberShape> Members(List<Type> levels, List<string> problems, Func<Type, IEnumerable<MemberShape>> read)
    {
        var members = new List<MemberShape>();
        foreach (var level in levels)
        {
            try
            {
                members.AddRange(read(level));
            }
            catch (Exception e) when (Inheritance.IsMissing(e))
            {
                problems.Add($"the members of {level.Name}: {Inheritance.FirstLine(e)}");
            }
        }

        return members;
    }

    /// <summary>A word that agents are called by stands in the name.</summary>
    public static bool NamesAgent(string name) =>
        name.Contains("Agent", StringComparison.Ordinal) || name.Contains("Bot", StringComparison.Ordinal)
        || name.Contains("Assistant", StringComparison.Ordinal) || name.Contains("Copilot", StringComparison.Ordinal);

    private static bool Has(MemberInfo member, string attribute) => Has(member.GetCustomAttributesData, attribute);

    public static bool Has(ParameterInfo parameter, string attribute) => Has(parameter.GetCustomAttributesData, attribute);

    private static bool Has(Func<IList<CustomAttributeData>> attributes, string name)
    {
        try
        {
            return attributes().Any(a => a.AttributeType.Name == name);
        }
        catch (Exception e) when (Inheritance.IsMissing(e))
        {
            return false;
        }
    }
}
