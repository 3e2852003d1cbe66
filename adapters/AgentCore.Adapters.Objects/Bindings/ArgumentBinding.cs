namespace AgentCore.Adapters.Objects.Bindings;

/// <summary>What fills one parameter of a method or of a constructor.</summary>
public sealed record ArgumentBinding
{
    /// <summary>The parameter's name.</summary>
    public required string Name { get; init; }

    /// <summary>The parameter's type as C# writes it; for people, not for choosing.</summary>
    public string? Type { get; init; }

    /// <summary>What fills it; see <see cref="ArgumentSource"/> for the words.</summary>
    public required string From { get; init; }

    /// <summary>The text for <c>value</c>, or the environment variable's name for <c>env</c>.</summary>
    public string? Value { get; init; }

    /// <summary>Why it is filled so, or what is missing.</summary>
    public string? Note { get; init; }

    /// <summary>An object given in code for <c>value</c>; never written to a file.</summary>
    public object? Given { get; init; }
}

/// <summary>A place in a binding that nobody has filled yet.</summary>
/// <param name="At">Where: <c>arguments.city</c>, <c>construct.apiKey</c>.</param>
/// <param name="Needs">What is missing and how to give it.</param>
public sealed record BindingGap(string At, string Needs)
{
    /// <inheritdoc/>
    public override string ToString() => $"{At}: {Needs}";
}
