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
        var source = method.Source ?? throw Unreadable(type, method);
        if (source.IsGenericMethodDefinition)
        {
            source = source.MakeGenericMethod([.. typeArguments]);
            method = method with { Parameters = [.. source.GetParameters().Select(ShapeReader.Parameter)], Return = ReturnKinds.Of(source.ReturnType), Source = source };
        }

        var planned = new ArgumentPlanner(environment.Constructors, environment.Implementers).Plan(method);
        foreach (var argument in arguments.Where(a => !method.Parameters.Any(p => p.Name == a.Name)))
            throw new ArgumentException($"The binding fills '{argument.Name}', which {method.Signature} doesn't take.");
        var bindings = method.Parameters.Zip(planned, (p, plan) => arguments.FirstOrDefault(a => a.Name == p.Name) ?? plan).ToList();
        var named = bindings.Any(b => b.From.StartsWith(ArgumentSource.DataPrefix, StringComparison.Ordinal));
        var makers = method.Parameters.Zip(source.GetParameters(), bindings)
            .Select(p => new ArgumentMaker(p.First, p.Second, p.Third, method.Name, environment) { HasNamedOthers = named })
            .ToList();
        var keep = result.StartsWith("argument:", StringComparison.Ordinal);
        // An expression can't read what a ref return points to; reflection does.
        var call = (compiled && !source.ReturnType.IsByRef) || source.GetParameters().Any(p => p.ParameterType.IsByRefLike)
            ? CallCompiler.Compile(source, makers, keep)
            : ReflectionCall.Create(source, makers, keep);
        if (AsyncVoid.Is(source))
        {
            var called = call;
            call = (target, frame) => AsyncVoid.RunAsync(called, target, frame);
        }

        return new ObjectCall(method, environment.Secrets.Guard(call), environment, type, result);
    }

    /// <summary>A method whose signature was read from its names alone: something it needs isn't there.</summary>
    private static InvalidOperationException Unreadable(Type type, MethodShape method)
    {
        Exception? missing = null;
        try
        {
            const BindingFlags All = BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static;
            foreach (var named in type.GetMethods(All).Where(m => m.Name == method.Name))
                _ = (named.GetParameters(), named.ReturnType);
        }
        catch (Exception e) when (Inheritance.IsMissing(e))
        {
            missing = e;
        }

        return new InvalidOperationException(
            $"{method.Signature} of {type.FullName} can't be called: {(missing is null ? "a type of its signature is missing" : Inheritance.FirstLine(missing).TrimEnd('.'))}. Put the missing assembly beside {type.Assembly.GetName().Name}.", missing);
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
        await StreamedAsync(value, token).ConfigureAwait(false) ?? Outcome(await ResultContent.OfAsync(value, token).ConfigureAwait(false), token);

    private static async ValueTask<ObjectOutcome?> StreamedAsync(object? value, CancellationToken token) =>
        value is not null and not string && StreamReading.Read(value, token) is { } stream ? Streamed(await stream.ConfigureAwait(false)) : null;

    private async ValueTask<ObjectOutcome> OutcomeAsync(object? value, object? target, CallFrame frame)
    {
        if (_resultKind == "property")
            return await OutcomeAsync(_property!.GetValue(target), frame.Token).ConfigureAwait(false);
        if (_resultKind == "argument")
            return Outcome(frame.Outputs?.GetValueOrDefault(_resultName) ?? frame.Made?.GetValueOrDefault(_resultName), frame.Token);
        value = await ResultContent.OfAsync(value, frame.Token).ConfigureAwait(false);
        if (await StreamedAsync(value, frame.Token).ConfigureAwait(false) is { } streamed)
            return streamed;
        if (frame.Outputs is { } outputs)
            return WithOutputs(value, outputs);
        if (_resultKind == "collected" || (value is null && frame.Collector is not null))
            return await CollectedAsync(frame).ConfigureAwait(false);
        return Outcome(value, frame.Token);
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
            try
            {
                await collector.First.WaitAsync(ReplyWait, _environment.Time, frame.Token).ConfigureAwait(false);
            }
            catch (TimeoutException e)
            {
                throw new TimeoutException(
                    $"{Method.Name} returned, and the event '{_event.Name}' that answers was not raised within {ReplyWait.TotalSeconds:0} s of it. Where the answer is elsewhere, name it in the binding's result: property:NAME or event:NAME.", e);
            }

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

    private static ObjectOutcome Outcome(object? value, CancellationToken token)
    {
        if (value is string text)
            return new ObjectOutcome(text);
        if (value is ObjectOutcome ready)
            return ready;
        var whole = value is null ? null : StreamReading.Walk(value, token) ?? value;
        return new ObjectOutcome(ResultText.Of(whole), ResultText.Data(whole));
    }
}
