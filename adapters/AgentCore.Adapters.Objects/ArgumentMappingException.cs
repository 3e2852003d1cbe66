namespace AgentCore.Adapters.Objects;

/// <summary>A task doesn't give what a wrapped method needs, or the wrapped object can't be made of what is known. The message names the argument and how to fill it.</summary>
/// <param name="message">What is missing.</param>
/// <param name="innerException">The cause.</param>
public sealed class ArgumentMappingException(string message, Exception? innerException = null) : ArgumentException(message, innerException)
{
    /// <summary>The places of the binding that are to blame, as gaps are named: <c>construct.id</c>. Empty where it is the task.</summary>
    internal IReadOnlyList<string> At { get; init; } = [];

    /// <summary>It isn't the task's words: no object of that class can be made of words.</summary>
    internal bool Unmakeable { get; init; }
}
