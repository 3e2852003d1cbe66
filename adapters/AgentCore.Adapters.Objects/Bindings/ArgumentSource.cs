namespace AgentCore.Adapters.Objects.Bindings;

/// <summary>The words that a binding's <c>from</c> may use.</summary>
public static class ArgumentSource
{
    /// <summary>The task's text, converted where the parameter isn't a string.</summary>
    public const string Input = "input";

    /// <summary>All of the task's data as a dictionary; without data, one entry <c>input</c>.</summary>
    public const string Data = "data";

    /// <summary>The task's messages; without any, its text as one user message.</summary>
    public const string Messages = "messages";

    /// <summary>The task's last message; without any, its text as one user message.</summary>
    public const string Message = "message";

    /// <summary>An object made of the task: from JSON in its text, from its data, or from its text as the object's one text property.</summary>
    public const string Task = "task";

    /// <summary>The run's cancellation token.</summary>
    public const string Cancellation = "cancellation";

    /// <summary>A callback, channel, progress or observer whose values become the result.</summary>
    public const string Collect = "collect";

    /// <summary>From the service provider; loggers, clocks and HTTP clients also without one.</summary>
    public const string Services = "services";

    /// <summary>The host's model client.</summary>
    public const string Client = "client";

    /// <summary>A new object made by its own constructor; <c>new:Full.Name</c> names the class.</summary>
    public const string New = "new";

    /// <summary>A fixed value: the binding's <c>value</c>.</summary>
    public const string Value = "value";

    /// <summary>The value of the environment variable that <c>value</c> names. For keys and passwords.</summary>
    public const string Environment = "env";

    /// <summary>Null.</summary>
    public const string Null = "null";

    /// <summary>The data entry of the parameter's name where the task has one, else what the parameter declares.</summary>
    public const string Default = "default";

    /// <summary>Filled by the method.</summary>
    public const string Out = "out";

    /// <summary>Nothing yet: a gap.</summary>
    public const string Missing = "missing";

    internal const string DataPrefix = "data.";
    internal const string NewPrefix = "new:";

    internal static readonly string[] Words =
        [Input, Data, Messages, Message, Task, Cancellation, Collect, Services, Client, New, Value, Environment, Null, Default, Out, Missing];

    internal static bool IsKnown(string from) =>
        Words.Contains(from, StringComparer.Ordinal)
        || (from.StartsWith(DataPrefix, StringComparison.Ordinal) && from.Length > DataPrefix.Length)
        || (from.StartsWith(NewPrefix, StringComparison.Ordinal) && from.Length > NewPrefix.Length);
}
