namespace AgentCore.Adapters.Objects;

/// <summary>Marks the method that executes an agent, where convention would choose another.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class AgentMethodAttribute : Attribute
{
    /// <summary>May be run again after a crash or a timeout without harm. Off by default.</summary>
    public bool Repeatable { get; set; }
}

/// <summary>Says what fills a parameter of the method that executes an agent.</summary>
/// <param name="from">As in a binding: <c>input</c>, <c>data.city</c>, <c>messages</c>, <c>task</c>, <c>value</c>, <c>env</c>, ...</param>
[AttributeUsage(AttributeTargets.Parameter)]
public sealed class AgentArgumentAttribute(string from) : Attribute
{
    /// <summary>What fills the parameter.</summary>
    public string From { get; } = from;

    /// <summary>The value, or the environment variable's name, for <c>value</c> and <c>env</c>.</summary>
    public string? Value { get; set; }
}
