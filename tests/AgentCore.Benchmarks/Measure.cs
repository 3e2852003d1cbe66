using System.Diagnostics;

namespace AgentCore.Benchmarks;

/// <summary>Time and memory of operations: the best of several batches, after the code is warm. Operations that are compared
/// take turns batch by batch, so that a noisy machine is noisy for each.</summary>
internal static class Measure
{
    /// <summary>Nanoseconds and bytes of one operation.</summary>
    public static async Task<Figures> OperationAsync(Func<ValueTask> operation, int count = 20_000) =>
        (await TogetherAsync(count, operation))[0];

    /// <summary>Nanoseconds and bytes of each operation.</summary>
    public static async Task<Figures[]> TogetherAsync(int count, params Func<ValueTask>[] operations)
    {
        // Tiered compilation replaces code in the background; the pauses let it.
        for (var i = 0; i < 4; i++)
        {
            foreach (var operation in operations)
                await RunAsync(operation, Math.Max(100, count / 2));
            await Task.Delay(60);
        }

        var best = new Figures[operations.Length];
        Array.Fill(best, new Figures(double.MaxValue, double.MaxValue));
        for (var batch = 0; batch < 15; batch++)
        {
            for (var i = 0; i < operations.Length; i++)
                best[i] = best[i].Best(await BatchAsync(operations[i], count));
        }

        return best;
    }

    private static async Task<Figures> BatchAsync(Func<ValueTask> operation, int count)
    {
        var allocated = GC.GetTotalAllocatedBytes(precise: true);
        var start = Stopwatch.GetTimestamp();
        await RunAsync(operation, count);
        var time = Stopwatch.GetElapsedTime(start).TotalNanoseconds / count;
        return new Figures(time, (GC.GetTotalAllocatedBytes(precise: true) - allocated) / (double)count);
    }

    private static async Task RunAsync(Func<ValueTask> operation, int count)
    {
        for (var i = 0; i < count; i++)
            await operation();
    }
}

/// <summary>What one operation takes.</summary>
internal readonly record struct Figures(double Nanoseconds, double Bytes)
{
    public Figures Best(Figures other) => new(Math.Min(Nanoseconds, other.Nanoseconds), Math.Min(Bytes, other.Bytes));
}
