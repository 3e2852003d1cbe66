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
    private readonly Random _jitter;
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
        _jitter = Options.Seed is { } other ? new Random(other) : new Random();
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

    /// <summary>Tells of something in the learner's way. Learning must not fail a run, nor must the telling: an exception whose text
    /// can't be read fails its logger.</summary>
    internal static void Warn(ILogger logger, Exception e, string problem)
    {
        try
        {
            logger.LogWarning(e, "{Problem}", problem);
        }
        catch (Exception failure) when (failure is not OutOfMemoryException)
        {
            // Told to nobody.
        }
    }

    /// <summary>The remedies that fit an error and were not tried, in the order of their registration. One that can't say
    /// doesn't fit.</summary>
    internal IReadOnlyList<Remedy> Candidates(AgentError error, ErrorSignature signature, IReadOnlySet<string> tried, ILogger logger)
    {
        return [.. Options.Remedies.Where(r => !tried.Contains(r.Id) && Fits(r))];

        bool Fits(Remedy remedy)
        {
            try
            {
                return remedy.Fits(error, signature);
            }
            catch (Exception e)
            {
                Warn(logger, e, $"Whether the remedy {remedy.Id} fits the error {signature.Key} can't be told.");
                return false;
            }
        }
    }

    /// <summary>A share by which a wait is spread, from 0 to 1.</summary>
    internal double Jitter()
    {
        lock (_lock)
            return _jitter.NextDouble();
    }

    /// <summary>Notes that an error happened.</summary>
    /// <returns>What is known of it; null where it couldn't be kept.</returns>
    internal async ValueTask<ErrorPattern?> SeeAsync(ErrorSignature signature, string? run, string? taskType, DateTimeOffset now, ILogger logger)
    {
        try
        {
            return await Patterns.UpdateAsync(
                signature.Key, p => (p ?? new ErrorPattern(signature, now, now, 0)).Seen(now, run, taskType), CancellationToken.None).ConfigureAwait(false);
        }
        catch (Exception e)
        {
            Warn(logger, e, $"The error {signature.Key} could not be kept.");
            return null;
        }
    }

    /// <summary>Notes whether something helped. An error that was forgotten meanwhile stays forgotten.</summary>
    /// <returns>Whether it could be noted.</returns>
    internal async ValueTask<bool> RecordAsync(string signature, string remedy, bool helped, DateTimeOffset now, ILogger logger)
    {
        try
        {
            await Patterns.UpdateAsync(signature, p => p?.Tried(remedy, helped, now, Options), CancellationToken.None).ConfigureAwait(false);
            return true;
        }
        catch (Exception e)
        {
            Warn(logger, e, $"The outcome of {remedy} for the error {signature} could not be kept.");
            return false;
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
