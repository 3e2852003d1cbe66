namespace AgentCore.Plugins;

/// <summary>A kind of agent that definition files can ask for with <c>kind: NAME</c>. <c>chat</c> is built in; adapters add
/// others.</summary>
/// <param name="Name">Its name: lower-case letters, digits and dashes.</param>
/// <param name="Description">What such an agent is, in a sentence; editors show it.</param>
/// <param name="Fields">The fields that such a definition has beside those of every agent. Any other field is an error.</param>
/// <param name="Create">Makes an agent of a definition that was read and checked against the fields; the host disposes it. It
/// throws a <see cref="DefinitionException"/> for what the fields can't say, such as a program that isn't there.</param>
public sealed record AgentKind(
    string Name, string Description, IReadOnlyList<DefinitionField> Fields, Func<AgentDefinition, AgentHost, BaseAgent> Create);

/// <summary>A field of a definition file: what it may hold. The host reads and checks it, and editors complete it.</summary>
/// <param name="Name">Its name, in camelCase.</param>
/// <param name="Type">What it holds.</param>
/// <param name="Description">What it means, in a sentence.</param>
public sealed record DefinitionField(string Name, DefinitionType Type, string Description)
{
    /// <summary>Whether it must be there.</summary>
    public bool IsRequired { get; init; }

    /// <summary>The only values that a text may have; null for any.</summary>
    public IReadOnlyList<string>? Allowed { get; init; }

    /// <summary>The smallest number allowed.</summary>
    public decimal? Minimum { get; init; }

    /// <summary>The largest number allowed; of a length of time, in seconds (49 days where null).</summary>
    public decimal? Maximum { get; init; }

    /// <summary>The field of an object that a text alone stands for, so that <c>onFailure: skip</c> means
    /// <c>onFailure: {then: skip}</c>; null for none.</summary>
    public string? Shorthand { get; init; }

    /// <summary>The fields of an object, or of each object in a list.</summary>
    public IReadOnlyList<DefinitionField> Fields { get; init; } = [];
}

/// <summary>What a field of a definition file holds.</summary>
public enum DefinitionType
{
    /// <summary>A text.</summary>
    Text,

    /// <summary><c>true</c> or <c>false</c>.</summary>
    Boolean,

    /// <summary>A whole number.</summary>
    Integer,

    /// <summary>A number.</summary>
    Number,

    /// <summary>A length of time such as <c>500ms</c>, <c>30s</c>, <c>5m</c> or <c>1h</c>; kept as seconds.</summary>
    Duration,

    /// <summary>A list of texts; one text alone will do.</summary>
    TextList,

    /// <summary>Names with texts.</summary>
    TextMap,

    /// <summary>An object with fields of its own.</summary>
    Object,

    /// <summary>A list of such objects.</summary>
    ObjectList,

    /// <summary>Anything; it is handed on as JSON.</summary>
    Any,

    /// <summary>A text, a number or a truth value; it is handed on as the text that was written.</summary>
    Scalar,
}
