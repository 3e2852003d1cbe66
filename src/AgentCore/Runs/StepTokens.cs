using Microsoft.Extensions.AI;

namespace AgentCore.Runs;

/// <summary>The tokens that the code of a step counts and reserves, shared by all copies of the step's context.</summary>
internal sealed class StepTokens(AgentContext owner)
{
    // Seldom there: of steps that call models themselves.
    private UsageDetails? _spent;
    private List<TokenReservation>? _reserved;
    private bool _hasEnded;

    /// <summary>What was counted; null where nothing was.</summary>
    public UsageDetails? Spent => Volatile.Read(ref _spent);

    private TokenBudget Budget => owner.Run.Budget;

    public void Add(UsageDetails usage)
    {
        usage = UsageSum.Told(usage);
        owner.AddUsage(usage);
        lock (owner.Run.UsageLock)
            _spent = UsageSum.Of(_spent, usage);
    }

    public void ThrowIfOver() => Budget.ThrowIfOver();

    /// <summary>Reserves what a call may use; null where there is no limit, or where the step has ended and was left behind.</summary>
    public async ValueTask<TokenReservation?> ReserveAsync(IEnumerable<ChatMessage> messages, ChatOptions? options, CancellationToken cancellationToken)
    {
        if (owner.Run.Options.MaxTokens is null)
            return null;

        using var linked = CancellationTokenSource.CreateLinkedTokenSource(owner.CancellationToken, cancellationToken);
        bool hasPaused;
        lock (owner.Run.UsageLock)
            hasPaused = _reserved?.Exists(r => r is { IsHeld: true, IsPaused: true }) == true;
        var reservation = await Budget.ReserveAsync(messages, options, linked.Token, isWithin: hasPaused).ConfigureAwait(false);
        lock (owner.Run.UsageLock)
        {
            if (!_hasEnded)
            {
                _reserved ??= [];
                _reserved.RemoveAll(r => !r.IsHeld);
                _reserved.Add(reservation!);
                return reservation;
            }
        }

        reservation!.Dispose();
        return null;
    }

    /// <summary>Gives back what the step still has reserved: a call that was left behind may never end.</summary>
    public void End()
    {
        if (owner.Run.Options.MaxTokens is null)
            return;

        List<TokenReservation>? left;
        lock (owner.Run.UsageLock)
        {
            _hasEnded = true;
            left = _reserved;
        }

        foreach (var reservation in left ?? [])
            reservation.Dispose();
    }
}
