using System.Reflection;
using System.Text.Json;
using AgentCore.Adapters.Objects.Bindings;
using AgentCore.Adapters.Objects.Shapes;

namespace AgentCore.Adapters.Objects.Calls;

/// <summary>One method of an object, bound and compiled: from a task to an outcome.</summary>
internal sealed class ObjectCall
{
    private static readonly TimeSpan ReplyWait = TimeSpan.FromSeconds(30);

    private readonly CompiledCall _call;
    private readonly CallEnvironment _environment;
    private readonly string _resultKind;
    private readonly string _resultName;
    private readonly EventInfo? _event;
    private readonly PropertyInfo? _property;

    private ObjectCall(MethodShape method, CompiledCall call, CallEnvironment environment, Type type, string result)
    {
        Method = method;
        _call = call;
        _environment = environment;
        var parts = result.Split(':', 2);
        (_resultKind, _resultName) = (parts[0], parts.Length > 1 ? parts[1] : "");
        GivesText = method.Return.Kind == ResultKind.Text && _resultKind == "auto" && !method.Parameters.Any(p => p.ByRef);
        const BindingFlags Members = BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static;
        switch (_resultKind)
        {
            case "auto" or "collected":
                break;
            case "argument" when method.Parameters.Any(p => p.Name == _resultName):
                break;
            case "event":
                _event = type.GetEvent(_resultName, Members) ?? throw NoMember("event");
                break;
            case "property":
                _property = type.GetProperty(_resultName, Members) ?? throw NoMember("property");
                break;
            default:
                throw new ArgumentException($"The binding's result '{result}' is none of auto, collected, argument:NAME, property:NAME, event:NAME of {method.Signature}.");
        }

        ArgumentException NoMember(string what) => new($"The binding's result names {what} '{_resultName}', which {type.FullName} doesn't have.");
    }

    public MethodShape Method { get; }

    /// <summary>The awaited return value is the whole outcome, a text.</summary>
    public bool GivesText { get; }

    public static ObjectCall Create(
        Type type, MethodShape method, IReadOnlyList<ArgumentBinding> arguments, string result, IReadOnlyList<Type> typeArguments, CallEnvironment environment,
        bool compiled = true)
    {
        var source = method.Source!;
        if (source.IsGenericMethodDefinition)
        {
            source = source.MakeGenericMethod([.. typeArguments]);
            method = method with { Parameters = [.. source.GetParameters().Select(ShapeReader.Parameter)], Return = ReturnKinds.Of(source.ReturnType), Source = source };
        }

        var planned = new ArgumentPlanner(environment.Constructors, environment.Implementers).Plan(method);
        foreach (var argument in arguments.Where(a => !method.Parameters.Any(p => p.Name == a.Name)))
            throw new ArgumentException($"The binding fills '{argument.Name}', which {method.Signature} doesn't take.");
        var makers = method.Parameters.Zip(source.GetParameters(), planned)
            .Select(p => new ArgumentMaker(p.First, p.Second, arguments.FirstOrDefault(a => a.Name == p.First.Name) ?? p.Third, method.Name, environment))
            .ToList();
        var keep = result.StartsWith("argument:", StringComparison.Ordinal);
        var call = compiled || source.GetParameters().Any(p => p.ParameterType.IsByRefLike) ? CallCompiler.Compile(source, makers, keep) : ReflectionCall.Create(source, makers, keep);
        return new ObjectCall(method, call, environment, type, result);
    }

    /// <summary>Calls and gives the awaited return value as it is.</summary>
    public ValueTask<object?> RawAsync(object? target, AgentTask task, CancellationToken token) => _call(target, new CallFrame(task, _environment, token));

    public ValueTask<ObjectOutcome> RunAsync(object? target, AgentTask task, CancellationToken token)
    {
        var frame = new CallFrame(task, _environment, token);
        if (_event is not null)
            return WithEventAsync(target, frame);

        var pending = _call(target, frame);
        if (!pending.IsCompletedSuccessfully)
            return FinishAsync(pending, target, frame);

        // The common case costs no state machine: the call is over and gave text.
        var value = pending.Result;
        return value is string text && frame.Outputs is null && _resultKind == "auto"
            ? new ValueTask<ObjectOutcome>(new ObjectOutcome(text))
            : OutcomeAsync(value, target, frame);
    }

