using System.Globalization;
using AgentCore.Checkpoints;

namespace AgentCore.Testing;

/// <summary>Holds a store to the contract of <see cref="ICheckpointStore"/>. Call it from any test framework:
/// <c>await CheckpointStoreConformance.VerifyAsync(async place => await MyStore.OpenAsync(place.Folder));</c></summary>
public static class CheckpointStoreConformance
{
    private static readonly Dictionary<string, (StoreTraits Needs, Func<ConformanceCase, Task> Run)> All =
        new[] { LogCases.All, DocumentCases.All, BatchCases.All, ReopenCases.All }
            .SelectMany(cases => cases)
            .ToDictionary(each => each.Name, each => (each.Needs, each.Run));

    /// <summary>The names of the cases that apply to a store with these traits, for a test per case.</summary>
    /// <param name="traits">What the store is.</param>
    public static IReadOnlyList<string> Cases(StoreTraits traits = StoreTraits.Persistent | StoreTraits.InFolder) =>
        [.. All.Where(each => (each.Value.Needs & ~traits) == 0).Select(each => each.Key)];

    /// <summary>Runs all cases that apply.</summary>
    /// <param name="open">Opens the store at a location; called again for the same location where a case opens it again.</param>
    /// <param name="traits">What the store is.</param>
    /// <exception cref="ConformanceException">One or more cases failed; the message names each.</exception>
    public static async Task VerifyAsync(
        Func<StoreLocation, ValueTask<ICheckpointStore>> open, StoreTraits traits = StoreTraits.Persistent | StoreTraits.InFolder)
    {
        var failures = new List<(string Name, Exception Error)>();
        foreach (var name in Cases(traits))
        {
            try
            {
                await VerifyCaseAsync(name, open).ConfigureAwait(false);
            }
            catch (Exception e)
            {
                failures.Add((name, e));
            }
        }
        if (failures.Count > 0)
        {
            throw new ConformanceException(string.Create(CultureInfo.InvariantCulture,
                $"{failures.Count} of {Cases(traits).Count} cases failed.\n{string.Join("\n", failures.Select(failure => $"{failure.Name}: {failure.Error.Message}"))}"),
                failures[0].Error);
        }
    }

    /// <summary>Runs one case.</summary>
    /// <param name="name">One of <see cref="Cases"/>.</param>
    /// <param name="open">Opens the store at a location.</param>
    /// <exception cref="ConformanceException">The case failed.</exception>
    public static async Task VerifyCaseAsync(string name, Func<StoreLocation, ValueTask<ICheckpointStore>> open)
    {
        ArgumentNullException.ThrowIfNull(open);
        if (!All.TryGetValue(name, out var found))
            throw new ArgumentException($"There is no case '{name}'; see CheckpointStoreConformance.Cases.", nameof(name));
        var folder = Directory.CreateTempSubdirectory("agentcore-store-");
        try
        {
            var test = new ConformanceCase(open, new StoreLocation("conformance_" + Guid.NewGuid().ToString("n"), folder.FullName));
            await using (test.ConfigureAwait(false))
                await found.Run(test).ConfigureAwait(false);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }
}
