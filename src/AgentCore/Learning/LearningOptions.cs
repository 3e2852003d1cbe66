namespace AgentCore.Learning;

/// <summary>How a learner tries and uses remedies.</summary>
public sealed record LearningOptions
{
    private readonly int _minEvidence = 5;
    private readonly double _exploreShare = 0.1;
    private readonly double _memory = 200;
    private readonly TimeSpan _halfLife = TimeSpan.FromDays(30);

    /// <summary>What it does about a known error; <see cref="AutoFix.On"/> by default. Without a learner in
    /// <see cref="AgentOptions.Learner"/> nothing is learned at all.</summary>
    public AutoFix AutoFix { get; init; } = AutoFix.On;

    /// <summary>The remedies that it may apply; <see cref="Learning.Remedies.Standard"/> by default.</summary>
    public IReadOnlyList<Remedy> Remedies { get; init; } = Learning.Remedies.Standard;

    /// <summary>How failed runs are tried again where the agent's own <see cref="AgentOptions.Retry"/> doesn't say; twice, after a
    /// second and two, by default.</summary>
    public RetryOptions Retry { get; init; } = new() { MaxRetries = 2 };

    /// <summary>How often a remedy must have been tried for an error before it is preferred to a plain retry: 1 to 1,000, 5 by
    /// default. Until then it is tried only after a plain retry has failed in the same run, or in a small share of runs.</summary>
    public int MinEvidence
    {
        get => _minEvidence;
        init => _minEvidence = value is >= 1 and <= 1000
            ? value
            : throw new ArgumentException($"LearningOptions.MinEvidence is {value}; choose 1 to 1,000.");
    }

    /// <summary>The share of failures in which a remedy without enough evidence may be tried at once: 0 to 1, 0.1 by default.</summary>
    public double ExploreShare
    {
        get => _exploreShare;
        init => _exploreShare = value is >= 0 and <= 1
            ? value
            : throw new ArgumentException($"LearningOptions.ExploreShare is {value}; choose 0 to 1.");
    }

    /// <summary>How many outcomes of a remedy weigh at most; older ones fade as newer ones come in. 10 or more, 200 by default.</summary>
    public double Memory
    {
        get => _memory;
        init => _memory = value is >= 10 and <= 1e9
            ? value
            : throw new ArgumentException($"LearningOptions.Memory is {value}; choose 10 or more.");
    }

    /// <summary>The time after which evidence weighs half; 30 days by default.</summary>
    public TimeSpan HalfLife
    {
        get => _halfLife;
        init => _halfLife = value > TimeSpan.Zero
            ? value
            : throw new ArgumentException($"LearningOptions.HalfLife is {value}; choose a positive time.");
    }

    /// <summary>What to write to have remedies applied, as whoever wrote these options knows them.</summary>
    internal string HowToApply { get; init; } = "Set LearningOptions.AutoFix to AutoFix.On";

    /// <summary>Seeds the choices; null for another seed each time.</summary>
    public int? Seed { get; init; }
}
