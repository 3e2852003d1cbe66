using AgentCore.Checkpoints;
using static AgentCore.LiteDb.Tests.StoreText;

namespace AgentCore.LiteDb.Tests;

public sealed class DamageTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Open_NotALiteDbFile_SaysSo()
    {
        await File.WriteAllTextAsync(_folder.Data, new string('x', 20_000));

        var error = await Assert.ThrowsAsync<StoreException>(() => LiteDbStore.OpenAsync(_folder.Path));

        Assert.Contains(_folder.Data, error.Message, StringComparison.Ordinal);
        Assert.Contains("damaged", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Open_NotALog_SaysSo()
    {
        await File.WriteAllTextAsync(_folder.Log, new string('x', 20_000));

        var error = await Assert.ThrowsAsync<StoreException>(() => LiteDbStore.OpenAsync(_folder.Path));

        Assert.Contains(_folder.Log, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Open_LiteDbFileOfAnotherProgram_IsLeftAlone()
    {
        using (var other = new LiteDB.LiteDatabase(_folder.Data))
            other.GetCollection("things").Insert(new LiteDB.BsonDocument { ["a"] = 1 });

        await Assert.ThrowsAsync<StoreException>(() => LiteDbStore.OpenAsync(_folder.Path));
    }

    [Fact]
    public async Task Read_BytesFlippedAnywhere_GivesWhatWasWrittenOrAnError()
    {
        await using (var store = await LiteDbStore.OpenAsync(_folder.Path))
        {
            for (var i = 0; i < 200; i++)
                await store.CommitAsync(new StoreBatch().Append("run", i, Bytes($"record {i} {new string('x', i)}")));
        }

        var expected = Enumerable.Range(0, 200).Select(i => $"record {i} {new string('x', i)}").ToList();
        var length = new FileInfo(_folder.Data).Length;
        var random = new Random(3);
        var errors = 0;
        for (var i = 0; i < 300; i++)
        {
            using var left = _folder.Copy();
            using (var file = new FileStream(left.Data, FileMode.Open))
            {
                file.Position = random.NextInt64(length);
                file.WriteByte((byte)random.Next(256));
            }

            try
            {
                await using var store = await LiteDbStore.OpenAsync(left.Path, new LiteDbStoreOptions { ReadOnly = true });
                Assert.Equal(expected, await store.TextsAsync("run"));
            }
            catch (StoreException e)
            {
                Assert.Contains("damaged", e.Message, StringComparison.Ordinal);
                errors++;
            }
        }

        // The rest hit pages of what this reading doesn't need, such as empty collections.
        Assert.InRange(errors, 150, 300);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(5_000)]
    [InlineData(8_192)]
    [InlineData(40_000)]
    public async Task Open_FileThatWasCut_SaysDamagedAndMakesNoNewOne(int length)
    {
        await using (var store = await LiteDbStore.OpenAsync(_folder.Path))
            await store.CommitAsync(new StoreBatch().Append("run", 0, new byte[100_000]));
        using (var file = new FileStream(_folder.Data, FileMode.Open))
            file.SetLength(length);

        foreach (var readOnly in (bool[])[true, false])
        {
            var error = await Assert.ThrowsAsync<StoreException>(() => LiteDbStore.OpenAsync(_folder.Path, new LiteDbStoreOptions { ReadOnly = readOnly }));
            Assert.Contains("is damaged", error.Message, StringComparison.Ordinal);
        }

        Assert.Equal(length, new FileInfo(_folder.Data).Length);
    }

    [Theory]
    [InlineData("secret", "wrong")]
    [InlineData("secret", null)]
    [InlineData(null, "secret")]
    public async Task Open_WithAnotherPassword_SaysWhatToDo(string? created, string? given)
    {
        await using (var store = await LiteDbStore.OpenAsync(_folder.Path, new LiteDbStoreOptions { Password = created }))
            await store.CommitAsync(new StoreBatch().Append("run", 0, Bytes("x")));

        var error = await Assert.ThrowsAsync<StoreException>(() => LiteDbStore.OpenAsync(_folder.Path, new LiteDbStoreOptions { Password = given }));

        Assert.Contains("password", error.Message, StringComparison.Ordinal);
        await using var again = await LiteDbStore.OpenAsync(_folder.Path, new LiteDbStoreOptions { Password = created });
        Assert.Equal(["x"], await again.TextsAsync("run"));
    }

    [Fact]
    public async Task Files_WithAPassword_HoldNoPlainText()
    {
        const string Needle = "a sentence that must not be readable";
        var options = new LiteDbStoreOptions { Password = "secret" };
        await using (var store = await LiteDbStore.OpenAsync(_folder.Path, options))
        {
            await store.CommitAsync(new StoreBatch { Durable = true }.Append("run", 0, Bytes(Needle)));
            using var open = _folder.Copy();
            foreach (var file in Directory.GetFiles(open.Path))
                Assert.Equal(-1, (await File.ReadAllBytesAsync(file)).AsSpan().IndexOf(Bytes(Needle).Span));
        }

        Assert.Equal(-1, (await File.ReadAllBytesAsync(_folder.Data)).AsSpan().IndexOf(Bytes(Needle).Span));
    }

    [Fact]
    public async Task Close_LeavesAnOrdinaryLiteDbFile()
    {
        await using (var store = await LiteDbStore.OpenAsync(_folder.Path))
            await store.CommitAsync(new StoreBatch().Append("run", 0, Bytes("x")));

        using var plain = new LiteDB.LiteDatabase($"Filename={_folder.Data};ReadOnly=true");

        Assert.Equal(1, plain.GetCollection("records").Count());
    }
}
