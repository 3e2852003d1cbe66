using AgentCore.Checkpoints;
using AgentCore.Testing;

namespace AgentCore.LiteDb.Tests;

public sealed class ConformanceTests
{
    // A checkpoint rewrites pages: copying file by file in the middle of one is no picture of a crash. PowerLossTests copies
    // between them.
    public static TheoryData<string> Cases => [.. CheckpointStoreConformance.Cases(StoreTraits.Persistent)];

    [Theory, MemberData(nameof(Cases))]
    public Task LiteDb_Case_Conforms(string name) => Verify(name, new LiteDbStoreOptions());

    [Theory, MemberData(nameof(Cases))]
    public Task LiteDb_WithoutSync_Conforms(string name) => Verify(name, new LiteDbStoreOptions { Durability = StoreDurability.ProcessEndOnly });

    [Theory, MemberData(nameof(Cases))]
    public Task LiteDb_EncryptedWithManyCheckpoints_Conforms(string name) =>
        Verify(name, new LiteDbStoreOptions { CheckpointBytes = 64 * 1024, Password = "secret" });

    [Theory, MemberData(nameof(Cases))]
    public Task LiteDb_Shared_Conforms(string name) => Verify(name, new LiteDbStoreOptions { Shared = true });

    private static Task Verify(string name, LiteDbStoreOptions options) =>
        CheckpointStoreConformance.VerifyCaseAsync(name, async place => await LiteDbStore.OpenAsync(place.Folder, options));
}
