namespace AgentCore.Adapters.Objects.Bindings;

/// <summary>How an object is run as an agent: which class, how it is made, which method, what fills its parameters, what its result is.</summary>
public sealed record ObjectBinding
{
    /// <summary>The agent's name, as in <c>agentcore run NAME</c>.</summary>
    public string Name { get; init; } = "";

    /// <summary>What it does, in a sentence.</summary>
    public string? Description { get; init; }

    /// <summary>The assembly's path; relative to the binding's file.</summary>
    public string? Assembly { get; init; }

    /// <summary>A program whose host gives what the agent needs and nobody else fills: its assembly's path, relative to the binding's file. Its entry point
    /// is run until the host is built. Null for none.</summary>
    public string? Services { get; init; }

    /// <summary>The class, with its namespace.</summary>
    public string Type { get; init; } = "";

    /// <summary>What closes a generic class, by full name.</summary>
    public IReadOnlyList<string> TypeArguments { get; init; } = [];

    /// <summary>How much it took to wrap it.</summary>
    public AgentClass Class { get; init; }

    /// <summary>The method: a name, or the whole signature where there are overloads. Null for a lifecycle alone.</summary>
    public string? Method { get; init; }

    /// <summary>What closes a generic method, by full name; string where it says nothing.</summary>
    public IReadOnlyList<string> MethodTypeArguments { get; init; } = [];

    /// <summary>Why this method.</summary>
    public string? Why { get; init; }

    /// <summary>What fills the method's parameters. A parameter that isn't listed is filled by convention.</summary>
    public IReadOnlyList<ArgumentBinding> Arguments { get; init; } = [];

    /// <summary><c>auto</c>, <c>argument:NAME</c>, <c>property:NAME</c>, <c>event:NAME</c> or <c>collected</c>.</summary>
    public string Result { get; init; } = "auto";

    /// <summary>What fills the constructor's parameters, or those of the method that <see cref="Instance"/> names.</summary>
    public IReadOnlyList<ArgumentBinding> Construct { get; init; } = [];

    /// <summary>A static property or method that gives the instance, in place of a constructor.</summary>
    public string? Instance { get; init; }

    /// <summary>The lifecycle members, by role.</summary>
    public ObjectLifecycle Lifecycle { get; init; } = new();

    /// <summary>May be run again after a crash or a timeout without harm. Off by default: the call is one opaque step.</summary>
    public bool Repeatable { get; init; }

    /// <summary>The longest a call may take; null for the agent's own limit.</summary>
    public TimeSpan? Timeout { get; init; }

    /// <summary>What the agent can do.</summary>
    public IReadOnlyList<string> Abilities { get; init; } = [];

    /// <summary>The call itself, written in code, in place of a method.</summary>
    public Func<object, AgentTask, CancellationToken, Task<object?>>? Call { get; init; }

    /// <summary>What nobody has filled yet. Empty when the agent can run.</summary>
    public IReadOnlyList<BindingGap> Gaps =>
    [
        .. Construct.Where(IsMissing).Select(a => new BindingGap($"construct.{a.Name}", Needs(a))),
        .. Arguments.Where(IsMissing).Select(a => new BindingGap($"arguments.{a.Name}", Needs(a))),
        .. TypeArguments.Concat(MethodTypeArguments).Where(GenericClosing.IsMissing)
            .Select(t => new BindingGap("typeArguments", $"the types that close the generic parameters, by full name{(t == ArgumentSource.Missing ? "" : $"; one for {t[(ArgumentSource.Missing.Length + 1)..]}")}")),
    ];

    /// <summary>Starts a binding in code.</summary>
    /// <typeparam name="T">The class to run.</typeparam>
    public static ObjectBindingBuilder<T> For<T>()
        where T : class => new();

    private static bool IsMissing(ArgumentBinding a) => a.From == ArgumentSource.Missing;

    private static string Needs(ArgumentBinding a) => a.Note ?? $"a value for {a.Type} {a.Name}";
}

/// <summary>The lifecycle members of a wrapped object, by name. Null where it has none.</summary>
public sealed record ObjectLifecycle
{
    /// <summary>Called once, before anything else.</summary>
    public string? Initialize { get; init; }

    /// <summary>Called after it, when the agent becomes ready.</summary>
    public string? Start { get; init; }

    /// <summary>Called when the agent is shut down.</summary>
    public string? Stop { get; init; }

    /// <summary>One beat of an agent that lives by a schedule.</summary>
    public string? Tick { get; init; }

    /// <summary>How often to tick under a host. Null: only when a task asks.</summary>
    public TimeSpan? Every { get; init; }

    /// <summary>Gives the state to keep.</summary>
    public string? Save { get; init; }

    /// <summary>Takes the kept state back.</summary>
    public string? Load { get; init; }

    internal bool IsEmpty => Initialize is null && Start is null && Stop is null && Tick is null && Save is null && Load is null && Every is null;
}
