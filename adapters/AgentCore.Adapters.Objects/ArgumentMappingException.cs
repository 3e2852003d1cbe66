namespace AgentCore.Adapters.Objects;

/// <summary>A task doesn't give a wrapped object what its method asks for. The message names the argument and how to fill it.</summary>
/// <param name="message">What is missing or doesn't fit.</param>
/// <param name="innerException">The cause, if another exception was it.</param>
public sealed class ArgumentMappingException(string message, Exception? innerException = null) : ArgumentException(message, innerException);
