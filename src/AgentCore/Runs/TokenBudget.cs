using AgentCore.Text;
using Microsoft.Extensions.AI;

namespace AgentCore.Runs;

/// <summary>A run's tokens: what it has used, and what its calls in flight have reserved. A call beside others starts where
/// its reservation fits into the limit too, and waits for one of them to end where it doesn't; a call that has none beside it
/// starts while anything is left.</summary>
internal sealed class TokenBudget(Run run, UsageSum? used)
{
    // What a call without a bound is taken to answer until the run has had a longer answer.
    private const long LeastAnswer = 1_000;

    private readonly Lock _lock = run.UsageLock;
    private UsageSum? _used = used;
    private long _longestAnswer = LeastAnswer;
    private long _reserved;
    private int _inFlight;
    private bool _hasEnded;
    private LinkedList<TokenReservation>? _waiting;

    private long Used => _used?.Tokens ?? 0;

    /// <summary>Counts what a call used; false where that is too late.</summary>
    public bool Count(UsageDetails usage)
    {
        lock (_lock)
        {
            if (_hasEnded)
                return false;

            (_used ??= new UsageSum()).Add(usage);
            _longestAnswer = Math.Max(_longestAnswer, usage.OutputTokenCount ?? 0);
            return true;
        }
    }

    /// <summary>Ends the counting.</summary>
    /// <returns>What the run has used, in all its attempts and processes; null where no model was called.</returns>
    public UsageDetails? End()
    {
        lock (_lock)
        {
            _hasEnded = true;
            return _used?.Details;
        }
    }

    /// <summary>Refuses where the tokens are used up.</summary>
    public void ThrowIfOver()
    {
        long used;
        lock (_lock)
            used = Used;
        if (used >= run.Options.MaxTokens)
            throw Over(used);
    }

    /// <summary>Reserves what a call may use, and waits until that fits; null where the run has no limit.</summary>
    /// <param name="messages">What is sent.</param>
    /// <param name="options">How; its bound on the answer is what is reserved for it.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    /// <param name="isWithin">Whether a call in flight may wait for this one, which must not wait for it then.</param>
    /// <returns>The reservation, to be disposed when the call has ended and is counted.</returns>
    public ValueTask<TokenReservation?> ReserveAsync(IEnumerable<ChatMessage> messages, ChatOptions? options, CancellationToken cancellationToken, bool isWithin = false)
    {
        if (run.Options.MaxTokens is not { } most)
            return default;

        var reservation = new TokenReservation(this, Sent(messages, options) + (options?.MaxOutputTokens ?? Volatile.Read(ref _longestAnswer)));
        long used;
        lock (_lock)
        {
            used = Used;
            if (used < most && (isWithin || TokenReservation.IsWithin(this) || (_waiting is not { Count: > 0 } && Fits(reservation, most))))
                Take(reservation);
            else if (used < most)
                (_waiting ??= []).AddLast(reservation);
        }

        if (used >= most)
            throw Over(used);
        return reservation.IsHeld ? new(reservation) : WaitAsync(reservation, cancellationToken);
    }

    /// <summary>Gives a reservation back; once is enough.</summary>
    public void Release(TokenReservation reservation)
    {
        lock (_lock)
        {
            if (!reservation.IsHeld)
                return;

            reservation.IsHeld = false;
            _reserved -= reservation.Tokens;
            _inFlight--;
            LetIn();
        }
    }

    private async ValueTask<TokenReservation?> WaitAsync(TokenReservation reservation, CancellationToken cancellationToken)
    {
        using (cancellationToken.UnsafeRegister((_, token) => Leave(reservation, token), null))
            await reservation.Turn.Task.ConfigureAwait(false);

        if (!reservation.IsHeld)
            throw Over(Used);
        if (run.Stop is not null)
        {
            Release(reservation);
            run.ThrowIfStopped();
        }

        return reservation;
    }

    private void Leave(TokenReservation reservation, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            if (!_waiting!.Remove(reservation))
                return;

            reservation.Turn.SetCanceled(cancellationToken);
            LetIn();
        }
    }

    /// <summary>Lets those in that may start now, in the order in which they came; where nothing is left, tells all so.</summary>
    private void LetIn()
    {
        var most = run.Options.MaxTokens!.Value;
        while (_waiting?.First?.Value is { } next && (Used >= most || Fits(next, most)))
        {
            _waiting.RemoveFirst();
            if (Used < most)
                Take(next);
            next.Turn.SetResult();
        }
    }

    private bool Fits(TokenReservation reservation, long most) => _inFlight == 0 || Used + _reserved + reservation.Tokens <= most;

    private void Take(TokenReservation reservation)
    {
        reservation.IsHeld = true;
        _reserved += reservation.Tokens;
        _inFlight++;
    }

    private RunStoppedException Over(long used) => run.Halt(new RunStop(RunStatus.Limited, new StopReason(StopKind.MaxTokens,
        $"The run has used {used} tokens of the {run.Options.MaxTokens} that RunOptions.MaxTokens allows; raise it to go on.")));

    private static long Sent(IEnumerable<ChatMessage> messages, ChatOptions? options)
    {
        long tokens = TokenEstimate.Of(messages) + TokenEstimate.Of(options?.Instructions);
        foreach (var tool in options?.Tools?.OfType<AIFunctionDeclaration>() ?? [])
            tokens += TokenEstimate.Of(tool.Name) + TokenEstimate.Of(tool.Description) + TokenEstimate.Of(tool.JsonSchema.GetRawText());
        return tokens;
    }
}
