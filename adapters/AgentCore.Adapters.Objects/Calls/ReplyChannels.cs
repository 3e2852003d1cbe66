using System.Linq.Expressions;
using System.Reflection;
using System.Threading.Channels;
using AgentCore.Adapters.Objects.Shapes;

namespace AgentCore.Adapters.Objects.Calls;

/// <summary>Makes the callbacks, channels and observers that an agent answers through; all they are told goes to a collector.</summary>
internal static class ReplyChannels
{
    /// <summary>A maker for a parameter's type; null where the type is none of the kinds.</summary>
    public static Func<Collector, object>? For(Type type)
    {
        if (typeof(Delegate).IsAssignableFrom(type))
            return collector => Delegate(type, collector);
        if (!type.IsGenericType)
            return null;

        var maker = type.GetGenericTypeDefinition() switch
        {
            var d when d == typeof(IProgress<>) || d == typeof(IObserver<>) => nameof(Listener),
            var d when d == typeof(ChannelWriter<>) => nameof(Writer),
            var d when d == typeof(Channel<>) => nameof(Channel),
            _ => null,
        };
        return maker is null
            ? null
            : typeof(ReplyChannels).GetMethod(maker, BindingFlags.NonPublic | BindingFlags.Static)!
                .MakeGenericMethod(type.GetGenericArguments()[0]).CreateDelegate<Func<Collector, object>>();
    }

    /// <summary>A delegate of any shape that keeps its arguments: one as it is, an event's sender left out, several as an array.</summary>
    public static Delegate Delegate(Type type, Collector collector)
    {
        var invoke = type.GetMethod("Invoke")!;
        var parameters = invoke.GetParameters().Select(p => Expression.Parameter(p.ParameterType, p.Name)).ToArray();
        var told = parameters.Where(p => !p.Type.IsByRef && p.Type != typeof(CancellationToken)).ToArray();
        if (told.Length == 2 && told[0].Type == typeof(object))
            told = told[1..];
        Expression item = told.Length switch
        {
            0 => Expression.Constant(null),
            1 => Expression.Convert(told[0], typeof(object)),
            _ => Expression.NewArrayInit(typeof(object), told.Select(p => Expression.Convert(p, typeof(object)))),
        };
        var add = Expression.Call(Expression.Constant(collector), nameof(Collector.Add), null, item);
        var answer = Answer(invoke.ReturnType);
        return Expression.Lambda(type, answer is null ? add : Expression.Block(add, answer), parameters).Compile();
    }

    private static Expression? Answer(Type type)
    {
        if (type == typeof(void))
            return null;
        if (type == typeof(Task))
            return Expression.Constant(Task.CompletedTask);
        if (type == typeof(bool))
            return Expression.Constant(true);
        if (type.IsGenericType && type.GetGenericTypeDefinition() == typeof(Task<>))
        {
            var result = type.GetGenericArguments()[0];
            Expression value = result == typeof(bool) ? Expression.Constant(true) : Expression.Default(result);
            return Expression.Call(typeof(Task), nameof(Task.FromResult), [result], value);
        }

        return Expression.Default(type);
    }

    private static Listener<T> Listener<T>(Collector collector) => new(collector);

    private static ChannelWriter<T> Writer<T>(Collector collector) => Channel<T>(collector).Writer;

    private static Channel<T> Channel<T>(Collector collector)
    {
        var channel = System.Threading.Channels.Channel.CreateUnbounded<T>();
        collector.Finally(() =>
        {
            while (channel.Reader.TryRead(out var item))
                collector.Add(item);
        });
        return channel;
    }
}

internal sealed class Listener<T>(Collector collector) : IProgress<T>, IObserver<T>
{
    private readonly TaskCompletionSource _done = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Task Done => _done.Task;

    public void Report(T value) => collector.Add(value);

    public void OnNext(T value) => collector.Add(value);

    public void OnError(Exception error) => _done.TrySetException(error);

    public void OnCompleted() => _done.TrySetResult();
}
