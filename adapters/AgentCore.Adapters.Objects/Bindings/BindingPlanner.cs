using AgentCore.Adapters.Objects.Shapes;

namespace AgentCore.Adapters.Objects.Bindings;

/// <summary>Writes the starting binding of a class: everything that convention can say, and the gaps named.</summary>
internal sealed class BindingPlanner
{
    private readonly ConstructorPlanner? _constructors;
    private readonly ArgumentPlanner _arguments;
    private readonly Implementers? _implementers;

    public BindingPlanner(Implementers? implementers)
    {
        _implementers = implementers;
        _constructors = implementers is null ? null : new ConstructorPlanner(implementers, asksForKeys: true);
        _arguments = new ArgumentPlanner(_constructors, implementers);
    }

    /// <summary>Plans; without construction where an instance is already there.</summary>
    public ObjectBinding Plan(AgentShape shape, MethodChoice choice, bool withConstruction = true)
    {
        var binding = new ObjectBinding
        {
            Name = AgentNames.For(shape.Name),
            Type = shape.FullName,
            Class = choice.Class,
            Why = choice.Why,
            Method = choice.Method?.Signature,
            Arguments = choice.Method is { } method ? _arguments.Plan(method) : [],
            Result = choice.Method is { } m ? ResultPlanner.Plan(shape, m) : "auto",
            Lifecycle = Lifecycle(choice),
            Abilities = AbilityFinder.Find(shape, choice),
            TypeArguments = shape.Type is { IsGenericTypeDefinition: true } open ? GenericClosing.Plan(open.GetGenericArguments(), _implementers) : [],
            MethodTypeArguments = choice.Method?.Source is { IsGenericMethodDefinition: true } generic ? GenericClosing.Plan(generic.GetGenericArguments(), _implementers) : [],
            Repeatable = Repeatable(choice),
        };

        binding = binding with { Arguments = [.. binding.Arguments.Select(a => WithType(a, binding.TypeArguments))] };
        return withConstruction && !shape.IsStatic ? Construct(shape, binding) : binding;
    }

    /// <summary>Of a type that a person has to choose nothing can be made before.</summary>
    private static ArgumentBinding WithType(ArgumentBinding a, IReadOnlyList<string> types) =>
        a.Type is { } name && types.Any(t => GenericClosing.IsMissing(t) && t.StartsWith($"{ArgumentSource.Missing} {name} : ", StringComparison.Ordinal))
            ? a with { From = ArgumentSource.Missing, Note = $"{GapNotes.Article(name)} {name} '{a.Name}': choose its type first (typeArguments); then say what fills it" }
            : a;

    private ObjectBinding Construct(AgentShape shape, ObjectBinding binding)
    {
        if (binding.Class == AgentClass.E || binding.Arguments.Count > 0 && IsStaticMethod(shape, binding))
            return binding;
        if (shape.Type is not { } type || _constructors is null)
            return binding with { Construct = [Gap("instance", "how to make the object: the class was read from an inventory, so its constructors are unknown")] };
        if (shape.IsAbstract || shape.IsInterface)
            return binding with { Construct = [Gap("instance", $"{shape.Name} is abstract: name a class that completes it")] };

        if (binding is { Class: AgentClass.D, Method: null } && shape.HasMain)
            return binding with { Construct = [Gap("instance", $"{shape.Name} is a program: run it as one, with 'kind: process' and 'command: dotnet' (or its executable) in place of this binding")] };
        if (LifecycleShape.IsMadeByRuntime(shape))
            return binding with { Construct = [Gap("instance", $"{shape.Name} is an actor that only its actor system can make: start it there, and give what speaks with it in code (UniversalAgentOptions.Factory)")] };

        var plan = _constructors.Plan(GenericClosing.Close(type, binding.TypeArguments) ?? type);
        if (!plan.Possible && ConstructorPlanner.Unreadable(type) is { } missing)
            return binding with { Construct = [Gap("instance", $"the constructor of {shape.Name} can't be read: {missing}. Publish the project (dotnet publish), or name the folder that holds it with --reference")] };
        if (!plan.Possible)
            return binding with { Construct = [Gap("instance", $"{shape.Name} has no constructor that can be called: give an instance or a factory in code")] };
        if (plan.Missing > 0 && LifecycleShape.IsGrain(shape))
            return binding with { Construct = [Gap("instance", $"{shape.Name} is a grain, and what its constructor takes comes from its silo: give the grain in code (UniversalAgentOptions.Factory)")] };
        return plan.Member is { } member
            ? binding with { Instance = member.Name }
            : binding with { Instance = plan.Factory?.Name, Construct = [.. plan.Arguments.Select(a => a is { From: ArgumentSource.Value, Value: null } ? OwnName(a, shape, plan) : binding.Gaps.Count + plan.Missing > 0 ? Chosen(a) : a)] };
    }

