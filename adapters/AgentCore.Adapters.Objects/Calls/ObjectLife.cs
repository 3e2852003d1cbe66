using System.Text.Json;
using AgentCore.Adapters.Objects.Bindings;
using AgentCore.Adapters.Objects.Shapes;

namespace AgentCore.Adapters.Objects.Calls;

/// <summary>The compiled lifecycle of a wrapped object.</summary>
internal sealed class ObjectLife
{
    private static readonly AgentTask Nothing = new("");

    // StartAsync(token) with nothing that stops it runs until its token says so; async void Start() may go on as well, and nobody waited for it.
    private readonly bool _background;
    private readonly ObjectCall? _initialize;
    private readonly ObjectCall? _start;
    private readonly ObjectCall? _stop;
    private readonly ObjectCall? _tick;
    private readonly ObjectCall? _save;
    private readonly ObjectCall? _load;
    private readonly Type? _stateType;
    private Func<CancellationToken, Task>? _endWork;

    public ObjectLife(Type type, AgentShape shape, ObjectLifecycle members, CallEnvironment environment)
    {
        _initialize = Call(members.Initialize, 0);
        _start = Call(members.Start, 0);
        _stop = Call(members.Stop, 0);
        _tick = Call(members.Tick, 1);
        _save = Call(members.Save, 0);
        _load = Call(members.Load, 1);
        _background = (_start is { Method: { HasCancellation: true, Return.Wrapper: not ResultWrapper.None } } && _stop is null) || AsyncVoid.Is(_start?.Method.Source);
        _stateType = _load?.Method.Source!.GetParameters()[0].ParameterType;

        ObjectCall? Call(string? name, int data)
        {
            if (name is null)
                return null;
            var method = shape.Methods.Where(m => m.Name == name && m.Data.Count(p => !LifecycleShape.IsCommandLine(p)) <= data).OrderByDescending(m => m.Return.Wrapper != ResultWrapper.None).FirstOrDefault()
                ?? throw new ArgumentException($"The binding's lifecycle names '{name}', and {type.FullName} has no such method without data arguments.");
            return ObjectCall.Create(type, method, Known(method), "auto", [], environment);
        }
    }

    public bool CanTick => _tick is not null;

    public bool CanSave => _save is not null && _load is not null;

    /// <summary>What the object does in the background since it began; null where that is nothing.</summary>
    public Task? Work { get; private set; }

    public async ValueTask BeginAsync(object? target, CancellationToken token)
    {
        if (_initialize is not null)
            await _initialize.RawAsync(target, Nothing, token).ConfigureAwait(false);
        if (_start is null)
            return;
        if (!_background)
        {
            await _start.RawAsync(target, Nothing, token).ConfigureAwait(false);
            return;
        }

        var ends = new CancellationTokenSource();
        Task work = _start.RawAsync(target, Nothing, ends.Token).AsTask();
        _endWork = async limit =>
        {
            await ends.CancelAsync().ConfigureAwait(false);
            await work.WaitAsync(limit).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            ends.Dispose();
        };
        Work = work;
        if (work.IsFaulted)
            await work.ConfigureAwait(false);
    }

    public async ValueTask TickAsync(object? target, AgentTask task, CancellationToken token) =>
        await _tick!.RawAsync(target, task, token).ConfigureAwait(false);

    public async ValueTask EndAsync(object? target, bool owned, CancellationToken token)
    {
        try
        {
            if (_stop is not null)
                await _stop.RawAsync(target, Nothing, token).ConfigureAwait(false);
        }
        finally
        {
            await LetGoAsync(target, owned, token).ConfigureAwait(false);
        }
    }

    /// <summary>Ends without telling the object: it has said no already.</summary>
    public async ValueTask LetGoAsync(object? target, bool owned, CancellationToken token)
    {
        try
        {
            if (_endWork is { } endWork)
                await endWork(token).ConfigureAwait(false);
        }
        finally
        {
            (Work, _endWork) = (null, null);
            if (owned)
                await DisposeAsync(target).ConfigureAwait(false);
        }
    }

    public static async ValueTask DisposeAsync(object? target)
    {
        if (target is IAsyncDisposable asynchronous)
            await asynchronous.DisposeAsync().ConfigureAwait(false);
        else if (target is IDisposable disposable)
            disposable.Dispose();
    }

    public async ValueTask<JsonElement?> SaveAsync(object? target, CancellationToken token)
    {
        var state = await _save!.RawAsync(target, Nothing, token).ConfigureAwait(false);
        return state is string text ? JsonSerializer.SerializeToElement(text) : state is byte[] bytes ? JsonSerializer.SerializeToElement(bytes) : ResultText.Data(state);
    }

    public async ValueTask LoadAsync(object? target, JsonElement state, CancellationToken token)
    {
        // Bytes were kept as base64; everything else converts from its JSON.
        var task = _stateType == typeof(byte[])
            ? new AgentTask("").With(_load!.Method.Parameters[0].Name, state)
            : new AgentTask(state.ValueKind == JsonValueKind.String ? state.GetString()! : state.GetRawText()).With(_load!.Method.Parameters[0].Name, state);
        await _load.RawAsync(target, task, token).ConfigureAwait(false);
    }

    /// <summary>Update(float deltaTime): the task's <c>elapsed</c>, or one second. OnStart(string[] args): none.</summary>
    private static List<ArgumentBinding> Known(MethodShape method) =>
    [
        .. method.Data.Where(p => p.TypeName is "float" or "double" or "TimeSpan").Select(p => new ArgumentBinding { Name = p.Name, From = ArgumentSource.Value, Value = p.TypeName == "TimeSpan" ? "00:00:01" : "1" }),
        .. method.Data.Where(LifecycleShape.IsCommandLine).Select(p => new ArgumentBinding { Name = p.Name, From = ArgumentSource.Value, Value = "[]" }),
    ];
}
