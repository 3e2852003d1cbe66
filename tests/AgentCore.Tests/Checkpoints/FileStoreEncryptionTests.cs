using System.Text;
using AgentCore.Checkpoints;

namespace AgentCore.Tests.Checkpoints;

public class FileStoreEncryptionTests : StoreTest
{
    private static readonly EncryptionKey Right = EncryptionKey.FromBytes([.. Enumerable.Range(0, 32).Select(i => (byte)i)]);

    [Fact]
    public async Task Open_WrongKey_IsAClearError()
    {
        await (await Open(options => options with { Key = Right })).DisposeAsync();
        var error = await Assert.ThrowsAsync<StoreException>(async () => await Open(options => options with { Key = EncryptionKey.FromBytes(new byte[32]) }));
        Assert.Contains("was encrypted with another one", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Open_PassphraseForAKey_SaysWhichKindIsNeeded()
    {
        await (await Open(options => options with { Key = Right })).DisposeAsync();
        var error = await Assert.ThrowsAsync<StoreException>(async () => await Open(options => options with { Key = EncryptionKey.FromPassphrase("a long passphrase") }));
        Assert.Contains("give the 32 bytes", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Open_NoKey_SaysThatTheStoreIsEncrypted()
    {
        await (await Open(options => options with { Key = Right })).DisposeAsync();
        var error = await Assert.ThrowsAsync<StoreException>(async () => await Open());
        Assert.Contains("is encrypted", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Open_KeyForAPlainStore_SaysThatItIsNotEncrypted()
    {
        await (await Open()).DisposeAsync();
        var error = await Assert.ThrowsAsync<StoreException>(async () => await Open(options => options with { Key = Right }));
        Assert.Contains("is not encrypted", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Open_PassphraseAgain_ReadsWhatWasWritten()
    {
        await using (var store = await Open(options => options with { Key = EncryptionKey.FromPassphrase("a long passphrase") }))
            await store.CommitAsync(Durable.Append("a", 0, Bytes("x")));
        await using var again = await Open(options => options with { Key = EncryptionKey.FromPassphrase("a long passphrase") });
        Assert.Equal("x", await Records(again, "a"));
    }

    [Fact]
    public async Task Commit_Encrypted_LeavesNoPlainTextInAnyFileOrName()
    {
        await using (var store = await Open(options => options with { Key = Right }))
        {
            var blob = await store.PutBlobAsync("secret-log", Bytes("secret-blob"));
            await store.CommitAsync(Durable.Append("secret-log", 0, Bytes("secret-record")).Put("secret-collection", "secret-key", Bytes("secret-value")));
            Assert.Equal("secret-blob", Encoding.UTF8.GetString((await store.GetBlobAsync("secret-log", blob)).Span));
        }
        foreach (var path in Directory.GetFileSystemEntries(Folder, "*", SearchOption.AllDirectories))
        {
            Assert.DoesNotContain("secret", path, StringComparison.Ordinal);
            if (File.Exists(path))
                Assert.Equal(-1, (await File.ReadAllBytesAsync(path)).AsSpan().IndexOf("secret"u8));
        }
    }

    [Fact]
    public async Task Open_SegmentsSwapped_IsDamage()
    {
        // Both are whole and of this key: their places are part of what is sealed.
        await using (var store = await Open(options => options with { Key = Right, SegmentBytes = 64 * 1024 }))
        {
            for (var i = 0; i < 60; i++)
                await store.CommitAsync(new StoreBatch().Append("a", i, new byte[3000]));
        }
        var segments = Segments();
        File.Move(segments[0], segments[0] + ".x");
        File.Move(segments[1], segments[0]);
        File.Move(segments[0] + ".x", segments[1]);
        await Assert.ThrowsAsync<StoreDamagedException>(async () => await Open(options => options with { Key = Right }));
    }

    [Fact]
    public void FromPassphrase_Short_IsRefused() => Assert.Throws<ArgumentException>(() => EncryptionKey.FromPassphrase("short"));

    [Fact]
    public void FromBytes_WrongLength_IsRefused() => Assert.Throws<ArgumentException>(() => EncryptionKey.FromBytes(new byte[16]));

    [Fact]
    public void ToString_Key_ShowsNothingOfIt() =>
        Assert.Equal("EncryptionKey (pbkdf2-sha256)", EncryptionKey.FromPassphrase("a long passphrase").ToString());
}
