namespace AgentCore.Learning;

/// <summary>An error that happened once or more, and what was tried against it.</summary>
/// <param name="Signature">What makes it this error.</param>
/// <param name="FirstSeen">When it happened first.</param>
/// <param name="LastSeen">When it happened last.</param>
/// <param name="Count">How often it happened.</param>
public sealed record ErrorPattern(ErrorSignature Signature, DateTimeOffset FirstSeen, DateTimeOffset LastSeen, long Count)
{
    /// <summary>Its short name, as <c>errors show</c> takes it.</summary>
    public string Key => Signature.Key;

    /// <summary>The run in which it happened last; null where no journal was kept.</summary>
    public string? LastRun { get; init; }

    /// <summary>The kind of task in which it happened last; null where the task had none.</summary>
    public string? LastTaskType { get; init; }

    /// <summary>What was tried, by remedy: <see cref="Remedies.PlainRetry"/> and the ids of remedies.</summary>
    public IReadOnlyDictionary<string, RemedyScore> Remedies { get; init; } = new Dictionary<string, RemedyScore>();

    /// <summary>The remedy with the best mean among those with this much evidence; null where there is none.</summary>
    /// <param name="minEvidence">The evidence that it must have.</param>
    public string? Best(double minEvidence) => Remedies
        .Where(r => r.Value.Evidence >= minEvidence)
        .OrderByDescending(r => r.Value.Mean)
        .Select(r => r.Key)
        .FirstOrDefault();

    internal ErrorPattern Seen(DateTimeOffset now, string? run, string? taskType) =>
        this with { LastSeen = now > LastSeen ? now : LastSeen, Count = Count + 1, LastRun = run ?? LastRun, LastTaskType = taskType };

    internal ErrorPattern Tried(string remedy, bool helped, DateTimeOffset now, LearningOptions options)
    {
        var before = Remedies.TryGetValue(remedy, out var score) ? score : new RemedyScore(0, 0, 0, now);
        return this with { Remedies = new Dictionary<string, RemedyScore>(Remedies) { [remedy] = before.Add(helped, now, options) } };
    }
}
