using AgentCore.Adapters.Objects.Bindings;
using AgentCore.Adapters.Objects.Calls;
using AgentCore.Adapters.Objects.Loading;

namespace AgentCore.Adapters.Objects.Migration;

/// <summary>An agent as it is: an object of its own, made and called by plain reflection, with no agent around it.</summary>
internal sealed class OriginalRun : IAsyncDisposable
{
    private static readonly TimeSpan Moment = TimeSpan.FromSeconds(1);

    private readonly UniversalAgentAdapter _wrapped;
    private readonly CallEnvironment _environment;

    // What the program's services give once in a scope is another for the wrapped one.
    private readonly ProgramScope? _scope;
    private readonly ObjectCall? _call;
    private readonly ObjectLife _life;
    private object? _target;
    private bool _begun;

    public OriginalRun(UniversalAgentAdapter wrapped)
    {
        _wrapped = wrapped;
        var (type, binding) = (wrapped.WrappedType, wrapped.Binding);
        _scope = wrapped.Scope?.Another();
        _environment = _scope is null ? wrapped.Environment : wrapped.Environment with { Services = _scope.Services };
        _life = new ObjectLife(type, wrapped.Shape, binding.Lifecycle, _environment);
        if (wrapped.Choice.Method is not { } method)
            return;
        var types = binding.MethodTypeArguments.Select(n => TypeNames.Find(n, type.Assembly)).ToList();
        _call = ObjectCall.Create(type, method, binding.Arguments, binding.Result, types, _environment, compiled: false);
    }

    /// <summary>The object; null before the first run, and where none is needed.</summary>
    public object? Target => _target;

    public async Task<ObjectOutcome> RunAsync(AgentTask task, CancellationToken token)
    {
        if (!_begun)
            await BeginAsync(token).ConfigureAwait(false);
        return await _call!.RunAsync(_target, task, token).ConfigureAwait(false);
    }

    public ValueTask DisposeAsync() => _scope?.DisposeAsync() ?? default;

    /// <summary>Makes and starts it, and beats it once where it has a beat; what works in the background is given a moment to fail.</summary>
    public async Task LiveAsync(CancellationToken token)
    {
        await BeginAsync(token).ConfigureAwait(false);
        var hosted = _wrapped.Binding.Lifecycle.Start is null ? HostedCalls.Start(_target) : null;
        if (hosted is not null)
            await hosted(token).ConfigureAwait(false);
        if (_life.CanTick)
            await _life.TickAsync(_target, new AgentTask(""), token).ConfigureAwait(false);
        if ((HostedCalls.Work(_target) ?? _life.Work) is { } work && await Task.WhenAny(work, Task.Delay(Moment, token)).ConfigureAwait(false) == work)
            await work.ConfigureAwait(false);
        if (hosted is not null)
            await HostedCalls.Stop(_target)!(token).ConfigureAwait(false);
    }

    private async Task BeginAsync(CancellationToken token)
    {
        _target = Make();
        await _life.BeginAsync(_target, token).ConfigureAwait(false);
        _begun = true;
    }

    private object? Make()
    {
        if (_wrapped.NeedsNoInstance)
            return null;
        return _wrapped.Fresh(_environment).Target;
    }
}
