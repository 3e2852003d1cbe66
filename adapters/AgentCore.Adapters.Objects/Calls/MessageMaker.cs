using System.Reflection;
using System.Text.Json;
using AgentCore.Adapters.Objects.Shapes;
using Microsoft.Extensions.AI;

namespace AgentCore.Adapters.Objects.Calls;

/// <summary>Makes chat messages of any framework's type out of a role and a text.</summary>
internal sealed class MessageMaker(ValueConverter converter, CallEnvironment environment)
{
    private static readonly string[] ContentNames = ["content", "text", "message", "body", "contents", "parts", "value", "msg"];
    private static readonly string[] RoleNames = ["role", "authorrole", "author", "type", "kind", "sender", "speaker"];
    private static readonly string[] NameNames = ["from", "name", "authorname", "source", "sendername"];

    public static bool Makes(Type type) => type == typeof(ChatMessage) || MessageShape.IsMessage(type);

    public object Make(Type type, ChatMessage message, string what)
    {
        if (type == typeof(ChatMessage) || (type.IsAssignableFrom(typeof(ChatMessage)) && type != typeof(object)))
            return message;

        var values = new Dictionary<string, object?>(StringComparer.OrdinalIgnoreCase);
        foreach (var name in ContentNames)
            values[name] = message.Text;
        foreach (var name in RoleNames)
            values[name] = message.Role.Value;
        foreach (var name in NameNames)
            values[name] = message.AuthorName ?? message.Role.Value;
        var errors = new List<string>();
        foreach (var candidate in Candidates(type, message.Role))
        {
            try
            {
                if (Build(candidate, values) is { } made)
                    return made;
            }
            catch (Exception e) when (e is TargetInvocationException or ArgumentException or InvalidOperationException)
            {
                errors.Add($"{candidate.Name}: {(e.InnerException ?? e).Message}");
            }
        }

        throw new ArgumentMappingException(
            $"{what}: no {TypeText.Of(type)} can be made of a role and a text{(errors.Count > 0 ? $" ({errors[0]})" : "")}. Give the value in code (.ArgumentValue or .Call).")
        { Unmakeable = true };
    }

    public object? FromJson(Type type, JsonElement json, string what)
    {
        if (Read(json, ContentNames) is not { } content)
            return null;
        var role = new ChatRole(Read(json, RoleNames) ?? "user");
        return Make(type, new ChatMessage(role, content) { AuthorName = Read(json, NameNames) }, what);
    }

    private static string? Read(JsonElement json, string[] names)
    {
        foreach (var name in names)
        {
            if (TaskValues.TryGet(json, name, out var value) && value.ValueKind == JsonValueKind.String)
                return value.GetString();
        }

        return null;
    }

    private IEnumerable<Type> Candidates(Type type, ChatRole role)
    {
        if (!type.IsAbstract && !type.IsInterface)
            return [type];
        // Plain text first, then the role's own class (UserMessage, AssistantMessage), then the rest.
        return environment.Implementers.Of(type).Where(t => !t.ContainsGenericParameters)
            .OrderBy(t => t.Name.StartsWith("Text", StringComparison.Ordinal) ? 0
                : t.Name.Contains(role.Value, StringComparison.OrdinalIgnoreCase) ? 1
                : t.Name.Contains("Human", StringComparison.Ordinal) && role == ChatRole.User ? 1
                : t.Name.Contains("Text", StringComparison.Ordinal) ? 2
                : t.Name.Contains("Chat", StringComparison.Ordinal) ? 3 : 4)
            .ThenBy(t => t.Name.Length);
    }

    private object? Build(Type type, Dictionary<string, object?> values)
    {
        var all = type.GetConstructors(BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance)
            .Where(c => !c.IsPrivate && !(c.GetParameters() is [{ ParameterType: var only }] && only == type))
            .OrderByDescending(c => c.GetParameters().Count(p => values.ContainsKey(p.Name!)))
            .ThenBy(c => c.GetParameters().Length).ToList();
        // One that needs no part made for it goes first: making it may do something.
        foreach (var makes in new[] { false, true })
        {
            foreach (var constructor in all)
            {
                if (Arguments(constructor, values, makes) is { } arguments)
                    return Set(constructor.Invoke(arguments), values, constructor.GetParameters().Select(p => p.Name!).ToHashSet(StringComparer.OrdinalIgnoreCase));
            }
        }

        return type.IsValueType ? Set(Activator.CreateInstance(type)!, values, []) : null;
    }

    private object?[]? Arguments(ConstructorInfo constructor, Dictionary<string, object?> values, bool makes)
    {
        var parameters = constructor.GetParameters();
        var arguments = new object?[parameters.Length];
        for (var i = 0; i < parameters.Length; i++)
        {
            var p = parameters[i];
            if (values.TryGetValue(p.Name!, out var value) && TryConvert((string)value!, p.ParameterType, out var made))
                arguments[i] = made;
            else if (p.HasDefaultValue)
                arguments[i] = p.DefaultValue ?? (p.ParameterType.IsValueType ? Activator.CreateInstance(p.ParameterType) : null);
            else if (p.ParameterType.IsValueType)
                arguments[i] = Scalars.IsScalar(p.ParameterType) ? Activator.CreateInstance(p.ParameterType) : null;
            else if (p.ParameterType == typeof(string))
                arguments[i] = "";
            else if (Sequences.IsDictionary(p.ParameterType))
                arguments[i] = Sequences.BuildDictionary(p.ParameterType, [], converter, p.Name!);
            else if (Bindings.Nullability.AllowsNull(p))
                arguments[i] = null;
            // Whose message it is, say: an empty one of theirs.
            else if (makes && environment.Constructors.CanMake(p.ParameterType))
                arguments[i] = new InstanceMaker(environment).Make(p.ParameterType);
            else
                return null;
        }

        return arguments;
    }

    private object Set(object made, Dictionary<string, object?> values, HashSet<string> given)
    {
        foreach (var property in made.GetType().GetProperties(BindingFlags.Public | BindingFlags.Instance))
        {
            if (property.SetMethod is { IsPublic: true } && property.GetIndexParameters().Length == 0 && !given.Contains(property.Name)
                && values.TryGetValue(property.Name, out var value) && TryConvert((string)value!, property.PropertyType, out var converted))
                property.SetValue(made, converted);
        }

        return made;
    }

    /// <summary>A role may be a string, an enum, or a class with a static member or constructor for each role.</summary>
    private bool TryConvert(string text, Type type, out object? value)
    {
        value = null;
        type = Nullable.GetUnderlyingType(type) ?? type;
        if (type == typeof(string) || type == typeof(object))
        {
            value = text;
            return true;
        }

        if (type.IsEnum)
            return Enum.TryParse(type, text, ignoreCase: true, out value) || (text == "user" && Enum.TryParse(type, "Human", ignoreCase: true, out value));
        if (Scalars.IsScalar(type))
            return false;

        const BindingFlags Statics = BindingFlags.Public | BindingFlags.Static | BindingFlags.IgnoreCase;
        value = type.GetProperty(text, Statics)?.GetValue(null) ?? type.GetField(text, Statics)?.GetValue(null);
        if (type.IsInstanceOfType(value))
            return true;
        try
        {
            value = type.GetConstructor([typeof(string)])?.Invoke([text]) ?? converter.FromText(text, type, "a message");
            return type.IsInstanceOfType(value);
        }
        catch (Exception e) when (e is ArgumentException or TargetInvocationException or MissingMethodException)
        {
            value = null;
            return false;
        }
    }
}
