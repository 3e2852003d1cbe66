using System.Reflection;
using System.Runtime.CompilerServices;

namespace AgentCore.Adapters.Objects.Calls;

/// <summary>Where an <c>async void</c> method runs: it tells when the method has ended, and keeps what it throws, which would end the process elsewhere.</summary>
internal sealed class AsyncVoid : SynchronizationContext
{
    private readonly TaskCompletionSource _over = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Exception? _failure;

    // The call itself is the first.
    private int _open = 1;

    public static bool Is(MethodInfo? method) => method is not null && method.ReturnType == typeof(void) && method.IsDefined(typeof(AsyncStateMachineAttribute), false);

    /// <summary>Calls, and ends when the method does.</summary>
    public static async ValueTask<object?> RunAsync(CompiledCall call, object? target, CallFrame frame)
    {
        var context = new AsyncVoid();
        var before = Current;
        SetSynchronizationContext(context);
        ValueTask<object?> called;
        try
        {
            called = call(target, frame);
        }
        finally
        {
            SetSynchronizationContext(before);
        }

        await called.ConfigureAwait(false);
        context.OperationCompleted();
        await context._over.Task.WaitAsync(frame.Token).ConfigureAwait(false);
        return null;
    }

    public override SynchronizationContext CreateCopy() => this;

    public override void OperationStarted() => Interlocked.Increment(ref _open);

    public override void OperationCompleted()
    {
        if (Interlocked.Decrement(ref _open) > 0)
            return;
        if (_failure is { } failure)
            _over.TrySetException(failure);
        else
            _over.TrySetResult();
    }

    /// <summary>What is posted counts as well: a method that throws posts its exception, and only then says that it has ended.</summary>
    public override void Post(SendOrPostCallback d, object? state)
    {
        OperationStarted();
        ThreadPool.QueueUserWorkItem(_ => Run(d, state));
    }

    private void Run(SendOrPostCallback d, object? state)
    {
        var before = Current;
        SetSynchronizationContext(this);
        try
        {
            d(state);
        }
        catch (Exception e)
        {
            Interlocked.CompareExchange(ref _failure, e, null);
        }
        finally
        {
            SetSynchronizationContext(before);
            OperationCompleted();
        }
    }
}
