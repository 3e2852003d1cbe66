using System.Reflection;
using AgentCore.Adapters.Objects.Shapes;

namespace AgentCore.Adapters.Objects.Bindings;

/// <summary>How to make an instance: a constructor with what fills it, or a static member that gives it.</summary>
internal sealed record ConstructionPlan(IReadOnlyList<ArgumentBinding> Arguments)
{
    public ConstructorInfo? Constructor { get; init; }

    public MemberInfo? Member { get; init; }

    /// <summary>The static method that makes the instance, filled as a constructor is.</summary>
    public MethodInfo? Factory { get; init; }

    public int Missing => Arguments.Count(a => a.From == ArgumentSource.Missing);

    /// <summary>A struct without constructors is there by itself.</summary>
    public bool NeedsNothing { get; init; }

    public bool Possible => Constructor is not null || Member is not null || Factory is not null || NeedsNothing;
}

/// <summary>Chooses the constructor that needs least from a person, and says what fills each parameter. Works on metadata too.</summary>
/// <param name="implementers">What implements what.</param>
/// <param name="asksForKeys">What is worth nothing without a key is a gap; what a binding says already is made all the same.</param>
internal sealed class ConstructorPlanner(Implementers implementers, bool asksForKeys = false)
{
    private const int MaxDepth = 3;
    private const BindingFlags Instances = BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.DeclaredOnly;

    private static readonly string[] SelfNames = ["name", "id", "agentname", "agentid", "botname", "displayname", "nickname", "botnickname", "playername", "key", "label"];
    public ConstructionPlan Plan(Type type, IReadOnlyList<string>? named = null) => Plan(type, 0, [], named);

    /// <summary>Can be made without anyone giving anything.</summary>
    public bool CanMake(Type type) => CanMake(type, 0, []);

    private ConstructionPlan Plan(Type type, int depth, HashSet<string> path, IReadOnlyList<string>? named = null)
    {
        var all = type.GetConstructors(Instances).Where(c => !c.IsPrivate).ToList();
        var plans = all
            .Select(c => (Constructor: c, Parameters: SafeParameters(c)))
            .Where(c => c.Parameters is not null && !IsCopy(type, c.Parameters))
            .Select(c => new ConstructionPlan([.. c.Parameters!.Select(p => Fill(p, depth, path)), .. Members(type, c.Constructor, depth, path)]) { Constructor = c.Constructor })
            .OrderByDescending(plan => named is { Count: > 0 } && named.All(n => plan.Arguments.Any(a => Same(a.Name, n))))
            .ThenBy(plan => plan.Constructor!.GetParameters().Any(p => IsOwn(type, p)) ? 1 : 0)
            .ThenBy(plan => plan.Missing)
            .ThenBy(plan => plan.Constructor!.IsPublic ? 0 : 1)
            .ThenBy(plan => plan.Arguments.Count)
            .ToList();
        // Clients of services have a protected constructor beside their own, for tests to derive from.
        if (named is not { Count: > 0 } && plans.Exists(plan => plan.Constructor!.IsPublic && !Array.Exists(plan.Constructor.GetParameters(), p => IsOwn(type, p))))
            plans.RemoveAll(plan => plan.Constructor!.IsFamily);
        if (plans.Count > 0 && (plans[0].Missing == 0 || depth > 0))
            return plans[0];
        if (SharedInstance(type) is { } member)
            return new ConstructionPlan([]) { Member = member };
        var best = plans.Count > 0 ? plans[0] : new ConstructionPlan([]) { NeedsNothing = all.Count == 0 && Inheritance.IsValueType(type) };
        // Who hides the constructor, or keeps it to the assembly, means the factory to be used.
        return depth > 0 || best.Constructor is { IsPublic: true } ? best : ByFactory(type, null) is { } factory && (!best.Possible || factory.Missing < best.Missing) ? factory : best;
    }

    /// <summary>By the factory that needs least from a person; null where there is none (of that name).</summary>
    public ConstructionPlan? ByFactory(Type type, string? name) => Factories.Of(type).Where(m => name is null || m.Name == name)
        .Select(m => new ConstructionPlan([.. m.GetParameters().Select(p => Fill(p, 0, []))]) { Factory = m })
        .OrderBy(plan => plan.Missing).ThenBy(plan => plan.Arguments.Count).FirstOrDefault();

