namespace AgentCore.Checkpoints;

/// <summary>A store could not be opened, read or written. The message says which file or server, and what to do.</summary>
public class StoreException : AgentException
{
    /// <summary>Creates the exception.</summary>
    /// <param name="message">What failed, where, and what to do.</param>
    /// <param name="innerException">The cause, if another exception was it.</param>
    public StoreException(string message, Exception? innerException = null) : base(message, innerException)
    {
    }
}

/// <summary>Another writer was there first: a log or document is not as the batch expected. Nothing was written.</summary>
public sealed class StoreConflictException : StoreException
{
    /// <summary>Creates the exception.</summary>
    /// <param name="name">The log, or collection and key.</param>
    /// <param name="expected">The position or version that the batch expected.</param>
    /// <param name="actual">The position or version found.</param>
    public StoreConflictException(string name, long expected, long actual)
        : base($"'{name}' is at {actual}, not at {expected}: another writer has written to it. Read it again and retry.")
    {
        Name = name;
        Expected = expected;
        Actual = actual;
    }

    /// <summary>The log, or collection and key.</summary>
    public string Name { get; }

    /// <summary>The position or version that the batch expected.</summary>
    public long Expected { get; }

    /// <summary>The position or version found.</summary>
    public long Actual { get; }
}

/// <summary>The store is in use by another process, which is named where the system tells.</summary>
public sealed class StoreInUseException : StoreException
{
    /// <summary>Creates the exception.</summary>
    /// <param name="message">Which store, who uses it, and what to do.</param>
    /// <param name="innerException">The cause, if another exception was it.</param>
    public StoreInUseException(string message, Exception? innerException = null) : base(message, innerException)
    {
    }
}
