using System.Diagnostics;
using System.Numerics;

namespace AgentCore.Tools;

/// <summary>Counts and times of one tool's calls, kept without locks. Times fall into buckets an eighth of a power of two
/// wide, so that a percentile is at most 12.5% too high.</summary>
public sealed class ToolStatistics
{
    private const int SubBuckets = 8;
    private readonly long[] _buckets = new long[64 * SubBuckets];
    private long _failures;
    private long _ticks;

    /// <summary>Calls that were made, failed ones included. Refused calls are not counted.</summary>
    public long Calls
    {
        get
        {
            long calls = 0;
            for (var i = 0; i < _buckets.Length; i++)
                calls += Interlocked.Read(ref _buckets[i]);
            return calls;
        }
    }

    /// <summary>Calls that threw or ran out of time.</summary>
    public long Failures => Interlocked.Read(ref _failures);

    /// <summary>The mean time of a call; zero before the first.</summary>
    public TimeSpan Mean => Calls is var calls and > 0 ? Time(Interlocked.Read(ref _ticks) / calls) : TimeSpan.Zero;

    /// <summary>The time within which 95 of 100 calls ended, to the upper edge of its bucket; zero before the first.</summary>
    public TimeSpan P95 => Percentile(0.95);

    internal void Record(long elapsedTicks, bool failed)
    {
        Interlocked.Add(ref _ticks, elapsedTicks);
        Interlocked.Increment(ref _buckets[Bucket(elapsedTicks)]);
        if (failed)
            Interlocked.Increment(ref _failures);
    }

    private static TimeSpan Time(long stopwatchTicks) => TimeSpan.FromSeconds(stopwatchTicks / (double)Stopwatch.Frequency);

    private static int Bucket(long ticks)
    {
        if (ticks < SubBuckets)
            return (int)Math.Max(0, ticks);

        var power = BitOperations.Log2((ulong)ticks);
        return (power - 2) * SubBuckets + (int)((ticks >> (power - 3)) & (SubBuckets - 1));
    }

    private static long UpperEdge(int bucket)
    {
        if (bucket < SubBuckets)
            return bucket + 1;

        var power = bucket / SubBuckets + 2;
        return (SubBuckets + bucket % SubBuckets + 1L) << (power - 3);
    }

    private TimeSpan Percentile(double share)
    {
        var total = Calls;
        if (total == 0)
            return TimeSpan.Zero;

        var rank = (long)Math.Ceiling(total * share);
        long seen = 0;
        for (var i = 0; i < _buckets.Length; i++)
        {
            seen += Interlocked.Read(ref _buckets[i]);
            if (seen >= rank)
                return Time(UpperEdge(i));
        }

        return Time(UpperEdge(_buckets.Length - 1));
    }
}