    private bool CanMake(Type type, int depth, HashSet<string> path)
    {
        if (type.IsAbstract || type.IsInterface || type.IsGenericTypeDefinition || type.ContainsGenericParameters || IsKeyHolder(type) || Choices.IsEmptyAlone(type))
            return false;
        if (Inheritance.IsValueType(type) && type.GetConstructors(Instances).Length == 0)
            return true;
        var key = type.FullName ?? type.Name;
        if (depth > MaxDepth || !path.Add(key))
            return false;
        try
        {
            var plan = Plan(type, depth, path);
            return plan.Possible && plan.Missing == 0;
        }
        catch (Exception e) when (Inheritance.IsMissing(e))
        {
            return false;
        }
        finally
        {
            path.Remove(key);
        }
    }

    private ArgumentBinding Fill(ParameterInfo parameter, int depth, HashSet<string> path)
    {
        var shape = ShapeReader.Parameter(parameter);
        if (shape.Required && !shape.Kind.IsAmbient() && ShapeReader.Has(parameter, "FromKeyedServicesAttribute"))
            return new ArgumentBinding { Name = shape.Name, Type = shape.TypeName, From = ArgumentSource.Missing, Note = $"{GapNotes.Article(shape.TypeName)} {shape.TypeName} '{shape.Name}', one of several that a key tells apart: give it in code" };
        return shape.Optional
            ? new ArgumentBinding { Name = shape.Name, Type = shape.TypeName, From = ArgumentSource.Default }
            : Fill(shape, () => Nullability.AllowsNull(parameter), depth, path);
    }

    private ArgumentBinding Fill(ParameterShape shape, Func<bool> allowsNull, int depth, HashSet<string> path)
    {
        var binding = new ArgumentBinding { Name = shape.Name, Type = shape.TypeName, From = ArgumentSource.Missing };
        if (shape.Kind == ArgumentKind.Cancellation)
            return binding with { From = ArgumentSource.Cancellation };
        if (shape.Kind == ArgumentKind.ChatClient)
            return binding with { From = ArgumentSource.Client, Note = "the host's model" };
        // A part that looks up what it needs finds nothing; the agent itself is told so when it asks.
        if (asksForKeys && depth > 0 && shape.Kind == ArgumentKind.Services)
            return binding;
        if (shape.Kind.IsAmbient())
            return binding with { From = ArgumentSource.Services };

        var made = Make(shape.Type!, shape, depth, path);
        if (made is not null)
            return binding with { From = made.Value.From, Value = made.Value.Value, Note = made.Value.Note };
        if (allowsNull())
            return binding with { From = ArgumentSource.Null, Note = "it may be null" };
        return binding with { Note = GapNotes.Need(shape) + GapNotes.Candidates(shape, implementers) };
    }

    /// <summary>What must be set after the constructor: required members, and a context that is handed in by a property.</summary>
    private IEnumerable<ArgumentBinding> Members(Type type, ConstructorInfo constructor, int depth, HashSet<string> path)
    {
        foreach (var (property, required) in SettableMembers.Of(type, constructor, contexts: depth == 0))
        {
            var filled = Fill(SettableMembers.Shape(property), () => Nullability.AllowsNull(property), depth, path);
            if (required)
                yield return filled;
            else if (filled.From.StartsWith(ArgumentSource.New, StringComparison.Ordinal))
                yield return filled with { Note = "a property, set where it is null" };
        }
    }

