using System.Reflection;

namespace AgentCore.Adapters.Objects.Calls;

/// <summary>Calls a method the plain way, by reflection: what a shadow run compares the compiled call with.</summary>
internal static class ReflectionCall
{
    public static CompiledCall Create(MethodInfo method, IReadOnlyList<ArgumentMaker> makers, bool keepArguments)
    {
        var parameters = method.GetParameters();
        return (target, frame) => new ValueTask<object?>(CallAsync(method, parameters, makers, keepArguments, target, frame));
    }

    private static async Task<object?> CallAsync(
        MethodInfo method, ParameterInfo[] parameters, IReadOnlyList<ArgumentMaker> makers, bool keep, object? target, CallFrame frame)
    {
        var arguments = makers.Select(m => m.Make(frame)).ToArray();
        for (var i = 0; keep && i < arguments.Length; i++)
            frame.Keep(parameters[i].Name!, arguments[i]);
        var returned = method.Invoke(target, BindingFlags.DoNotWrapExceptions, null, arguments, null);
        foreach (var p in parameters.Where(p => p.ParameterType.IsByRef && !p.IsIn))
            frame.Output(p.Name!, arguments[p.Position]);
        return await Awaiting.AnyValue(returned).ConfigureAwait(false);
    }
}
