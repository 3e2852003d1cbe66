using System.Text.Json;
using AgentCore.Adapters.Objects.Bindings;
using AgentCore.Adapters.Objects.Shapes;
using Microsoft.Extensions.AI;

namespace AgentCore.Adapters.Objects.Calls;

/// <summary>Makes the value of one parameter for each call, as its binding says.</summary>
internal sealed class ArgumentMaker
{
    private readonly ParameterShape _parameter;
    private readonly ArgumentBinding _binding;
    private readonly Type _type;
    private readonly ValueConverter _converter;
    private readonly string _what;
    private readonly object? _default;
    private readonly Func<Collector, object>? _channel;
    private readonly string? _key;
    private readonly IList<string?>? _tupleNames;

    public ArgumentMaker(ParameterShape parameter, System.Reflection.ParameterInfo info, ArgumentBinding binding, string method, CallEnvironment environment)
    {
        _parameter = parameter;
        _binding = binding;
        _type = info.ParameterType.IsByRef ? info.ParameterType.GetElementType()! : info.ParameterType;
        _converter = new ValueConverter(environment);
        if (_type.IsByRefLike && _type != typeof(ReadOnlySpan<char>))
            throw new ArgumentException($"{method}'s argument '{parameter.Name}' is a {parameter.TypeName}, which lives on the stack alone and can't be kept for a call. Write the call in code (.Call).");
        _what = $"{method}'s argument '{parameter.Name}'";
        _tupleNames = ObjectMaker.IsTuple(_type)
            ? info.GetCustomAttributes(false).OfType<System.Runtime.CompilerServices.TupleElementNamesAttribute>().FirstOrDefault()?.TransformNames
            : null;
        _default = info.HasDefaultValue && info.DefaultValue is { } declared && declared != DBNull.Value ? AsDeclared(declared) : Empty();
        _channel = binding.From == ArgumentSource.Collect ? ReplyChannels.For(_type) ?? throw Unusable("a callback, channel, progress or observer") : null;
        _key = binding.From.StartsWith(ArgumentSource.DataPrefix, StringComparison.Ordinal) ? binding.From[ArgumentSource.DataPrefix.Length..] : null;
        if (!ArgumentSource.IsKnown(binding.From))
            throw new ArgumentException($"{_what}: from '{binding.From}' is none of {string.Join(", ", ArgumentSource.Words)}, data.NAME, new:CLASS.");
    }

    /// <summary>Others take named values of the same task, so a text that is an object of such may name this one too.</summary>
    public bool HasNamedOthers { get; init; }

    public bool IsPlainInput => !HasNamedOthers && _binding.From == ArgumentSource.Input && _type == typeof(string);

    public object? Make(CallFrame frame)
    {
        try
        {
            return Value(frame);
        }
        catch (ArgumentMappingException e) when (e.Unmakeable && e.At.Count == 0)
        {
            throw new ArgumentMappingException(e.Message, e.InnerException) { At = [$"arguments.{_parameter.Name}"] };
        }
    }

    private object? Value(CallFrame frame)
    {
        var task = frame.Task;
        return _binding.From switch
        {
            ArgumentSource.Input => Input(task),
            ArgumentSource.Task => OfTask(task),
            ArgumentSource.Data => Data(task),
            ArgumentSource.Messages => Messages(task),
            ArgumentSource.Message => Message(task),
            ArgumentSource.Cancellation => frame.Token,
            ArgumentSource.Collect => _channel!(frame.Collect()),
            ArgumentSource.Null => null,
            ArgumentSource.Out => _type.IsValueType ? Activator.CreateInstance(_type) : null,
            ArgumentSource.Default => TaskValues.TryGet(task, _parameter.Name, out var named) ? _converter.Convert(named, _type, _what) : _default,
            ArgumentSource.Value => _binding.Given ?? _converter.FromText(_binding.Value ?? "", _type, _what),
            ArgumentSource.Environment => _converter.FromEnvironment(_binding.Value ?? _parameter.Name, Variable(), _type, _what),
            ArgumentSource.Client => Services.Find(frame.Environment, _type) ?? throw Missing("the host's model, and there is none: give UniversalAgentOptions.Client"),
            ArgumentSource.Missing => Gap(frame),
            _ when _key is not null => Named(task, _key),
            _ => FromServices(frame),
        };
    }

    private object FromServices(CallFrame frame)
    {
        try
        {
            return Services.Get(frame.Environment, _type, _binding, _what);
        }
        catch (ArgumentMappingException e)
        {
            throw new ArgumentMappingException($"{_what} ({_parameter.TypeName}) can't be made by convention: {e.Message}", e) { At = [$"arguments.{_parameter.Name}"] };
        }
    }

    private object? Input(AgentTask task)
    {
        // {"product": "tea", "amount": 2} names both.
        if (HasNamedOthers && task.Data.Count == 0 && TaskValues.InputObject(task) is { } json && TaskValues.TryGet(json, _parameter.Name, out var part))
            return _converter.Convert(part, _type, _what);
        if (_type == typeof(string))
            return task.Input;
        // A list of texts or a number may be given by name as well.
        if (task.Data.Count > 0 && TaskValues.TryGet(task, _parameter.Name, out var named))
            return _converter.Convert(named, _type, _what);
        return _converter.FromText(task.Input, _type, _what);
    }

