using AgentCore.Adapters.Objects.Bindings;
using AgentCore.Adapters.Objects.Calls;
using AgentCore.Runs;

namespace AgentCore.Adapters.Objects;

// How the object is made, begun and let go.
public sealed partial class UniversalAgentAdapter
{
    internal override async ValueTask InitializeCoreAsync(CancellationToken cancellationToken)
    {
        // A failed run initialises the agent again; the object keeps what it knows.
        if (_begun)
            return;
        if (Class == AgentClass.E && Binding.Call is null)
            throw new InvalidOperationException($"{_type.FullName} can't be run: {_choice.Why}.");

        try
        {
            if (_target is null && !NeedsNoInstance)
                (_target, _owned) = Make();
        }
        catch (ArgumentMappingException e)
        {
            Blamed = e.At;
            throw;
        }

        try
        {
            _call ??= Compile();
            _life ??= new ObjectLife(_type, _shape, Binding.Lifecycle, _environment);
            await _life.BeginAsync(_target, cancellationToken).ConfigureAwait(false);
            await BeginHostedAsync(cancellationToken).ConfigureAwait(false);
            _begun = true;
        }
        catch (Exception e)
        {
            await AbandonAsync(cancellationToken).ConfigureAwait(false);
            if (_environment.Secrets.Hidden(e) is { } hidden)
                throw hidden;
            throw;
        }
    }

    internal override async ValueTask ShutdownCoreAsync(CancellationToken cancellationToken) =>
        await InTurnAsync(() => EndAsync(cancellationToken), cancellationToken).ConfigureAwait(false);

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        base.Dispose(disposing);
        if (disposing && _options.Scope is { } scope)
        {
            BlockingBridge.Run(async () =>
            {
                await scope.DisposeAsync().ConfigureAwait(false);
                return true;
            });
        }
    }

    /// <summary>An object that didn't begin is let go, and the next beginning makes a new one.</summary>
    private async ValueTask AbandonAsync(CancellationToken cancellationToken)
    {
        var target = _target;
        if (!_given)
            _target = null;
        try
        {
            if (_life is not null)
                await _life.LetGoAsync(target, _owned, cancellationToken).ConfigureAwait(false);
            else if (_owned)
                await ObjectLife.DisposeAsync(target).ConfigureAwait(false);
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            // Why it didn't begin is what has to be told.
        }
    }

    private async ValueTask EndAsync(CancellationToken cancellationToken)
    {
        if (!_begun)
            return;
        _begun = false;
        try
        {
            await EndHostedAsync(cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            var target = _target;
            if (!_given)
                _target = null;
            await Life.EndAsync(target, _owned, cancellationToken).ConfigureAwait(false);
        }
    }

    private (object Target, bool Owned) Make()
    {
        if (_options.Factory is { } factory)
            return (factory(_options.Services) ?? throw new InvalidOperationException("UniversalAgentOptions.Factory gave null."), true);
        // A program's own agent would have the program's model; made here, it has the one that is counted.
        return _options.Scope is null && _options.Services?.GetService(_type) is { } service ? (service, false) : Fresh(_environment);
    }

    /// <summary>A new object as the binding says, or where that can't be made, the one that the program registers.</summary>
    internal (object Target, bool Owned) Fresh(CallEnvironment environment)
    {
        try
        {
            return (new InstanceMaker(environment).Make(_type, Binding), true);
        }
        catch (Exception e) when (e is ArgumentMappingException or InvalidOperationException && _options.Scope is not null)
        {
            if (_options.Scope is not null && environment.Services?.GetService(_type) is { } service)
                return (service, false);
            throw;
        }
    }

    private ObjectCall? Compile()
    {
        if (_choice.Method is not { } method || Binding.Call is not null)
            return null;
        var types = Binding.MethodTypeArguments.Select(name => TypeNames.Find(name, _type.Assembly)).ToList();
        return ObjectCall.Create(_type, method, Binding.Arguments, Binding.Result, types, _environment);
    }
}
