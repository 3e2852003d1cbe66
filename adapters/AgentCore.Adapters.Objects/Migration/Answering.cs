using System.Reflection;
using AgentCore.Adapters.Objects.Calls;
using AgentCore.Adapters.Objects.Shapes;

namespace AgentCore.Adapters.Objects.Migration;

/// <summary>Implements any interface and answers each call with a plain value, an empty list, a stand-in.</summary>
[System.Diagnostics.CodeAnalysis.SuppressMessage("Performance", "CA1852", Justification = "DispatchProxy derives from it.")]
internal class Answering : DispatchProxy
{
    // An agent that asks again and again until the answer is another one must end.
    private const int MaxCalls = 10_000;

    private StandIns? _standIns;
    private CallEnvironment? _environment;
    private int _calls;

    public static object Of(Type type, StandIns standIns, CallEnvironment environment)
    {
        var made = Create(type, typeof(Answering));
        ((Answering)made)._standIns = standIns;
        ((Answering)made)._environment = environment;
        return made;
    }

    protected override object? Invoke(MethodInfo? targetMethod, object?[]? args)
    {
        var calls = Interlocked.Increment(ref _calls);
        // It caught that, and would keep a processor busy for ever.
        if (calls > 2 * MaxCalls)
            _standIns!.Park();
        if (calls > MaxCalls)
            throw new OperationCanceledException("A stand-in was asked too often.");
        Fill(targetMethod!, args);
        var type = targetMethod!.ReturnType;
        if (type == typeof(void))
            return null;
        if (type == typeof(Task))
            return Task.CompletedTask;
        if (type == typeof(ValueTask))
            return default(ValueTask);
        var open = type.IsGenericType ? type.GetGenericTypeDefinition() : null;
        if (open == typeof(Task<>) || open == typeof(ValueTask<>) || open == typeof(IAsyncEnumerable<>))
        {
            var maker = open == typeof(Task<>) ? nameof(Done) : open == typeof(ValueTask<>) ? nameof(DoneValue) : nameof(None);
            return typeof(Answering).GetMethod(maker, BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static)!.MakeGenericMethod(type.GetGenericArguments()[0]).Invoke(this, [Asked(targetMethod, args)]);
        }

        return Value(type, Asked(targetMethod, args));
    }

    /// <summary>What is asked for: GetApiKey, LogPath of IPaths, the item "OpenAI:Key". A text of several words is none of these.</summary>
    private static string Asked(MethodInfo method, object?[]? args) =>
        string.Join('.', (args ?? []).OfType<string>().Where(text => !text.Contains(' ', StringComparison.Ordinal)).Prepend(method.Name).Prepend(method.DeclaringType?.Name ?? ""));

    /// <summary>Who calls takes a number out of what it handed over, and finds nothing where there is none.</summary>
    private static void Fill(MethodInfo method, object?[]? args)
    {
        foreach (var p in method.GetParameters())
        {
            if (p.ParameterType is { IsByRef: true } type && type.GetElementType() is { IsValueType: true } part)
                args![p.Position] ??= Activator.CreateInstance(part);
        }
    }

    private Task<T> Done<T>(string asked) => Task.FromResult((T)Value(typeof(T), asked)!);

    private ValueTask<T> DoneValue<T>(string asked) => new((T)Value(typeof(T), asked)!);

    private static IAsyncEnumerable<T> None<T>(string asked) => AsyncEnumerable.Empty<T>();

    private object? Value(Type type, string asked)
    {
        // A text is promised, and nothing is made up for what reaches outside.
        if (type == typeof(string) && StandIns.ReachesOutside(asked))
            return "";
        if (type == typeof(object))
            return null;
        if (type == typeof(bool))
            return false;
        return _standIns!.Make(type, asked, _environment!) ?? (type.IsValueType ? Activator.CreateInstance(type) : null);
    }
}
