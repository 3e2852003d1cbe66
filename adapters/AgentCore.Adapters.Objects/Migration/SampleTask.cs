using System.Text.Json.Nodes;
using AgentCore.Adapters.Objects.Bindings;
using AgentCore.Adapters.Objects.Calls;

namespace AgentCore.Adapters.Objects.Migration;

/// <summary>A task to try an agent with when the user gave none: a short text, and a plain value for each piece of data that its method asks for.</summary>
internal static class SampleTask
{
    public static AgentTask For(ObjectBinding binding, System.Reflection.MethodInfo? method)
    {
        var task = new AgentTask("Say hello.");
        foreach (var argument in binding.Arguments)
        {
            var type = method?.GetParameters().FirstOrDefault(p => p.Name == argument.Name)?.ParameterType;
            if (type is { IsByRef: true })
                type = type.GetElementType();
            if (type is null)
                continue;
            if (argument.From.StartsWith(ArgumentSource.DataPrefix, StringComparison.Ordinal))
                task = task.With(argument.From[ArgumentSource.DataPrefix.Length..], Value(type, 0));
            else if (argument.From == ArgumentSource.Input && Scalars.IsScalar(Nullable.GetUnderlyingType(type) ?? type))
                task = task with { Input = Value(type, 0)?.ToString() ?? "1" };
            else if (argument.From is ArgumentSource.Input or ArgumentSource.Task && Sequences.ElementOf(type) is { } element && element != typeof(string) && !Sequences.IsDictionary(type))
                task = task with { Input = Value(type, 0)!.ToJsonString() };
        }

        return task;
    }

    private static JsonNode? Value(Type type, int depth)
    {
        type = Nullable.GetUnderlyingType(type) ?? type;
        if (type == typeof(string))
            return "sample";
        if (type.IsEnum)
            return Enum.GetNames(type).FirstOrDefault() ?? "0";
        if (type == typeof(bool))
            return true;
        if (type == typeof(char))
            return "a";
        if (type.IsPrimitive || type == typeof(decimal))
            return 1;
        if (type == typeof(Guid))
            return "11111111-1111-1111-1111-111111111111";
        if (type == typeof(DateTime) || type == typeof(DateTimeOffset))
            return "2026-01-01T00:00:00Z";
        if (type == typeof(DateOnly))
            return "2026-01-01";
        if (type == typeof(TimeSpan) || type == typeof(TimeOnly))
            return "00:00:01";
        if (type == typeof(Uri))
            return "http://localhost/";
        if (Sequences.IsDictionary(type))
            return new JsonObject { ["sample"] = "sample" };
        if (Sequences.ElementOf(type) is { } element)
            return new JsonArray(depth < 2 ? [Value(element, depth + 1)] : []);
        return "sample";
    }
}
