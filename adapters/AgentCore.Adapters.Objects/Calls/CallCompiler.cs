using System.Linq.Expressions;
using System.Reflection;
using AgentCore.Adapters.Objects.Shapes;

namespace AgentCore.Adapters.Objects.Calls;

/// <summary>Calls a method of an object for a frame, and gives what it returned, awaited.</summary>
internal delegate ValueTask<object?> CompiledCall(object? target, CallFrame frame);

/// <summary>Compiles a method and its arguments into one delegate, so that a call costs no reflection.</summary>
internal static class CallCompiler
{
    public static CompiledCall Compile(MethodInfo method, IReadOnlyList<ArgumentMaker> makers, bool keepArguments)
    {
        var target = Expression.Parameter(typeof(object), "target");
        var frame = Expression.Parameter(typeof(CallFrame), "frame");
        var locals = new List<ParameterExpression>();
        var before = new List<Expression>();
        var after = new List<Expression>();
        var arguments = new List<Expression>();

        foreach (var (parameter, maker) in method.GetParameters().Zip(makers))
        {
            var type = parameter.ParameterType.IsByRef ? parameter.ParameterType.GetElementType()! : parameter.ParameterType;
            var value = Value(type, parameter.Name!, maker, frame, keepArguments);
            if (!parameter.ParameterType.IsByRef)
            {
                arguments.Add(value);
                continue;
            }

            var local = Expression.Variable(type, parameter.Name);
            locals.Add(local);
            before.Add(Expression.Assign(local, value));
            arguments.Add(local);
            if (!parameter.IsIn)
            {
                after.Add(Expression.Call(
                    frame, nameof(CallFrame.Output), null, Expression.Constant(parameter.Name), Expression.Convert(local, typeof(object))));
            }
        }

        // A struct is called where it lies, so that it keeps what the call changed.
        var instance = method.IsStatic ? null : method.DeclaringType!.IsValueType ? Expression.Unbox(target, method.DeclaringType) : Expression.Convert(target, method.DeclaringType);
        var call = Expression.Call(instance, method, arguments);
        var body = after.Count == 0 && before.Count == 0 ? Result(call) : WithOutputs(call, locals, before, after);
        return Expression.Lambda<CompiledCall>(body, target, frame).Compile();
    }

    private static Expression Value(Type type, string name, ArgumentMaker maker, Expression frame, bool keep)
    {
        if (maker.IsPlainInput && !keep)
            return Expression.Property(Expression.Property(frame, nameof(CallFrame.Task)), nameof(AgentTask.Input));
        if (type == typeof(CancellationToken))
            return Expression.Property(frame, nameof(CallFrame.Token));
        if (type == typeof(ReadOnlySpan<char>))
        {
            var text = Expression.Property(Expression.Property(frame, nameof(CallFrame.Task)), nameof(AgentTask.Input));
            return Expression.Call(typeof(MemoryExtensions), nameof(MemoryExtensions.AsSpan), null, text);
        }

        var made = Expression.Convert(Expression.Call(Expression.Constant(maker), nameof(ArgumentMaker.Make), null, frame), type);
        return keep ? Expression.Call(frame, nameof(CallFrame.Keep), [type], Expression.Constant(name), made) : made;
    }

    private static BlockExpression WithOutputs(
        MethodCallExpression call, List<ParameterExpression> locals, List<Expression> before, List<Expression> after)
    {
        if (call.Type == typeof(void))
            return Expression.Block(locals, [.. before, call, .. after, Expression.Default(typeof(ValueTask<object?>))]);

        var returned = Expression.Variable(call.Type, "returned");
        return Expression.Block([.. locals, returned], [.. before, Expression.Assign(returned, call), .. after, Result(returned)]);
    }

    private static Expression Result(Expression returned)
    {
        var type = returned.Type;
        if (type == typeof(void))
            return Expression.Block(returned, Expression.Default(typeof(ValueTask<object?>)));
        if (type == typeof(Task))
            return Expression.Call(typeof(Awaiting), nameof(Awaiting.Task), null, returned);
        if (type == typeof(ValueTask))
            return Expression.Call(typeof(Awaiting), nameof(Awaiting.ValueTask), null, returned);
        if (type.IsGenericType && type.GetGenericTypeDefinition() == typeof(Task<>))
            return Expression.Call(typeof(Awaiting), nameof(Awaiting.TaskOf), type.GetGenericArguments(), returned);
        if (type.IsGenericType && type.GetGenericTypeDefinition() == typeof(ValueTask<>))
            return Expression.Call(typeof(Awaiting), nameof(Awaiting.ValueTaskOf), type.GetGenericArguments(), returned);

        if (Awaiting.CanAwait(type))
            return Expression.Call(typeof(Awaiting), nameof(Awaiting.AnyValue), null, Expression.Convert(returned, typeof(object)));

        var constructor = typeof(ValueTask<object?>).GetConstructor([typeof(object)])!;
        return Expression.New(constructor, Expression.Convert(returned, typeof(object)));
    }
}
