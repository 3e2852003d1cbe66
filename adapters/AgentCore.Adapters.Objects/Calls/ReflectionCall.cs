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
        var arguments = Make(makers, frame);
        for (var i = 0; keep && i < arguments.Length; i++)
            frame.Keep(parameters[i].Name!, arguments[i]);
        var returned = method.Invoke(target, BindingFlags.DoNotWrapExceptions, null, arguments, null);
        foreach (var p in parameters.Where(p => p.ParameterType.IsByRef && !p.IsIn))
            frame.Output(p.Name!, arguments[p.Position]);
        return await Awaiting.AnyValue(returned).ConfigureAwait(false);
    }

    /// <summary>Makes all, so that of several that can't be made each is told.</summary>
    private static object?[] Make(IReadOnlyList<ArgumentMaker> makers, CallFrame frame)
    {
        var made = new object?[makers.Count];
        var refused = new List<ArgumentMappingException>();
        for (var i = 0; i < made.Length; i++)
        {
            try
            {
                made[i] = makers[i].Make(frame);
            }
            catch (ArgumentMappingException e) when (e.At.Count > 0)
            {
                refused.Add(e);
            }
        }

        return refused.Count switch
        {
            0 => made,
            1 => throw refused[0],
            _ => throw new ArgumentMappingException(string.Join(" ", refused.Select(e => e.Message)), refused[0]) { At = [.. refused.SelectMany(e => e.At)] },
        };
    }
}
