using System.Reflection;
using AgentCore.Models;
using AgentCore.Runs;

namespace AgentCore;

/// <summary>An error as data: the same when it happens and when it is read back from a journal.</summary>
/// <param name="Type">The full name of the exception's type; <c>System.OperationCanceledException</c> also for work that was left behind,
/// as it did not end when it was cancelled.</param>
/// <param name="Message">Its message.</param>
public sealed record AgentError(string Type, string Message)
{
    /// <summary>The step that failed, such as <c>3.1</c>; null where it wasn't in a step.</summary>
    public string? Step { get; init; }

    /// <summary>Whether the same run may be tried again without a person: false where the failed step isn't repeatable,
    /// or where a model's server said no for good (a wrong key, an unknown model).</summary>
    public bool Retryable { get; init; } = true;

    /// <summary>How long a model's server asked to wait before the next try; null where it didn't. A retry waits at least as long,
    /// or, over <see cref="RetryOptions.MaxDelay"/>, is made with a remedy alone, which may ask something else.</summary>
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>An error of an exception; of the one inside, where reflection or tasks wrapped it.</summary>
    /// <param name="exception">The exception.</param>
    public static AgentError From(Exception exception)
    {
        ArgumentNullException.ThrowIfNull(exception);
        while (exception is TargetInvocationException or AggregateException { InnerExceptions.Count: 1 } && exception.InnerException is { } inner)
            exception = inner;
        return exception is StepFailedException failed
            ? failed.Error
            : new AgentError(NameOf(exception), MessageOf(exception))
            {
                Retryable = exception is not ModelException { IsTransient: false },
                RetryAfter = (exception as ModelException)?.RetryAfter,
            };
    }

    // What was left behind was cancelled: only the engine tells the two apart by a type of its own.
    private static string NameOf(Exception exception)
    {
        var type = exception is LeftBehindException ? typeof(OperationCanceledException) : exception.GetType();
        return type.FullName ?? type.Name;
    }

    // An exception's own code may fail, or give nothing; that must not take the error's place.
    private static string MessageOf(Exception exception)
    {
        try
        {
            return exception.Message ?? "";
        }
        catch (Exception e)
        {
            return $"Its message can't be read: that threw {e.GetType().Name}.";
        }
    }

    /// <inheritdoc/>
    public override string ToString()
    {
        // A generic exception's full name goes on with what closes it.
        var name = Type.Split('`')[0];
        return $"{name[(name.LastIndexOf('.') + 1)..]}: {Message}";
    }
}
