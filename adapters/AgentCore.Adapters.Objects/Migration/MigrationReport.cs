using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace AgentCore.Adapters.Objects.Migration;

/// <summary>How an agent's migration ended.</summary>
public enum MigrationStatus
{
    /// <summary>Its binding is written; it was not run.</summary>
    Wrapped,

    /// <summary>It was run, and gives what the original gives.</summary>
    Verified,

    /// <summary>It was run, and fails as the original fails.</summary>
    SameError,

    /// <summary>Its binding is written; what is missing is named there.</summary>
    Gaps,

    /// <summary>There is nothing to execute.</summary>
    Nothing,

    /// <summary>It gives something else than the original.</summary>
    Different,

    /// <summary>It could not be wrapped or loaded.</summary>
    Failed,

    /// <summary>It did not end in time.</summary>
    TimedOut,

    /// <summary>The process ended twice while it ran; it is left out.</summary>
    Crashed,
}

/// <summary>One agent of a migration.</summary>
/// <param name="Name">The agent's name.</param>
/// <param name="Type">The class.</param>
/// <param name="Class">How much it takes to wrap it.</param>
/// <param name="Status">How it ended.</param>
/// <param name="Message">More on that.</param>
public sealed record MigrationItem(string Name, string Type, AgentClass Class, MigrationStatus Status, string Message)
{
    /// <summary>The binding's file; null where none was written.</summary>
    public string? File { get; init; }

    /// <summary>How long the original took, in milliseconds.</summary>
    public double? OriginalMs { get; init; }

    /// <summary>How long the wrapped one took, in milliseconds.</summary>
    public double? WrappedMs { get; init; }
}

/// <summary>What a migration came to.</summary>
public sealed record MigrationReport
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        WriteIndented = true,
        Converters = { new JsonStringEnumConverter() },
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <summary>The agents, by name.</summary>
    public required IReadOnlyList<MigrationItem> Items { get; init; }

    /// <summary>How many were done by an earlier, stopped migration.</summary>
    public int Resumed { get; init; }

    /// <summary>How long it took.</summary>
    public TimeSpan Elapsed { get; init; }

    /// <summary>The scan that it began with; null where bindings were verified as they lay.</summary>
    public ScanReport? Scan { get; init; }

    /// <summary>How many agents ended in each way.</summary>
    public IReadOnlyDictionary<MigrationStatus, int> Counts => Items.GroupBy(i => i.Status).OrderBy(g => g.Key).ToDictionary(g => g.Key, g => g.Count());

    /// <summary>Whether any agent needs a look: it differs, failed, hung or crashed.</summary>
    public bool HasFailures => Items.Any(i => i.Status >= MigrationStatus.Different);

    /// <summary>The report as one JSON document.</summary>
    public string ToJson() => JsonSerializer.Serialize(new { agents = Items.Count, Counts, Resumed, elapsedSeconds = Elapsed.TotalSeconds, Items, Scan?.MissingDependencies, Scan?.Problems }, Json);

    /// <summary>The report as lines of text. Control characters in names and messages are replaced.</summary>
    public string ToTable()
    {
        var name = Items.Count == 0 ? 4 : Items.Max(i => i.Name.Length);
        var timed = Items.Any(i => i.WrappedMs is not null);
        var lines = Items.Select(i => $"{i.Class}  {i.Status,-9}  {i.Name.PadRight(name)}  {(timed ? $"{Milliseconds(i.OriginalMs),9}  {Milliseconds(i.WrappedMs),9}  " : "")}{i.Message}").Select(PlainText.OfLine);
        var head = Items.Count == 0 ? "" : $"   {"status",-9}  {"name".PadRight(name)}  {(timed ? $"{"original",9}  {"wrapped",9}  " : "")}what came of it\n";
        var counts = string.Concat(Counts.Select((c, i) => $"{(i == 0 ? ": " : ", ")}{c.Value} {c.Key}"));
        return head + string.Join('\n', lines) + $"\n\n{Items.Count} agent{(Items.Count == 1 ? "" : "s")} in {Elapsed.TotalSeconds:0.0} s{counts}{(Resumed > 0 ? $"; {Resumed} were done before" : "")}\n{Scan?.Unread()}";
    }

    private static string Milliseconds(double? time) => time is { } ms ? string.Create(CultureInfo.InvariantCulture, $"{ms:0.0} ms") : "-";
}

/// <summary>What a shadow run came to.</summary>
internal sealed record Verification(MigrationStatus Status, string Message)
{
    public TimeSpan? Original { get; init; }

    public TimeSpan? Wrapped { get; init; }

    /// <summary>Places of the binding that convention filled and the object refused.</summary>
    public IReadOnlyList<string> Refused { get; init; } = [];
}
