using System.Globalization;
using AgentCore.Checkpoints;
using AgentCore.Learning;
using AgentCore.Testing;

namespace AgentCore.Tests.Learning;

public sealed class ErrorPatternsTests : IAsyncLifetime
{
    private static readonly DateTimeOffset Now = new(2030, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private readonly MemoryCheckpointStore _store = new();
    private readonly ErrorPatterns _patterns;

    public ErrorPatternsTests() => _patterns = new ErrorPatterns(_store);

    [Fact]
    public async Task Get_UnknownOrAmbiguousKey_SaysSo()
    {
        await SeeAsync("a");
        await SeeAsync("b");
        var keys = (await ListAsync()).Select(p => p.Key).ToList();

        Assert.Contains("begins with 'zzz'", (await Assert.ThrowsAsync<ArgumentException>(() => _patterns.GetAsync("zzz"))).Message, StringComparison.Ordinal);
        await Assert.ThrowsAnyAsync<ArgumentException>(() => _patterns.GetAsync(""));
        Assert.Equal(keys[0], (await _patterns.GetAsync(keys[0][..8])).Key);
    }

    [Fact]
    public async Task Update_ManyWritersAtOnce_NothingLost()
    {
        var signature = Signature("busy");
        await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => Task.Run(async () =>
        {
            for (var i = 0; i < 10; i++)
                await _patterns.UpdateAsync(signature.Key, p => (p ?? new ErrorPattern(signature, Now, Now, 0)).Seen(Now, null, null), default);
        })));

        Assert.Equal(200, (await _patterns.GetAsync(signature.Key)).Count);
    }

    [Fact]
    public async Task Update_MoreWritersThanAnyonesPatience_NothingLost()
    {
        var signature = Signature("busy");
        var read = new TaskCompletionSource();
        var patterns = new ErrorPatterns(async _ =>
        {
            await read.Task;
            return _store;
        });
        var writers = Enumerable.Range(0, 300).Select(_ =>
            patterns.UpdateAsync(signature.Key, p => (p ?? new ErrorPattern(signature, Now, Now, 0)).Seen(Now, null, null), default).AsTask()).ToList();

        read.SetResult();
        await Task.WhenAll(writers);

        Assert.Equal(300, (await _patterns.GetAsync(signature.Key)).Count);
    }

    [Fact]
    public async Task Update_OneFailed_TheNextGoesOn()
    {
        await Assert.ThrowsAsync<IOException>(() => _patterns.UpdateAsync("k", _ => throw new IOException(), default).AsTask());

        Assert.NotEmpty(await SeeAsync("a"));
    }

    [Fact]
    public async Task Update_ManyDifferentErrors_ThoseNotSeenForLongestAreDropped()
    {
        var often = Signature("often");
        for (var i = 0; i < 2500; i++)
        {
            var now = Now.AddSeconds(i);
            await SeeAsync(Word(i), now);
            await _patterns.UpdateAsync(often.Key, p => (p ?? new ErrorPattern(often, now, now, 0)).Seen(now, null, null), default);
        }

        var kept = await ListAsync();
        Assert.InRange(kept.Count, 900, 1000);
        Assert.Contains(kept, p => p.Signature == often && p.Count == 2500);
        Assert.Contains(kept, p => p.Signature == Signature(Word(2499)));
        Assert.DoesNotContain(kept, p => p.LastSeen < Now.AddSeconds(1500));

        static string Word(int i) => string.Concat(i.ToString(CultureInfo.InvariantCulture).Select(c => (char)('a' + c - '0')));
    }

    [Fact]
    public async Task Update_DamagedAmongMany_StaysForAPersonToForget()
    {
        await _store.CommitAsync(new StoreBatch().Put("errors", "000000000000", "{}"u8.ToArray()));
        await SeeAsync("a");
        await Assert.ThrowsAsync<StoreException>(() => _patterns.GetAsync("000000000000"));
    }

    [Fact]
    public void Seen_ClockWentBack_LastStaysLast()
    {
        var pattern = new ErrorPattern(Signature("a"), Now, Now, 1).Seen(Now.AddHours(-1), null, null);

        Assert.Equal((Now, 2L), (pattern.LastSeen, pattern.Count));
    }

    [Fact]
    public async Task Forget_Known_Gone()
    {
        var key = await SeeAsync("a");

        Assert.Equal(key, await _patterns.ForgetAsync(key));

        Assert.Empty(await ListAsync());
        await Assert.ThrowsAsync<ArgumentException>(() => _patterns.ForgetAsync(key));
    }

    [Fact]
    public async Task Seen_Twice_FirstLastCountAndContextKept()
    {
        var signature = Signature("a");
        await _patterns.UpdateAsync(signature.Key, p => new ErrorPattern(signature, Now, Now, 0).Seen(Now, "r1", "t1"), default);
        await _patterns.UpdateAsync(signature.Key, p => p!.Seen(Now.AddHours(1), "r2", "t2").Tried("retry", true, Now, new LearningOptions()), default);

        var pattern = await _patterns.GetAsync(signature.Key);

        Assert.Equal((Now, Now.AddHours(1), 2L, "r2", "t2"), (pattern.FirstSeen, pattern.LastSeen, pattern.Count, pattern.LastRun, pattern.LastTaskType));
        Assert.Equal(signature, pattern.Signature);
        Assert.Equal(1, pattern.Remedies["retry"].Successes);
        Assert.Equal("retry", pattern.Best(minEvidence: 1));
        Assert.Null(pattern.Best(minEvidence: 5));
    }

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync() => await _store.DisposeAsync();

    private async Task<string> SeeAsync(string message, DateTimeOffset? at = null)
    {
        var (signature, now) = (Signature(message), at ?? Now);
        await _patterns.UpdateAsync(signature.Key, p => (p ?? new ErrorPattern(signature, now, now, 0)).Seen(now, null, null), default);
        return signature.Key;
    }

    private async Task<List<ErrorPattern>> ListAsync()
    {
        var found = new List<ErrorPattern>();
        await foreach (var pattern in _patterns.ListAsync())
            found.Add(pattern);
        return found;
    }

    private static ErrorSignature Signature(string message) => ErrorSignature.Of(new AgentError("T", message), "agent");
}
