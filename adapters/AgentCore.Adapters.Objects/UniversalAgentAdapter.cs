using System.Text.Json;
using AgentCore.Adapters.Objects.Bindings;
using AgentCore.Adapters.Objects.Calls;
using AgentCore.Adapters.Objects.Loading;
using AgentCore.Adapters.Objects.Shapes;
using AgentCore.Runs;

namespace AgentCore.Adapters.Objects;

/// <summary>Runs a .NET object of any shape as an agent: finds the method that executes it, fills its parameters from the task,
/// and reads its result, by convention or by a binding. A call is one opaque step, not repeatable unless declared so.</summary>
/// <remarks>Nothing of the object's code runs before <see cref="BaseAgent.Initialize"/>; <see cref="Explain"/> tells what would.</remarks>
public sealed partial class UniversalAgentAdapter : BaseAgent
{
    private const string StateKey = "object";

    private readonly Type _type;
    private readonly UniversalAgentOptions _options;
    private readonly AgentShape _shape;
    private readonly MethodChoice _choice;
    private readonly CallEnvironment _environment;
    private readonly StepOptions _step;
    private readonly bool _given;

    // An object that beats is entered by one at a time: a beat comes when its schedule says so, also while it runs.
    private readonly Turns? _turns;
    private object? _target;
    private ObjectCall? _call;
    private ObjectLife? _life;
    private bool _begun;

    // What the services made is theirs to dispose, as what was given is the caller's.
    private bool _owned;

    /// <summary>Wraps an object.</summary>
    /// <param name="instance">The object; it stays the caller's to dispose.</param>
    /// <param name="binding">What convention can't say; null for convention alone.</param>
    /// <param name="options">What it may be given; null for nothing.</param>
    /// <exception cref="ArgumentException">The binding doesn't fit the object's class.</exception>
    public UniversalAgentAdapter(object instance, ObjectBinding? binding = null, UniversalAgentOptions? options = null)
        : this(Plan.Make((instance ?? throw new ArgumentNullException(nameof(instance))).GetType(), binding, options, given: true))
    {
        _target = instance;
    }

    /// <summary>Wraps a class, which is made when the agent is initialised and disposed with it. A static class is called as it is.</summary>
    /// <param name="type">The class.</param>
    /// <param name="binding">What convention can't say; null for convention alone.</param>
    /// <param name="options">What it may be given; null for nothing.</param>
    /// <exception cref="ArgumentException">The binding doesn't fit the class.</exception>
    public UniversalAgentAdapter(Type type, ObjectBinding? binding = null, UniversalAgentOptions? options = null)
        : this(Plan.Make(type ?? throw new ArgumentNullException(nameof(type)), binding, options, given: false))
    {
    }

    private UniversalAgentAdapter(Plan plan)
        : base(plan.Metadata, plan.Options.Agent)
    {
        (_type, _options, _shape, _choice, _environment, _given) = (plan.Type, plan.Options, plan.Shape, plan.Choice, plan.Environment, plan.Given);
        Binding = plan.Binding;
        _step = new StepOptions { Repeatable = Binding.Repeatable, Timeout = Binding.Timeout };
        IsSynchronous = Binding.Call is null && _choice.Method is { Return: { Wrapper: ResultWrapper.None } returned }
            && returned.Kind is ResultKind.Text or ResultKind.Value or ResultKind.Nothing && !Binding.Result.StartsWith("event", StringComparison.Ordinal)
            && !AsyncVoid.Is(_choice.Method.Source);
        _turns = Binding.Lifecycle.Tick is null ? null : new Turns();
    }

    /// <summary>The binding that is followed: the given one, completed by convention.</summary>
    public ObjectBinding Binding { get; }

    /// <summary>How much it took to wrap the class.</summary>
    public AgentClass Class => Binding.Class;

    /// <summary>The wrapped object; null before it is made, and for a static class.</summary>
    public object? Instance => _target;

    internal override bool IsSynchronous { get; }

    internal Type WrappedType => _type;

    internal ProgramScope? Scope => _options.Scope;

    internal AgentShape Shape => _shape;

    internal MethodChoice Choice => _choice;

    internal CallEnvironment Environment => _environment;

    /// <summary>The compiled call with nothing around it, for measuring.</summary>
    internal Func<AgentTask, ValueTask<object?>> CompiledCall => task => _call!.RawAsync(_target, task, default);

    /// <summary>The places of the binding that kept the object from being made.</summary>
    internal IReadOnlyList<string> Blamed { get; private set; } = [];

    internal bool NeedsNoInstance => _shape.IsStatic || _choice.Method is { IsStatic: true };

    /// <summary>Tells what would be called, why, with what, and what is ignored. Runs nothing.</summary>
    public Explanation Explain() => Explainer.Explain(_shape, _choice, Binding, _given, _options.Factory is not null);

    /// <summary>The object's state, where it can give it.</summary>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>The state; null where the object has no pair of members to save and load it.</returns>
    /// <exception cref="InvalidOperationException">The agent isn't initialised.</exception>
    public async Task<JsonElement?> SaveStateAsync(CancellationToken cancellationToken = default) =>
        Life.CanSave ? await InTurnAsync(() => Life.SaveAsync(_target, cancellationToken), cancellationToken).ConfigureAwait(false) : null;

