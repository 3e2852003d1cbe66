using AgentCore.Checkpoints;
using AgentCore.Testing;

namespace AgentCore.Tests.Checkpoints;

public class StoreConformanceTests
{
    public static TheoryData<string> FileCases => [.. CheckpointStoreConformance.Cases()];

    public static TheoryData<string> MemoryCases => [.. CheckpointStoreConformance.Cases(StoreTraits.None)];

    [Theory, MemberData(nameof(FileCases))]
    public Task FileStore_Case_Conforms(string name) => CheckpointStoreConformance.VerifyCaseAsync(name, async place =>
        await FileCheckpointStore.OpenAsync(new FileStoreOptions { Folder = place.Folder }));

    [Theory, MemberData(nameof(FileCases))]
    public Task FileStore_EncryptedInSmallSegments_Conforms(string name) => CheckpointStoreConformance.VerifyCaseAsync(name, async place =>
        await FileCheckpointStore.OpenAsync(new FileStoreOptions
        {
            Folder = place.Folder,
            Key = EncryptionKey.FromBytes(new byte[32]),
            SegmentBytes = 64 * 1024,
        }));

    [Theory, MemberData(nameof(FileCases))]
    public Task FileStore_WithoutSync_Conforms(string name) => CheckpointStoreConformance.VerifyCaseAsync(name, async place =>
        await FileCheckpointStore.OpenAsync(new FileStoreOptions { Folder = place.Folder, Durability = StoreDurability.ProcessEndOnly }));

    [Theory, MemberData(nameof(MemoryCases))]
    public Task MemoryStore_Case_Conforms(string name) => CheckpointStoreConformance.VerifyCaseAsync(name, _ =>
        ValueTask.FromResult<ICheckpointStore>(new MemoryCheckpointStore()));

    [Fact]
    public async Task Verify_StoreThatForgets_NamesTheCasesThatFail()
    {
        // A store in memory that claims to be persistent: the suite must notice.
        var error = await Assert.ThrowsAsync<ConformanceException>(() => CheckpointStoreConformance.VerifyAsync(
            _ => ValueTask.FromResult<ICheckpointStore>(new MemoryCheckpointStore())));
        Assert.Contains("Reopen_AfterDispose_HoldsEverything", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("Append_ManyRecords", error.Message, StringComparison.Ordinal);
    }
}
