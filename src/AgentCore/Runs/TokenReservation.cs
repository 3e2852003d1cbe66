namespace AgentCore.Runs;

/// <summary>Tokens that a call in flight may use. Disposing it gives them back.</summary>
internal sealed class TokenReservation(TokenBudget budget, long tokens) : IDisposable
{
    // The reservation of the call within which this code runs.
    private static readonly AsyncLocal<TokenReservation?> Current = new();

    private TokenBudget Budget { get; } = budget;

    public long Tokens { get; } = tokens;

    /// <summary>Whether it counts against the limit: from when it is its turn until it is given back.</summary>
    public bool IsHeld { get; set; }

    /// <summary>Whether it is that of a stream in whose midst its reader does something else: it ends only as the reader goes on.</summary>
    public bool IsPaused { get; set; }

    /// <summary>Done when it was let in, or when nothing was left.</summary>
    public TaskCompletionSource Turn { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Whether this code runs within a call that has a reservation: it must not wait for that one to end.</summary>
    public static bool IsWithin(TokenBudget budget) => Current.Value is { IsHeld: true } outer && ReferenceEquals(outer.Budget, budget);

    /// <summary>Makes what the calling method starts from here on a part of this call.</summary>
    public void Enter() => Current.Value = this;

    public void Dispose() => Budget.Release(this);
}
