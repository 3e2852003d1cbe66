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
        if (Interlocked.Increment(ref _calls) > MaxCalls)
            throw new OperationCanceledException("A stand-in was asked too often.");
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
            return typeof(Answering).GetMethod(maker, BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static)!.MakeGenericMethod(type.GetGenericArguments()[0]).Invoke(this, null);
        }

        return Value(type);
    }

    private Task<T> Done<T>() => Task.FromResult((T)Value(typeof(T))!);

    private ValueTask<T> DoneValue<T>() => new((T)Value(typeof(T))!);

    private static IAsyncEnumerable<T> None<T>() => AsyncEnumerable.Empty<T>();

    private object? Value(Type type)
    {
        if (type == typeof(object))
            return null;
        if (type == typeof(bool))
            return false;
        return _standIns!.Make(type, "", _environment!) ?? (type.IsValueType ? Activator.CreateInstance(type) : null);
    }
}