    /// <summary>Which model is asked and what the services hold, a person says who has to complete the binding anyway; alone they are tried as convention gives them.</summary>
    private static ArgumentBinding Chosen(ArgumentBinding a) => a switch
    {
        { From: ArgumentSource.Services, Type: nameof(IServiceProvider) }
            => a with { From = ArgumentSource.Missing, Note = $"an {a.Type} '{a.Name}', with what the agent looks up in it: give it in code (UniversalAgentOptions.Services), or write from: services to run it with what the host has" },
        { Type: { } type } when a.From.StartsWith(ArgumentSource.New, StringComparison.Ordinal) && ModelNames.Reaches(type)
            => a with { From = ArgumentSource.Missing, Note = $"{GapNotes.Article(type)} {type} '{a.Name}', which reaches a model: give it through services or in code, or write from: {a.From} where it finds by itself what it needs" },
        _ => a,
    };

    /// <summary>Its name, where a text asks for the agent's; but an id beside an endpoint or a key is one that is there already.</summary>
    private static ArgumentBinding OwnName(ArgumentBinding a, AgentShape shape, ConstructionPlan plan) =>
        a.Name.EndsWith("id", StringComparison.OrdinalIgnoreCase) && plan.Arguments.Any(other => other is { From: ArgumentSource.Missing, Type: "string" })
            ? a with { From = ArgumentSource.Missing, Note = $"a string '{a.Name}': use from: value (or from: env) with the value" }
            : a with { Value = shape.Name };

    private static bool IsStaticMethod(AgentShape shape, ObjectBinding binding) =>
        shape.Methods.Any(m => m.IsStatic && m.Signature == binding.Method);

    private static ArgumentBinding Gap(string name, string note) => new() { Name = name, From = ArgumentSource.Missing, Note = note };

    private static ObjectLifecycle Lifecycle(MethodChoice choice)
    {
        var found = choice.Lifecycle;
        // Start() alone often never returns; it is called only where something stops it, or where there is nothing else.
        var start = found.Stop is not null || choice.Class == AgentClass.D || found.Start?.Return.Wrapper == ResultWrapper.None && found.Disposes ? found.Start : null;
        return new ObjectLifecycle
        {
            Initialize = found.Initialize?.Name,
            Start = start?.Name,
            Stop = found.Stop?.Name,
            Tick = choice.Class == AgentClass.D ? found.Tick?.Name : null,
            Save = found.Load is not null ? found.Save?.Name : null,
            Load = found.Save is not null ? found.Load?.Name : null,
        };
    }

    private static bool Repeatable(MethodChoice choice) =>
        choice.Method is { IsMarked: true, Source: { } source }
        && source.GetCustomAttributesData().Any(a => a.AttributeType.Name == nameof(AgentMethodAttribute)
            && a.NamedArguments.Any(n => n.MemberName == nameof(AgentMethodAttribute.Repeatable) && n.TypedValue.Value is true));
}
