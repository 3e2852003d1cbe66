using AgentCore.Checkpoints;
using AgentCore.Memory;
using AgentCore.Testing;

namespace AgentCore.Tests.Memory;

public sealed class MemoryStoreTests : IAsyncLifetime
{
    private static readonly MemoryScope Mine = MemoryScope.Agent("helper");

    private readonly MemoryCheckpointStore _store = new();

    [Theory]
    [InlineData(0, 10)]
    [InlineData(100_001, 10)]
    [InlineData(10, 0)]
    public void Options_OutOfRange_SayWhich(int entries, int length)
    {
        var error = Assert.Throws<ArgumentException>(() => new MemoryOptions { MaxEntries = entries, MaxTextLength = length });

        Assert.Contains(length == 0 ? "MemoryOptions.MaxTextLength is 0" : $"MemoryOptions.MaxEntries is {entries}", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Remember_BadInput_SaysWhat()
    {
        var memory = new MemoryStore(_store, new MemoryOptions { MaxTextLength = 5 });

        await Assert.ThrowsAsync<ArgumentException>(() => memory.RememberAsync(Mine, " ", "a"));
        await Assert.ThrowsAsync<ArgumentException>(() => memory.RememberAsync(Mine, "text", ""));
        Assert.Contains("MemoryOptions.MaxTextLength is 5", (await Assert.ThrowsAsync<ArgumentException>(() => memory.RememberAsync(Mine, "longer", "a"))).Message, StringComparison.Ordinal);
        await Assert.ThrowsAsync<ArgumentException>(() => memory.RecallAsync(Mine, "", 5));
        await Assert.ThrowsAsync<ArgumentException>(() => memory.RecallAsync(Mine, "x", 0));
        Assert.Throws<ArgumentException>(() => MemoryScope.Team(" "));
        Assert.Empty(await memory.ListAsync(Mine));
    }

    [Fact]
    public async Task Remember_TagsTooLong_SaysHowLong()
    {
        var memory = new MemoryStore(_store, new MemoryOptions { MaxTextLength = 10 });
        await memory.RememberAsync(Mine, "text", "a", ["twelve"]);

        var huge = await Assert.ThrowsAsync<ArgumentException>(() => memory.RememberAsync(Mine, "other", "a", [new string('t', 1_000_000)]));
        var joined = await Assert.ThrowsAsync<ArgumentException>(() => memory.RememberAsync(Mine, "text", "a", ["other"]));

        Assert.Contains("The memory's tags have 1000000 characters", huge.Message, StringComparison.Ordinal);
        Assert.Contains("The memory's tags have 11 characters in all; MemoryOptions.MaxTextLength is 10", joined.Message, StringComparison.Ordinal);
        Assert.Equal("twelve", Assert.Single(Assert.Single(await memory.ListAsync(Mine)).Tags));
    }

    [Fact]
    public async Task Remember_Cancelled_KeepsNothing()
    {
        var memory = new MemoryStore(_store);

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => memory.RememberAsync(Mine, "text", "a", cancellationToken: new CancellationToken(true)));

        Assert.Empty(await memory.ListAsync(Mine));
    }

    [Fact]
    public async Task Recall_DamagedMemory_SaysWhichAndForgettingItHelps()
    {
        var memory = new MemoryStore(_store);
        await memory.RememberAsync(Mine, "the cat is grey", "a");
        await _store.CommitAsync(new StoreBatch().Put("memory/agent/helper", "bad", "{"u8.ToArray()));

        var error = await Assert.ThrowsAsync<StoreException>(() => memory.RecallAsync(Mine, "cat"));
        Assert.Contains("Memory bad of agent/helper is damaged", error.Message, StringComparison.Ordinal);
        Assert.True(await memory.ForgetAsync(Mine, "bad"));

        Assert.Single((await memory.RecallAsync(Mine, "cat")).Hits);
    }

    [Fact]
    public async Task Remember_ManyWritersAtOnce_LoseNothingAndStayBounded()
    {
        await using var store = new ConflictingStore();
        var stores = Enumerable.Range(0, 8).Select(_ => new MemoryStore(store, new MemoryOptions { MaxEntries = 30 })).ToArray();

        await Task.WhenAll(Enumerable.Range(0, 48).Select(i => Task.Run(() => stores[i % 8].RememberAsync(Mine, $"fact {i}", $"writer {i % 8}"))));

        var kept = await stores[0].ListAsync(Mine);
        Assert.Equal(30, kept.Count);
        Assert.Equal(Enumerable.Range(19, 30).Reverse().Select(n => (long)n), kept.Select(e => e.Number));
        Assert.True(store.Conflicts > 0);
    }

    [Fact]
    public async Task Remember_SameKeyAgain_ChangesNothing()
    {
        var memory = new MemoryStore(_store);
        var first = await memory.RememberAsync(Mine, "fact", "a", ["one"], "run/3");

        var again = await memory.RememberAsync(Mine, "fact", "a", ["two"], "run/3");

        Assert.Equal((first.Number, 1L, "one"), (again.Number, again.Version, Assert.Single(again.Tags)));
    }

    [Fact]
    public async Task Remember_SameTextAgain_IsOneMemoryWithBothTags()
    {
        var memory = new MemoryStore(_store);
        await memory.RememberAsync(Mine, "fact", "a", ["b"]);
        await memory.RememberAsync(Mine, "other", "a");

        var again = await memory.RememberAsync(Mine, "fact", "a", [" a ", "b", "", null!]);
        var others = await memory.RememberAsync(Mine, "fact", "somebody else");

        Assert.Equal((3L, 2L), (again.Number, again.Version));
        Assert.Equal(["a", "b"], again.Tags);
        Assert.NotEqual(again.Id, others.Id);
        Assert.Equal(3, (await memory.ListAsync(Mine)).Count);
    }

    [Fact]
    public async Task Remember_FullScope_ForgetsTheOldest()
    {
        var memory = new MemoryStore(_store, new MemoryOptions { MaxEntries = 3 });
        for (var i = 0; i < 5; i++)
            await memory.RememberAsync(Mine, $"fact {i}", "a");
        await memory.ForgetAsync(Mine, (await memory.ListAsync(Mine))[1].Id);
        await memory.RememberAsync(Mine, "fact 5", "a");

        Assert.Equal(["fact 5", "fact 4", "fact 2"], (await memory.ListAsync(Mine)).Select(e => e.Text));
        Assert.False(await memory.ForgetAsync(Mine, "none"));
    }

    [Fact]
    public async Task Remember_OnAFileStore_HoldsAcrossARestartAndAfterForgetting()
    {
        var folder = Directory.CreateTempSubdirectory("agentcore-memory-").FullName;
        try
        {
            string id;
            await using (var files = await FileCheckpointStore.OpenAsync(new FileStoreOptions { Folder = folder }))
            {
                var memory = new MemoryStore(files, new MemoryOptions { MaxEntries = 2 });
                await memory.RememberAsync(Mine, "first", "a");
                id = (await memory.RememberAsync(Mine, "second", "a")).Id;
                Assert.True(await memory.ForgetAsync(Mine, id));
            }

            await using var reopened = await FileCheckpointStore.OpenAsync(new FileStoreOptions { Folder = folder });
            var after = new MemoryStore(reopened, new MemoryOptions { MaxEntries = 2 });
            var again = await after.RememberAsync(Mine, "second", "a");
            await after.RememberAsync(Mine, "third", "a");

            var kept = await after.ListAsync(Mine);
            Assert.Equal(["third", "second"], kept.Select(e => e.Text));
            Assert.Equal((id, again.Version, 3L), (kept[1].Id, kept[1].Version, again.Number));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public async Task Recall_ByWords_FindsWhoWroteWhatAndKeepsScopesApart()
    {
        var memory = new MemoryStore(_store);
        var team = MemoryScope.Team("research");
        await memory.RememberAsync(team, "The deadline of the Oslo report is in May.", "planner", ["deadline"]);
        await memory.RememberAsync(team, "The report is written in Norwegian.", "writer");
        await memory.RememberAsync(Mine, "My deadline is in June.", "helper");

        var hits = (await memory.RecallAsync(team, "When is the deadline of the report?")).Hits;

        Assert.Equal(("planner", "team/research", MemoryMatch.Words), (hits[0].Entry.Author, hits[0].Entry.Scope, hits[0].FoundBy));
        Assert.DoesNotContain(hits, h => h.Entry.Author == "helper");
        Assert.Contains((await memory.RecallAsync([team, Mine], "deadline")).Hits, h => h.Entry.Author == "helper");
        Assert.Empty((await memory.RecallAsync(team, "zebra")).Hits);
        Assert.Empty((await memory.RecallAsync(MemoryScope.Session("s"), "deadline")).Hits);
    }

    [Fact]
    public async Task Recall_TheSameTwice_IsTheSame()
    {
        var memory = new MemoryStore(_store);
        for (var i = 0; i < 30; i++)
            await memory.RememberAsync(Mine, $"the cat number {i % 5} sleeps", $"writer {i}");

        var first = await memory.RecallAsync(Mine, "sleeping cat", 10);
        var second = await new MemoryStore(_store).RecallAsync(Mine, "sleeping cat", 10);

        Assert.Equal(10, first.Hits.Count);
        Assert.Equal(first.Hits.Select(h => (h.Entry.Id, h.Score)), second.Hits.Select(h => (h.Entry.Id, h.Score)));
    }

    [Fact]
    public async Task Recall_EmbeddingsFail_FindsByWordsAndSaysSo()
    {
        using var vectors = new Vectors { Fails = true };
        var memory = new MemoryStore(_store, new MemoryOptions { Embeddings = vectors });
        await memory.RememberAsync(Mine, "the puppy barks", "a");

        var recall = await memory.RecallAsync(Mine, "puppy");
        Assert.Equal(MemoryMatch.Words, Assert.Single(recall.Hits).FoundBy);
        Assert.Contains("'meanings' failed (503)", recall.Warning, StringComparison.Ordinal);

        vectors.Fails = false;
        Assert.StartsWith("1 memories have no vector", (await memory.RecallAsync(Mine, "puppy")).Warning, StringComparison.Ordinal);
        await memory.RememberAsync(Mine, "the puppy barks", "a");
        Assert.Null((await memory.RecallAsync(Mine, "puppy")).Warning);
    }

    [Fact]
    public async Task Recall_ByMeaning_FindsWhatSharesNoWordAndBothWinOverOne()
    {
        using var vectors = new Vectors();
        var memory = new MemoryStore(_store, new MemoryOptions { Embeddings = vectors });
        await memory.RememberAsync(Mine, "A bill came from the supplier", "a");
        await memory.RememberAsync(Mine, "Our cat sleeps at night", "a");
        await memory.RememberAsync(Mine, "The puppy barks at night", "a");

        var hits = (await memory.RecallAsync(Mine, "Does the puppy bark?")).Hits;
        var meant = (await memory.RecallAsync(Mine, "Which animal is it?")).Hits;

        Assert.Equal(("The puppy barks at night", MemoryMatch.Words | MemoryMatch.Meaning), (hits[0].Entry.Text, hits[0].FoundBy));
        Assert.Contains(hits, h => h.Entry.Text.StartsWith("Our cat", StringComparison.Ordinal) && h.FoundBy == MemoryMatch.Meaning);
        Assert.Equal(2, meant.Count);
        Assert.DoesNotContain(meant, h => h.Entry.Text.Contains("bill", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Recall_VectorsOfAnotherModel_AreNotCompared()
    {
        using var old = new Vectors("old");
        using var now = new Vectors("new");
        await new MemoryStore(_store, new MemoryOptions { Embeddings = old }).RememberAsync(Mine, "a dog", "a");

        var recall = await new MemoryStore(_store, new MemoryOptions { Embeddings = now }).RecallAsync(Mine, "cat");

        Assert.Empty(recall.Hits);
        Assert.Contains("'new'", recall.Warning, StringComparison.Ordinal);
    }

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync() => await _store.DisposeAsync();

    /// <summary>A store on which writers meet: reads give others the turn.</summary>
    private sealed class ConflictingStore : ICheckpointStore
    {
        private readonly MemoryCheckpointStore _inner = new();
        private int _conflicts;

        public int Conflicts => _conflicts;

        public string Kind => "conflicting";

        public async ValueTask CommitAsync(StoreBatch batch, CancellationToken cancellationToken = default)
        {
            await Task.Yield();
            try
            {
                await _inner.CommitAsync(batch, cancellationToken);
            }
            catch (StoreConflictException)
            {
                Interlocked.Increment(ref _conflicts);
                throw;
            }
        }

        public async ValueTask<StoredDocument?> GetAsync(string collection, string key, CancellationToken cancellationToken = default)
        {
            var document = await _inner.GetAsync(collection, key, cancellationToken);
            await Task.Yield();
            // One writer gets in between, whatever the threads do.
            if (_conflicts == 0 && collection == "memory.scopes" && document is { Version: 5 })
                await _inner.CommitAsync(new StoreBatch().Put(collection, key, document.Value, 5), cancellationToken);
            return document;
        }

        public IAsyncEnumerable<ReadOnlyMemory<byte>> ReadAsync(string log, long from = 0, CancellationToken cancellationToken = default) =>
            _inner.ReadAsync(log, from, cancellationToken);

        public IAsyncEnumerable<StoredDocument> ListAsync(string collection, bool descending = false, string prefix = "", CancellationToken cancellationToken = default) =>
            _inner.ListAsync(collection, descending, prefix, cancellationToken);

        public ValueTask<string> PutBlobAsync(string log, ReadOnlyMemory<byte> data, CancellationToken cancellationToken = default) =>
            _inner.PutBlobAsync(log, data, cancellationToken);

        public ValueTask<ReadOnlyMemory<byte>> GetBlobAsync(string log, string reference, CancellationToken cancellationToken = default) =>
            _inner.GetBlobAsync(log, reference, cancellationToken);

        public ValueTask DisposeAsync() => _inner.DisposeAsync();
    }
}
