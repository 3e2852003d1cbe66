using AgentCore.Adapters.Objects.Bindings;

namespace AgentCore.Adapters.Objects.Calls;

/// <summary>The environment variables that a binding reads. What stands in them is shown by no error: errors are printed and kept.</summary>
internal sealed class Secrets(IReadOnlyList<string> variables)
{
    // Less than this is a word that stands in many messages, and no secret.
    private const int Shortest = 4;

    public static Secrets None { get; } = new([]);

    public static Secrets Of(ObjectBinding binding) =>
        new([.. binding.Arguments.Concat(binding.Construct).Where(a => a.From == ArgumentSource.Environment).Select(a => a.Value ?? a.Name)]);

    /// <summary>The error without the values, and without what is inside it; null where none is in it.</summary>
    public Exception? Hidden(Exception error)
    {
        if (variables.Count == 0 || error is OperationCanceledException)
            return null;
        var found = variables.Select(name => (Name: name, Value: Environment.GetEnvironmentVariable(name)))
            .Where(v => v.Value is { Length: >= Shortest } && error.ToString().Contains(v.Value, StringComparison.Ordinal)).ToList();
        if (found.Count == 0)
            return null;

        var cause = error is System.Reflection.TargetInvocationException { InnerException: { } inner } ? inner : error;
        var message = found.Aggregate(cause.Message, (text, v) => text.Replace(v.Value!, $"${{{v.Name}}}", StringComparison.Ordinal));
        return cause is ArgumentMappingException mapping
            ? new ArgumentMappingException(message) { At = mapping.At, Unmakeable = mapping.Unmakeable }
            : new InvalidOperationException($"{cause.GetType().Name}: {message}");
    }

    public CompiledCall Guard(CompiledCall call)
    {
        return variables.Count == 0 ? call : CallAsync;

        async ValueTask<object?> CallAsync(object? target, CallFrame frame)
        {
            try
            {
                return await call(target, frame).ConfigureAwait(false);
            }
            catch (Exception e) when (Hidden(e) is { } hidden)
            {
                throw hidden;
            }
        }
    }
}
