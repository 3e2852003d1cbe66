using System.Text.Json;
using System.Text.Json.Nodes;
using AgentCore.Adapters.Objects.Bindings;
using AgentCore.Adapters.Objects.Calls;

namespace AgentCore.Adapters.Objects.Migration;

/// <summary>Tasks to try an agent with when the user gave none: a short text, and a plain value for each piece of data that its method asks for.</summary>
internal static class SampleTask
{
    private const string Text = "Say hello.";

    // The cells of the smallest board that people play on.
    private const int Several = 9;

    /// <summary>The simplest first; where the method takes an object, also one with every part of it filled; where it takes a list, also one of several.</summary>
    public static IReadOnlyList<AgentTask> For(ObjectBinding binding, System.Reflection.MethodInfo? method)
    {
        var plain = Make(binding, method, filled: false);
        var filled = Make(binding, method, filled: true);
        List<AgentTask> all = plain.Input == filled.Input ? [plain] : [plain, filled];
        if (OfSeveral(binding.Arguments.Any(a => a.From == ArgumentSource.Input && IsTexts(method, a.Name)) ? filled with { Input = "[\"sample\"]" } : filled) is { } several)
            all.Add(several);
        return all;
    }

    private static bool IsTexts(System.Reflection.MethodInfo? method, string name) =>
        method?.GetParameters().FirstOrDefault(p => p.Name == name)?.ParameterType is { } type && type != typeof(string) && Sequences.ElementOf(type) == typeof(string) && !Sequences.IsDictionary(type);

    /// <summary>The same with lists of several; null where there is no list in it.</summary>
    private static AgentTask? OfSeveral(AgentTask task)
    {
        var input = task.Input.StartsWith('[') ? Longer(JsonNode.Parse(task.Input)) : null;
        var lists = task.Data.Where(d => d.Value.ValueKind == JsonValueKind.Array).Select(d => (d.Key, Longer: Longer(JsonArray.Create(d.Value)))).Where(d => d.Longer is not null).ToList();
        return input is null && lists.Count == 0
            ? null
            : lists.Aggregate(input is null ? task : task with { Input = input.ToJsonString() }, (t, d) => t.With(d.Key, d.Longer));
    }

    private static JsonArray? Longer(JsonNode? node) => node is JsonArray { Count: 1 } one ? new JsonArray([.. Enumerable.Range(0, Several).Select(_ => one[0]?.DeepClone())]) : null;

    private static AgentTask Make(ObjectBinding binding, System.Reflection.MethodInfo? method, bool filled)
    {
        var task = new AgentTask(Text);
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
            else if (filled && argument.From == ArgumentSource.Task && Object(type, 0) is { Count: > 0 } whole)
                task = task with { Input = whole.ToJsonString() };
        }

        return task;
    }

    public static JsonNode? Value(Type type, int depth)
    {
        type = Nullable.GetUnderlyingType(type) ?? type;
        if (type == typeof(string) || type == typeof(object))
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
            return Dictionary(type, depth);
        if (type is { IsArray: true } && type.GetArrayRank() == 2)
            return new JsonArray([.. Enumerable.Range(0, 3).Select(_ => new JsonArray([.. Enumerable.Range(0, 3).Select(_ => Value(type.GetElementType()!, 2))]))]);
        if (Sequences.ElementOf(type) is { } element)
            return new JsonArray(depth < 2 && !IsUnmakeable(element) ? [Value(element, depth + 1)] : []);
        return Object(type, depth) is { Count: > 0 } whole ? whole : "sample";
    }

    private static JsonObject Dictionary(Type type, int depth) =>
        Sequences.ElementOf(type) is { IsGenericType: true } pair && pair.GetGenericArguments() is [var key, var value] && depth < 2 && !IsUnmakeable(value)
            ? new JsonObject { [Value(key, depth + 1)?.ToString() ?? "sample"] = value == typeof(object) ? "sample" : Value(value, depth + 1) }
            : [];

    /// <summary>A list of tools is tried without any, where no tool can be made of words.</summary>
    private static bool IsUnmakeable(Type type) =>
        (type.IsInterface || type.IsAbstract) && Sequences.ElementOf(type) is null && Bindings.Implementers.Within(type.Assembly).Of(type).Count == 0;

    /// <summary>An object of the agents' own with a value for each part that plain data can fill.</summary>
    private static JsonObject? Object(Type type, int depth)
    {
        if (depth > 2 || type.IsInterface || type.IsAbstract || type.IsArray || typeof(Delegate).IsAssignableFrom(type) || Shapes.ShapeReader.IsFramework(type) && !ObjectMaker.IsTuple(type))
            return null;
        var text = ObjectMaker.TextMember(type);
        var json = new JsonObject();
        foreach (var (name, part) in ObjectMaker.Settable(type))
        {
            if (!json.ContainsKey(name) && (string.Equals(name, text, StringComparison.OrdinalIgnoreCase) ? Text : Part(part, depth)) is { } value)
                json[name] = value;
        }

        return json;
    }

    private static JsonNode? Part(Type type, int depth)
    {
        var plain = type == typeof(string) || Scalars.IsScalar(Nullable.GetUnderlyingType(type) ?? type) || Sequences.ElementOf(type) is not null || type == typeof(Uri);
        return plain ? Value(type, depth + 1) : Object(type, depth + 1);
    }
}
