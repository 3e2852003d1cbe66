namespace AgentCore;

/// <summary>Checks the time limits that options set.</summary>
internal static class TimeOption
{
    // The longest that a timer takes is a little more.
    private static readonly TimeSpan Longest = TimeSpan.FromDays(49);

    public static TimeSpan? Check(TimeSpan? value, string option) => value is { } time ? Check(time, option, ", or null for no limit") : null;

    public static TimeSpan Check(TimeSpan value, string option, string orElse = "") => value > TimeSpan.Zero && value <= Longest
        ? value
        : throw new ArgumentException($"{option} is {value}; choose a positive time of at most 49 days{orElse}.");
}