    private object? OfTask(AgentTask task)
    {
        if (_type == typeof(AgentTask))
            return task;
        if (TaskValues.TryGet(task, _parameter.Name, out var named) && (named.ValueKind == JsonValueKind.Object || named.ValueKind == JsonValueKind.Array))
            return _converter.Convert(named, _type, _what);
        if ((TaskValues.Input(task, '{') ?? TaskValues.Input(task, '[')) is { } json)
        {
            if (json.ValueKind == JsonValueKind.Object && _parameter.Kind == ArgumentKind.Poco && !_type.IsAbstract && !HasNamedOthers)
                ObjectMaker.CheckNames(_type, json, _what);
            return _converter.Convert(ByPlace(json), _type, _what);
        }

        if (task.Data.Count == 0 || Sequences.ElementOf(_type) is not null)
            return _converter.FromText(task.Input, _type, _what);

        // Data by name, and the text where the class has a place for it.
        var values = task.Data.ToDictionary(d => d.Key, d => d.Value, StringComparer.OrdinalIgnoreCase);
        if (task.Input.Length > 0 && !_type.IsAbstract && ObjectMaker.TextMember(_type) is { } text)
            values.TryAdd(text, JsonSerializer.SerializeToElement(task.Input));
        return _converter.Convert(ByPlace(JsonSerializer.SerializeToElement(values)), _type, _what);
    }

    /// <summary>A tuple's parts may be given by the names they have in the signature.</summary>
    private JsonElement ByPlace(JsonElement json) => _tupleNames is null || json.ValueKind != JsonValueKind.Object
        ? json
        : JsonSerializer.SerializeToElement(_tupleNames.Take(_type.GetGenericArguments().Length)
            .Select((name, i) => TaskValues.TryGet(json, name ?? "", out var value) || TaskValues.TryGet(json, $"Item{i + 1}", out value) ? value : (JsonElement?)null));

    private object Data(AgentTask task)
    {
        var type = _type == typeof(object) ? typeof(Dictionary<string, object?>) : _type;
        List<(string, object?)> entries = [.. task.Data.Select(d => (d.Key, (object?)d.Value))];
        if (entries.Count == 0 && TaskValues.InputObject(task) is { } json)
            entries = [.. json.EnumerateObject().Select(p => (p.Name, (object?)p.Value))];
        if (entries.Count == 0 && task.Input.Length > 0)
            entries.Add(("input", task.Input));
        return Sequences.BuildDictionary(type, entries, _converter, _what);
    }

    private object? Messages(AgentTask task)
    {
        var messages = task.Messages.ToList();
        if (messages.Count == 0 || (task.Input.Length > 0 && messages[^1].Text != task.Input))
            messages.Add(new ChatMessage(ChatRole.User, task.Input));
        if (_type.IsInstanceOfType(messages))
            return messages;
        var element = Sequences.ElementOf(_type) ?? throw Unusable("a list of messages");
        return Sequences.Build(_type, element, [.. messages.Select(m => Message(element, m))], _what);
    }

    private object? Message(AgentTask task)
    {
        if (task.Messages.Count == 0 && TaskValues.InputObject(task) is { } json)
            return _converter.Convert(json, _type, _what);
        return Message(_type, task.Messages.Count > 0 ? task.Messages[^1] : new ChatMessage(ChatRole.User, task.Input));
    }

    private object? Message(Type type, ChatMessage message) =>
        MessageMaker.Makes(type) ? _converter.Messages.Make(type, message, _what) : _converter.FromText(message.Text, type, _what);

    private object? Named(AgentTask task, string key)
    {
        if (TaskValues.TryGet(task, key, out var value))
            return _converter.Convert(value, _type, _what);
        if (_parameter.Nullable)
            return null;
        if (Sequences.ElementOf(_type) is { } element && _type != typeof(string))
            return Sequences.IsDictionary(_type) ? Sequences.BuildDictionary(_type, [], _converter, _what) : Sequences.Build(_type, element, [], _what);
        throw new ArgumentMappingException($"{_what} ({_parameter.TypeName}) has no value: give the task data '{key}' (a task may be JSON: {{\"{key}\": …}}), or say in the binding what fills it.");
    }

    private object Gap(CallFrame frame)
    {
        if (TaskValues.TryGet(frame.Task, _parameter.Name, out var value) && _converter.Convert(value, _type, _what) is { } converted)
            return converted;
        return Services.Find(frame.Environment, _type) ?? frame.Environment.StandIns?.Make(_type, _parameter.Name, frame.Environment) ?? throw Missing($"no value: {_binding.Note ?? "say in the binding what fills it"}");
    }

    private string Variable() => Environment.GetEnvironmentVariable(_binding.Value ?? _parameter.Name)
        ?? throw Missing($"the environment variable {_binding.Value ?? _parameter.Name}, which is not set");

    private object? AsDeclared(object declared) => _type.IsEnum ? Enum.ToObject(_type, declared) : declared;

    private object? Empty() =>
        _parameter.Optional && _type.IsArray ? Array.CreateInstance(_type.GetElementType()!, 0) : _type.IsValueType && !_type.IsByRefLike ? Activator.CreateInstance(_type) : null;

    private ArgumentMappingException Missing(string needs) => new($"{_what} has {needs}.");

    private ArgumentException Unusable(string expected) => new($"{_what} is a {_parameter.TypeName}, not {expected}.");
}
