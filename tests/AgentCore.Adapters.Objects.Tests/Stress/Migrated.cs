using AgentCore.Adapters.Objects.Migration;

namespace AgentCore.Adapters.Objects.Tests.Stress;

/// <summary>Source that is compiled, scanned, wrapped and run beside its originals.</summary>
internal static class Migrated
{
    /// <summary>The one agent in the source.</summary>
    public static async Task<MigrationItem> OnlyAsync(string source, double seconds = 10, params string[] references) =>
        Assert.Single(await AllAsync(source, seconds, references)).Value;

    public static async Task<Dictionary<string, MigrationItem>> AllAsync(string source, double seconds = 10, params string[] references)
    {
        using var compiled = new Compiled("Field" + Guid.NewGuid().ToString("n")[..8], source, references);
        return (await MigrateAsync(compiled, seconds)).Items.ToDictionary(i => i.Type, StringComparer.Ordinal);
    }

    public static Task<MigrationReport> MigrateAsync(Compiled compiled, double seconds = 10) =>
        new MigrationEngine(new MigrationOptions { Workspace = Path.Combine(compiled.Folder, "workspace"), Verify = new VerifyOptions { Timeout = TimeSpan.FromSeconds(seconds) } }).RunAsync([compiled.Path]);
}
