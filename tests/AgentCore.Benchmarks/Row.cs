namespace AgentCore.Benchmarks;

/// <summary>One figure against what it is compared with in the same run.</summary>
/// <param name="Name">What was measured.</param>
/// <param name="Value">The figure.</param>
/// <param name="Unit">Its unit.</param>
/// <param name="Baseline">The figure that it is compared with, in the same unit.</param>
/// <param name="Limit">What must hold, in words.</param>
/// <param name="Holds">Whether it does.</param>
internal sealed record Row(string Name, double Value, string Unit, double Baseline, string Limit, bool Holds)
{
    public double Ratio => Baseline == 0 ? 0 : Value / Baseline;

    /// <summary>A row whose value may be at most so much above its baseline.</summary>
    public static Row Above(string name, double value, string unit, double baseline, double most) =>
        new(name, value, unit, baseline, $"at most {most:0.##} {unit} above", value - baseline <= most);

    /// <summary>A row whose value has a limit of its own.</summary>
    public static Row AtMost(string name, double value, string unit, double most, double baseline = 0) =>
        new(name, value, unit, baseline, $"at most {most:0.##} {unit}", value <= most);

    /// <summary>A row whose ratio to its baseline has a limit.</summary>
    public static Row RatioAtMost(string name, double value, string unit, double baseline, double most) =>
        new(name, value, unit, baseline, $"ratio at most {most:0.##}", value / baseline <= most);

    /// <summary>A row whose ratio to its baseline must reach something.</summary>
    public static Row RatioAtLeast(string name, double value, string unit, double baseline, double least) =>
        new(name, value, unit, baseline, $"ratio at least {least:0.##}", value / baseline >= least);
}

/// <summary>The rows of one room.</summary>
internal interface IRows
{
    IAsyncEnumerable<Row> MeasureAsync();
}
