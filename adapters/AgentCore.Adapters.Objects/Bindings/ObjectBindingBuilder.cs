namespace AgentCore.Adapters.Objects.Bindings;

/// <summary>Writes a binding in code.</summary>
/// <typeparam name="T">The class to run.</typeparam>
public sealed class ObjectBindingBuilder<T>
    where T : class
{
    private readonly List<ArgumentBinding> _arguments = [];
    private readonly List<ArgumentBinding> _construct = [];
    private ObjectBinding _binding = new() { Type = typeof(T).FullName ?? typeof(T).Name, Name = typeof(T).Name };

    /// <summary>Names the agent.</summary>
    /// <param name="name">The name.</param>
    /// <param name="description">What it does.</param>
    public ObjectBindingBuilder<T> Named(string name, string? description = null) => With(b => b with { Name = name, Description = description });

    /// <summary>Names the method: by name, or by signature where there are overloads.</summary>
    /// <param name="method">For example <c>RunAsync</c> or <c>Task&lt;string&gt; RunAsync(string prompt)</c>.</param>
    public ObjectBindingBuilder<T> Method(string method) => With(b => b with { Method = method });

    /// <summary>Writes the call itself.</summary>
    /// <param name="call">Calls the object for a task.</param>
    public ObjectBindingBuilder<T> Call(Func<T, AgentTask, CancellationToken, Task<object?>> call)
    {
        ArgumentNullException.ThrowIfNull(call);
        return With(b => b with { Call = (target, task, token) => call((T)target, task, token) });
    }

    /// <summary>Says what fills a parameter.</summary>
    /// <param name="name">The parameter.</param>
    /// <param name="from">A word of <see cref="ArgumentSource"/>, or <c>data.NAME</c>.</param>
    /// <param name="value">For <c>value</c> and <c>env</c>.</param>
    public ObjectBindingBuilder<T> Argument(string name, string from, string? value = null)
    {
        _arguments.Add(new ArgumentBinding { Name = name, From = from, Value = value });
        return this;
    }

    /// <summary>Gives a parameter a fixed object.</summary>
    /// <param name="name">The parameter.</param>
    /// <param name="value">The object.</param>
    public ObjectBindingBuilder<T> ArgumentValue(string name, object? value)
    {
        _arguments.Add(Fixed(name, value));
        return this;
    }

    /// <summary>Gives a constructor parameter a fixed object.</summary>
    /// <param name="name">The parameter.</param>
    /// <param name="value">The object.</param>
    public ObjectBindingBuilder<T> Construct(string name, object? value)
    {
        _construct.Add(Fixed(name, value));
        return this;
    }

    /// <summary>Says where the result is: <c>argument:NAME</c>, <c>property:NAME</c>, <c>event:NAME</c> or <c>collected</c>.</summary>
    /// <param name="result">Where.</param>
    public ObjectBindingBuilder<T> Result(string result) => With(b => b with { Result = result });

    /// <summary>Names the lifecycle members.</summary>
    /// <param name="lifecycle">The members.</param>
    public ObjectBindingBuilder<T> Lifecycle(ObjectLifecycle lifecycle) => With(b => b with { Lifecycle = lifecycle });

    /// <summary>Declares that a call may be run again without harm.</summary>
    public ObjectBindingBuilder<T> Repeatable() => With(b => b with { Repeatable = true });

    /// <summary>Limits a call.</summary>
    /// <param name="timeout">The longest it may take.</param>
    public ObjectBindingBuilder<T> Timeout(TimeSpan timeout) => With(b => b with { Timeout = timeout });

    /// <summary>The binding.</summary>
    public ObjectBinding Build() => _binding with { Arguments = [.. _arguments], Construct = [.. _construct] };

    private static ArgumentBinding Fixed(string name, object? value) =>
        value is null
            ? new ArgumentBinding { Name = name, From = ArgumentSource.Null }
            : new ArgumentBinding { Name = name, From = ArgumentSource.Value, Given = value };

    private ObjectBindingBuilder<T> With(Func<ObjectBinding, ObjectBinding> change)
    {
        _binding = change(_binding);
        return this;
    }
}
