using AgentCore.Learning;

namespace AgentCore.Tests.Learning;

public sealed class ThompsonTests
{
    private static readonly DateTimeOffset Now = new(2030, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly LearningOptions Options = new() { ExploreShare = 0 };
    private static readonly Remedy Good = Remedies.RetryLater(TimeSpan.FromSeconds(1));
    private static readonly Remedy Bad = Remedies.RepairJson();

    [Fact]
    public void Choose_NoEvidence_PlainRetryFirst()
    {
        for (var seed = 0; seed < 100; seed++)
            Assert.Null(Choose(seed, [], plainFailed: false));
    }

    [Fact]
    public void Choose_NoEvidencePlainFailed_RemediesAreTried() =>
        Assert.InRange(Enumerable.Range(0, 200).Count(s => Choose(s, [], plainFailed: true) is not null), 80, 190);

    [Fact]
    public void Choose_PlainRetryUseless_RemedyThoughUntried()
    {
        for (var seed = 0; seed < 50; seed++)
            Assert.NotNull(ThompsonChoice.Choose(new Random(seed), [Good, Bad], _ => new RemedyScore(0, 0, 0, Now), plainAllowed: false, plainFailed: false, Options));
    }

    [Fact]
    public void Choose_ProvedRemedy_TakenAlmostAlways()
    {
        var scores = new Dictionary<string, RemedyScore> { [Good.Id] = new(40, 2, 42, Now), [Bad.Id] = new(1, 30, 31, Now), [Remedies.PlainRetry] = new(3, 40, 43, Now) };

        Assert.InRange(Enumerable.Range(0, 200).Count(s => Choose(s, scores, plainFailed: false) == Good), 198, 200);
    }

    [Fact]
    public void Choose_RemedyWorseThanPlain_LeftAlone()
    {
        var scores = new Dictionary<string, RemedyScore> { [Good.Id] = new(2, 30, 32, Now), [Bad.Id] = new(1, 30, 31, Now), [Remedies.PlainRetry] = new(40, 10, 50, Now) };

        Assert.InRange(Enumerable.Range(0, 200).Count(s => Choose(s, scores, plainFailed: false) is null), 198, 200);
    }

    [Fact]
    public void Choose_WaitThatNeverHelped_SeldomTaken()
    {
        var later = Remedies.RetryLater(TimeSpan.FromSeconds(15));
        var never = new RemedyScore(0, 20, 20, Now);

        Assert.InRange(Enumerable.Range(0, 200).Count(s => Choose(s, plainAllowed: true) == later), 0, 20);
        Assert.InRange(Enumerable.Range(0, 200).Count(s => Choose(s, plainAllowed: false) == later), 0, 40);

        Remedy? Choose(int seed, bool plainAllowed) =>
            ThompsonChoice.Choose(new Random(seed), [later], _ => never, plainAllowed, plainFailed: true, Options);
    }

    [Fact]
    public void Choose_SameSeed_SameChoices()
    {
        var scores = new Dictionary<string, RemedyScore> { [Good.Id] = new(6, 5, 11, Now), [Bad.Id] = new(5, 6, 11, Now) };

        Assert.Equal(Enumerable.Range(0, 50).Select(s => Choose(s, scores, true)?.Id), Enumerable.Range(0, 50).Select(s => Choose(s, scores, true)?.Id));
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(3, 9)]
    [InlineData(50, 2)]
    public void Next_ManyDraws_MeanAndVarianceAreBetas(double a, double b)
    {
        var random = new Random(7);
        var draws = Enumerable.Range(0, 50_000).Select(_ => BetaSampler.Next(random, a, b)).ToList();
        var mean = draws.Average();

        Assert.All(draws, d => Assert.InRange(d, 0, 1));
        Assert.Equal(a / (a + b), mean, 0.01);
        Assert.Equal(a * b / ((a + b) * (a + b) * (a + b + 1)), draws.Average(d => (d - mean) * (d - mean)), 0.003);
    }

    [Fact]
    public void Add_BeyondMemory_OldOutcomesFade()
    {
        var score = new RemedyScore(0, 0, 0, Now);
        var options = new LearningOptions { Memory = 50 };
        for (var i = 0; i < 500; i++)
            score = score.Add(helped: true, Now, options);
        Assert.Equal(50, score.Evidence, 0.001);
        for (var i = 0; i < 100; i++)
            score = score.Add(helped: false, Now, options);

        Assert.Equal(600, score.Trials);
        Assert.InRange(score.Mean, 0, 0.2);
    }

    [Fact]
    public void At_HalfLifeLater_EvidenceIsHalf()
    {
        var score = new RemedyScore(8, 4, 12, Now).At(Now.AddDays(30), new LearningOptions());

        Assert.Equal((4, 2), (Math.Round(score.Successes, 6), Math.Round(score.Failures, 6)));
    }

    [Fact]
    public void Add_ClockWentBackAndRightAgain_EvidenceStays()
    {
        var options = new LearningOptions();
        var score = new RemedyScore(8, 4, 12, Now).Add(helped: true, Now.AddYears(-1), options);

        Assert.Equal(13, score.At(Now, options).Evidence, 0.001);
    }

    [Fact]
    public void Choose_MinimumAboveMemory_FullMemoryIsEnough()
    {
        var options = Options with { Memory = 10, MinEvidence = 1000 };
        var good = new RemedyScore(10, 0, 50, Now);

        Assert.Contains(Enumerable.Range(0, 50), s => ThompsonChoice.Choose(
            new Random(s), [Good], id => id == Good.Id ? good : new RemedyScore(0, 0, 0, Now), plainAllowed: true, plainFailed: false, options) == Good);
    }

    [Fact]
    public void Options_OutOfRange_Refused()
    {
        Assert.Contains("MinEvidence is 0", Assert.Throws<ArgumentException>(() => new LearningOptions { MinEvidence = 0 }).Message, StringComparison.Ordinal);
        Assert.Contains("ExploreShare is 2", Assert.Throws<ArgumentException>(() => new LearningOptions { ExploreShare = 2 }).Message, StringComparison.Ordinal);
        Assert.Contains("Memory is 1", Assert.Throws<ArgumentException>(() => new LearningOptions { Memory = 1 }).Message, StringComparison.Ordinal);
        Assert.Contains("HalfLife", Assert.Throws<ArgumentException>(() => new LearningOptions { HalfLife = TimeSpan.Zero }).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentOutOfRangeException>(() => Remedies.ReduceContext(1));
        Assert.Throws<ArgumentOutOfRangeException>(() => Remedies.RaiseTimeout(1));
        Assert.Throws<ArgumentOutOfRangeException>(() => Remedies.RetryLater(TimeSpan.Zero));
    }

    private static Remedy? Choose(int seed, Dictionary<string, RemedyScore> scores, bool plainFailed) => ThompsonChoice.Choose(
        new Random(seed), [Good, Bad], id => scores.GetValueOrDefault(id) ?? new RemedyScore(0, 0, 0, Now), plainAllowed: true, plainFailed, Options);
}