    private async ValueTask<ObjectOutcome> FinishAsync(ValueTask<object?> pending, object? target, CallFrame frame)
    {
        var value = await pending.ConfigureAwait(false);
        return await OutcomeAsync(value, target, frame).ConfigureAwait(false);
    }

    /// <summary>The outcome of a value that code of the user's own gave.</summary>
    public static async ValueTask<ObjectOutcome> OutcomeAsync(object? value, CancellationToken token) =>
        value is not null && value is not string && StreamReading.Read(value, token) is { } stream ? Streamed(await stream.ConfigureAwait(false)) : Outcome(value);

    private async ValueTask<ObjectOutcome> OutcomeAsync(object? value, object? target, CallFrame frame)
    {
        if (_resultKind == "property")
            return Outcome(_property!.GetValue(target));
        if (_resultKind == "argument")
            return Outcome(frame.Outputs?.GetValueOrDefault(_resultName) ?? frame.Made?.GetValueOrDefault(_resultName));
        if (value is not null && StreamReading.Read(value, frame.Token) is { } stream)
            return Streamed(await stream.ConfigureAwait(false));
        if (frame.Outputs is { } outputs)
            return WithOutputs(value, outputs);
        if (_resultKind == "collected" || (value is null && frame.Collector is not null))
            return await CollectedAsync(frame).ConfigureAwait(false);
        return Outcome(value);
    }

    private async ValueTask<ObjectOutcome> WithEventAsync(object? target, CallFrame frame)
    {
        var handler = ReplyChannels.Delegate(_event!.EventHandlerType!, frame.Collect());
        _event.AddEventHandler(target, handler);
        try
        {
            await _call(target, frame).ConfigureAwait(false);
            return await CollectedAsync(frame).ConfigureAwait(false);
        }
        finally
        {
            _event.RemoveEventHandler(target, handler);
        }
    }

    /// <summary>What was said through callbacks. A reply may come after the method returned; the first one is waited for.</summary>
    private async ValueTask<ObjectOutcome> CollectedAsync(CallFrame frame)
    {
        if (frame.Collector is not { } collector)
            return new ObjectOutcome("");
        var items = collector.Take();
        if (items.Count == 0 && _event is not null)
        {
            await collector.First.WaitAsync(ReplyWait, frame.Token).ConfigureAwait(false);
            items = collector.Take();
        }

        return Streamed(items);
    }

    private static ObjectOutcome Streamed(IReadOnlyList<object?> items)
    {
        var text = ResultText.OfStream(items);
        return new ObjectOutcome(text, items.All(i => i is string) ? null : ResultText.Data(items));
    }

    private static ObjectOutcome WithOutputs(object? value, Dictionary<string, object?> outputs)
    {
        var data = new Dictionary<string, object?>(outputs, StringComparer.Ordinal);
        if (value is not null)
            data["returned"] = value;
        var main = value is null or bool ? outputs.Values.FirstOrDefault(v => v is string) ?? outputs.Values.FirstOrDefault() : value;
        return new ObjectOutcome(ResultText.Of(main), ResultText.Data(data));
    }

    private static ObjectOutcome Outcome(object? value) => value switch
    {
        string text => new ObjectOutcome(text),
        ObjectOutcome ready => ready,
        // A lazy sequence is walked once: walking it is running it.
        IEnumerable<object> lazy and not System.Collections.ICollection => Whole(lazy.ToList()),
        System.Collections.IEnumerable lazy and not System.Collections.ICollection when !Sequences.IsDictionary(lazy.GetType()) && IsLazy(lazy.GetType()) => Whole(lazy.Cast<object?>().ToList()),
        _ => new ObjectOutcome(ResultText.Of(value), ResultText.Data(value)),
    };

    private static ObjectOutcome Whole(object list) => new(ResultText.Of(list), ResultText.Data(list));

    private static bool IsLazy(Type type) => type.IsDefined(typeof(System.Runtime.CompilerServices.CompilerGeneratedAttribute), false) || type.Namespace == "System.Linq";
}
