namespace AgentCore.Tests.Teams.Trials;

/// <summary>A clock that runs a hundred times faster, so that what takes seconds is over in milliseconds.</summary>
internal sealed class ScaledTime : TimeProvider
{
    private const int Scale = 100;

    private readonly DateTimeOffset _start = System.GetUtcNow();

    public override DateTimeOffset GetUtcNow() => _start + ((System.GetUtcNow() - _start) * Scale);

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
        System.CreateTimer(callback, state, Scaled(dueTime), Scaled(period));

    private static TimeSpan Scaled(TimeSpan time) => time == Timeout.InfiniteTimeSpan ? time : time / Scale;
}
