using AgentCore.Checkpoints;
using Microsoft.Extensions.Logging;

namespace AgentCore.Learning;

/// <summary>Learns which remedies help against which errors, and applies them: an agent gets one in
/// <see cref="AgentOptions.Learner"/>, and many agents may share it.</summary>
/// <remarks>A run that fails is tried again as <see cref="AgentOptions.Retry"/> says; the learner chooses what changes before each
/// retry, or nothing. The choice is kept in the run's journal, so that a resumed run goes on with it.</remarks>
public sealed class ErrorLearner
{
    private readonly Lock _lock = new();
    private readonly Random _random;
    private readonly Dictionary<string, Remedy> _remedies;

    /// <summary>Creates a learner.</summary>
    /// <param name="store">Where errors are kept; it is not disposed.</param>
    /// <param name="options">How it learns; null for the defaults.</param>
    /// <exception cref="ArgumentException">Two remedies have the same id.</exception>
    public ErrorLearner(ICheckpointStore store, LearningOptions? options = null)
        : this(new ErrorPatterns(store), options)
    {
    }

    /// <summary>Creates a learner whose store is opened with the first error.</summary>
    /// <param name="store">Gives the store where errors are kept, the same one each time; it is not disposed.</param>
    /// <param name="options">How it learns; null for the defaults.</param>
    /// <exception cref="ArgumentException">Two remedies have the same id.</exception>
    public ErrorLearner(Func<CancellationToken, ValueTask<ICheckpointStore>> store, LearningOptions? options = null)
        : this(new ErrorPatterns(store ?? throw new ArgumentNullException(nameof(store))), options)
    {
    }

    private ErrorLearner(ErrorPatterns patterns, LearningOptions? options)
    {
        Patterns = patterns;
        Options = options ?? new LearningOptions();
        _random = Options.Seed is { } seed ? new Random(seed) : new Random();
        _remedies = new Dictionary<string, Remedy>(StringComparer.Ordinal);
        foreach (var remedy in Options.Remedies)
        {
            if (remedy.Id == Remedies.PlainRetry || !_remedies.TryAdd(remedy.Id, remedy))
                throw new ArgumentException($"LearningOptions.Remedies has '{remedy.Id}' twice, or under the name of the plain retry. Give it another name or other parameters.", nameof(options));
        }
    }

    /// <summary>How it learns.</summary>
    public LearningOptions Options { get; }

    /// <summary>The errors that are kept.</summary>
    public ErrorPatterns Patterns { get; }

    internal Remedy? Find(string id) => _remedies.GetValueOrDefault(id);

    /// <summary>The remedies that fit an error and were not tried, in the order of their registration.</summary>
    internal IReadOnlyList<Remedy> Candidates(AgentError error, ErrorSignature signature, IReadOnlySet<string> tried) =>
        [.. Options.Remedies.Where(r => !tried.Contains(r.Id) && r.Fits(error, signature))];

    /// <summary>Notes that an error happened.</summary>
    internal async ValueTask<ErrorPattern?> SeeAsync(ErrorSignature signature, string? run, string? taskType, DateTimeOffset now, ILogger logger)
    {
        try
        {
            return await Patterns.UpdateAsync(
                signature.Key, p => (p ?? new ErrorPattern(signature, now, now, 0)).Seen(now, run, taskType), CancellationToken.None).ConfigureAwait(false);
        }
        catch (StoreException e)
        {
            // Learning must not fail a run.
            logger.LogWarning(e, "The error {Key} could not be kept.", signature.Key);
            return null;
        }
    }

    /// <summary>Notes whether something helped. An error that was forgotten meanwhile stays forgotten.</summary>
    internal async ValueTask RecordAsync(string signature, string remedy, bool helped, DateTimeOffset now, ILogger logger)
    {
        try
        {
            await Patterns.UpdateAsync(signature, p => p?.Tried(remedy, helped, now, Options), CancellationToken.None).ConfigureAwait(false);
        }
        catch (StoreException e)
        {
            logger.LogWarning(e, "The outcome of {Remedy} for the error {Key} could not be kept.", remedy, signature);
        }
    }

    /// <summary>The remedy for the next attempt; null for a plain retry.</summary>
    internal Remedy? Choose(IReadOnlyList<Remedy> candidates, ErrorPattern? pattern, bool plainAllowed, bool plainFailed, DateTimeOffset now)
    {
        lock (_lock)
            return ThompsonChoice.Choose(_random, candidates, Score, plainAllowed, plainFailed, Options);

        RemedyScore Score(string id) => pattern?.Remedies.TryGetValue(id, out var score) == true
            ? score.At(now, Options)
            : new RemedyScore(0, 0, 0, now);
    }
}