    /// <summary>Gives the object a state that it saved.</summary>
    /// <param name="state">The state.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="InvalidOperationException">The agent isn't initialised, or the object can't take a state.</exception>
    public async Task LoadStateAsync(JsonElement state, CancellationToken cancellationToken = default)
    {
        if (!Life.CanSave)
            throw new InvalidOperationException($"{_type.FullName} has no pair of members that save and load a state. Name them in the binding's lifecycle.");
        await InTurnAsync(() => Life.LoadAsync(_target, state, cancellationToken), cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    protected override AgentResult OnExecute(AgentContext context) =>
        throw new NotSupportedException("UniversalAgentAdapter runs InvokeAsync.");

    internal override ValueTask<AgentResult> InvokeAsync(AgentContext context)
    {
        // Nothing is kept, watched or bounded: a step would only cost time.
        var plain = context.Run is { Journal: null, HasWatcher: false } && Binding.Timeout is null && !context.CancellationToken.CanBeCanceled;
        if (_options.Scope is { } scope)
            return InScopeAsync(scope, context);
        if (!plain || _call is not { } call || Life.CanSave || _turns is not null || _environment.Model is not null)
            return InStepAsync(context);
        return call.GivesText ? Direct(call.RawAsync(_target, context.Task, default)) : Direct(call.RunAsync(_target, context.Task, default));
    }

    private async ValueTask<AgentResult> InScopeAsync(ProgramScope scope, AgentContext context)
    {
        scope.Enter();
        try
        {
            return await InStepAsync(context).ConfigureAwait(false);
        }
        finally
        {
            await scope.LeaveAsync().ConfigureAwait(false);
        }
    }

    private static ValueTask<AgentResult> Direct(ValueTask<object?> pending)
    {
        return pending.IsCompletedSuccessfully ? new ValueTask<AgentResult>(Text(pending.Result)) : Slow(pending);

        static AgentResult Text(object? value) => AgentResult.Done((string?)value ?? "");

        static async ValueTask<AgentResult> Slow(ValueTask<object?> pending) => Text(await pending.ConfigureAwait(false));
    }

    private static ValueTask<AgentResult> Direct(ValueTask<ObjectOutcome> pending)
    {
        return pending.IsCompletedSuccessfully ? new ValueTask<AgentResult>(Done(pending.Result)) : Slow(pending);

        static async ValueTask<AgentResult> Slow(ValueTask<ObjectOutcome> pending) => Done(await pending.ConfigureAwait(false));
    }

    private static AgentResult Done(ObjectOutcome outcome) => AgentResult.Done(outcome.Text, outcome.Data);

    private async ValueTask<AgentResult> InStepAsync(AgentContext context)
    {
        if (_choice.Method is null && Binding.Call is null)
            return await LiveAsync(context).ConfigureAwait(false);

        if (Life.CanSave && context.State.Get<JsonElement?>(StateKey) is { } state)
            await InTurnAsync(() => Life.LoadAsync(_target, state, context.CancellationToken), context.CancellationToken).ConfigureAwait(false);
        var step = new StepCall("step", _choice.Method?.Name ?? "call", null, _step.Repeatable, _step.Timeout);
        var outcome = await context.LeafAsync(step, s => RunAsync(context.Task, s), JsonCodec<ObjectOutcome>.For(null), IsSynchronous).ConfigureAwait(false);
        if (outcome.State is { } after)
            context.State.Set(StateKey, after);
        return Done(outcome);
    }

    private ValueTask<T> InTurnAsync<T>(Func<ValueTask<T>> enter, CancellationToken token) => _turns is null ? enter() : _turns.TakeAsync(enter, token);

    private async ValueTask InTurnAsync(Func<ValueTask> enter, CancellationToken token) => await InTurnAsync(
        async () =>
        {
            await enter().ConfigureAwait(false);
            return true;
        },
        token).ConfigureAwait(false);

    private ObjectLife Life => _life ?? throw NotInitialised();

    private InvalidOperationException NotInitialised() => new($"Agent '{Metadata.Name}' isn't initialised. Call Initialize first.");

    private ValueTask<ObjectOutcome> RunAsync(AgentTask task, StepContext step) =>
        _environment.Model is { } model ? CountedAsync(model, task, step) : RunAsync(task, step.CancellationToken);

    private async ValueTask<ObjectOutcome> CountedAsync(StepClient model, AgentTask task, StepContext step)
    {
        model.Step = step;
        return await RunAsync(task, step.CancellationToken).ConfigureAwait(false);
    }

    private ValueTask<ObjectOutcome> RunAsync(AgentTask task, CancellationToken token) =>
        _turns is null ? EnterAsync(task, token) : EnterInTurnAsync(_turns, task, token);

    private ValueTask<ObjectOutcome> EnterInTurnAsync(Turns turns, AgentTask task, CancellationToken token) =>
        turns.TakeAsync(() => EnterAsync(task, token), token);

    private ValueTask<ObjectOutcome> EnterAsync(AgentTask task, CancellationToken token)
    {
        if (Binding.Call is { } call)
            return CallAsync(call, task, token);
        var outcome = _call!.RunAsync(_target, task, token);
        return Life.CanSave ? WithStateAsync(outcome, token) : outcome;
    }

    private async ValueTask<ObjectOutcome> CallAsync(Func<object, AgentTask, CancellationToken, Task<object?>> call, AgentTask task, CancellationToken token)
    {
        try
        {
            var value = await call(_target!, task, token).ConfigureAwait(false);
            return await ObjectCall.OutcomeAsync(value, token).ConfigureAwait(false);
        }
        catch (Exception e) when (_environment.Secrets.Hidden(e) is { } hidden)
        {
            throw hidden;
        }
    }

    private async ValueTask<ObjectOutcome> WithStateAsync(ValueTask<ObjectOutcome> pending, CancellationToken token)
    {
        var outcome = await pending.ConfigureAwait(false);
        return outcome with { State = await Life.SaveAsync(_target, token).ConfigureAwait(false) };
    }
}
