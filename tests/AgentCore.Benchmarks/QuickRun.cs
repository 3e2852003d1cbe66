using System.Diagnostics;
using System.Text.Json;

namespace AgentCore.Benchmarks;

/// <summary>Measures all rows and prints them.</summary>
internal static class QuickRun
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    public static async Task<int> RunAsync(IReadOnlyList<IRows> rooms, bool json, string? only)
    {
        var watch = Stopwatch.StartNew();
        var rows = new List<Row>();
        if (!json)
            Console.WriteLine($"{"name",-52} {"value",12} {"unit",-8} {"baseline",12} {"ratio",8}  {"limit",-28} holds");
        foreach (var room in rooms)
        {
            if (only is not null && !room.GetType().Name.StartsWith(only, StringComparison.OrdinalIgnoreCase))
                continue;

            await foreach (var row in room.MeasureAsync())
            {
                rows.Add(row);
                if (!json)
                    Console.WriteLine($"{row.Name,-52} {row.Value,12:N2} {row.Unit,-8} {row.Baseline,12:N2} {row.Ratio,8:N2}  {row.Limit,-28} {(row.Holds ? "yes" : "NO")}");
            }
        }

        var failed = rows.Count(r => !r.Holds);
        if (json)
            Console.WriteLine(JsonSerializer.Serialize(rows, Json));
        else
            Console.WriteLine($"{rows.Count - failed} of {rows.Count} hold, in {watch.Elapsed.TotalSeconds:N0} s");
        return failed == 0 ? 0 : 1;
    }
}