    private (string From, string? Value, string? Note)? Make(Type type, ParameterShape shape, int depth, HashSet<string> path)
    {
        switch (shape.Kind)
        {
            case ArgumentKind.Text when SelfNames.Contains(shape.Name.ToLowerInvariant().Replace("_", "", StringComparison.Ordinal), StringComparer.Ordinal)
                && !shape.Name.Equals("key", StringComparison.OrdinalIgnoreCase):
                return (ArgumentSource.Value, null, "the agent's own name");
            case ArgumentKind.Scalar when TypeText.Is(type, "System.Guid") && !(shape.Name.Length > 3 && GapNotes.IsSecret(shape.Name)):
                return (ArgumentSource.New, null, "a fresh id");
            // Who leads agents has nobody to lead without them.
            case ArgumentKind.List when asksForKeys && depth == 0 && Choices.IsOfAgents(type, shape.Name):
                return null;
            case ArgumentKind.Dictionary or ArgumentKind.List or ArgumentKind.TextList or ArgumentKind.Messages when !type.IsGenericParameter:
                return (ArgumentSource.New, null, "empty");
            case ArgumentKind.Poco or ArgumentKind.Context or ArgumentKind.Message or ArgumentKind.Opaque or ArgumentKind.Dictionary:
                break;
            default:
                return null;
        }

        if (OptionsValue(type) is { } options)
            return CanMake(options, depth + 1, path) ? (ArgumentSource.New, null, $"default {TypeText.Of(options)}") : null;
        if (!type.IsAbstract && !type.IsInterface)
            return CanMake(type, depth + 1, path) && !(asksForKeys && KeyHolders.AsOptions(type, shape.Name)) ? (ArgumentSource.New, null, "made by its own constructor") : null;

        // One that wants a key stays in the choice: beside it the other is a fake. So is a NullMemory, beside one that lacks something.
        var all = implementers.Of(type);
        var makeable = all.Where(t => IsKeyHolder(t) || CanMake(t, depth + 1, path)).Take(2).ToList();
        return makeable.Count == 1 && !IsKeyHolder(makeable[0]) && (all.Count == 1 ? !Choices.IsFake(makeable[0], type) : Choices.IsUsual(makeable[0], type))
            ? (ArgumentSource.NewPrefix + makeable[0].FullName, null, $"the only {TypeText.Of(type)} that can be made")
            : null;
    }

    private bool IsKeyHolder(Type type) => asksForKeys && KeyHolders.Is(type);

    /// <summary>T of IOptions&lt;T&gt; and its kin.</summary>
    internal static Type? OptionsValue(Type type) =>
        TypeText.FullName(type) is "Microsoft.Extensions.Options.IOptions`1" or "Microsoft.Extensions.Options.IOptionsMonitor`1" or "Microsoft.Extensions.Options.IOptionsSnapshot`1"
            ? type.GetGenericArguments()[0]
            : null;

    private static MemberInfo? SharedInstance(Type type)
    {
        const BindingFlags Statics = BindingFlags.Public | BindingFlags.Static | BindingFlags.DeclaredOnly;
        try
        {
            return (MemberInfo?)Array.Find(type.GetProperties(Statics), p => p.CanRead && Gives(p.PropertyType))
                ?? (MemberInfo?)Array.Find(type.GetFields(Statics), f => Gives(f.FieldType))
                ?? Array.Find(type.GetMethods(Statics), m => !m.IsSpecialName && m.GetParameters().All(p => p.IsOptional) && Gives(m.ReturnType));
        }
        catch (Exception e) when (Inheritance.IsMissing(e))
        {
            return null;
        }

        bool Gives(Type t) => t.FullName is not null && t.FullName == type.FullName;
    }

    /// <summary>The copy constructor of a record or of a generic class.</summary>
    private static bool IsCopy(Type type, ParameterInfo[] parameters) =>
        parameters.Length == 1 && IsOwn(type, parameters[0]);

    /// <summary>Takes another of its kind: a clone is made of it.</summary>
    private static bool IsOwn(Type type, ParameterInfo parameter) => TypeText.FullName(parameter.ParameterType) is { } name && name == TypeText.FullName(type);

    /// <summary>Why a class's constructors can't be read; null where they can.</summary>
    internal static string? Unreadable(Type type)
    {
        try
        {
            foreach (var parameter in type.GetConstructors(Instances).SelectMany(c => c.GetParameters()))
                _ = parameter.ParameterType.Name;
            return null;
        }
        catch (Exception e) when (Inheritance.IsMissing(e))
        {
            return Inheritance.FirstLine(e);
        }
    }

    internal static ParameterInfo[]? SafeParameters(ConstructorInfo constructor)
    {
        try
        {
            var parameters = constructor.GetParameters();
            foreach (var p in parameters)
                _ = p.ParameterType.Name;
            return parameters;
        }
        catch (Exception e) when (Inheritance.IsMissing(e))
        {
            return null;
        }
    }

    private static bool Same(string a, string b) => string.Equals(a, b, StringComparison.OrdinalIgnoreCase);
}
