using System.Security.Cryptography;
using System.Text;

namespace AgentCore.Learning;

/// <summary>What makes two errors the same one: their type, where they happened, and their message without what differs each
/// time.</summary>
/// <param name="Type">The full name of the exception's type.</param>
/// <param name="Place">The agent, and the kind and name of the step, such as <c>writer: tool search</c>.</param>
/// <param name="Message">The message; numbers, ids, times, paths, addresses, quoted text, passwords and keys are masked,
/// and in a run what is repeated of its task.</param>
public sealed record ErrorSignature(string Type, string Place, string Message)
{
    /// <summary>A short name of it: 12 hexadecimal digits.</summary>
    public string Key => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{Type}\n{Place}\n{Message}")))[..12];

    private const int Longest = 400;

    /// <summary>The signature of an error.</summary>
    /// <param name="error">The error.</param>
    /// <param name="place">Where it happened.</param>
    public static ErrorSignature Of(AgentError error, string place) => Of(error, place, task: null);

    /// <summary>The signature of an error in a task, of which the message may repeat something.</summary>
    internal static ErrorSignature Of(AgentError error, string place, AgentTask? task)
    {
        ArgumentNullException.ThrowIfNull(error);
        ArgumentNullException.ThrowIfNull(place);
        var message = ErrorMask.Apply(error.Message);
        if (task is not null)
            message = TaskEcho.Mask(message, task);
        return new ErrorSignature(ErrorMask.Cut(error.Type, Longest), ErrorMask.Cut(place, Longest), ErrorMask.Cut(message, Longest));
    }
}
