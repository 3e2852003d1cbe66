namespace AgentCore.Runner.Tests;

/// <summary>An agent of the kind that is migrated: it knows nothing of AgentCore.</summary>
public sealed class ParrotAgent
{
    public string Ask(string question)
    {
        Console.WriteLine("noise on the console");
        return $"again: {question}";
    }
}

public sealed class MigrateTests
{
    private static readonly string Assembly = typeof(ParrotAgent).Assembly.Location;

    [Fact]
    public async Task Migrate_ScanWrapVerifyRun_BringsAClassToTheCommandLine()
    {
        using var workspace = new Workspace(plugin: false);

        var scan = (await workspace.RunAsync("migrate", "scan", Assembly, "--type", "ParrotAgent", "--json")).Expect(0);
        Assert.Equal("A", scan.Json.GetProperty("found")[0].GetProperty("class").GetString());
        var wrap = (await workspace.RunAsync("migrate", "wrap", Assembly, "--type", "ParrotAgent", "--verify", "--json")).Expect(0);
        Assert.Equal("Verified", wrap.Json.GetProperty("items")[0].GetProperty("status").GetString());
        (await workspace.RunAsync("migrate", "verify", "parrot", "--task", "who?")).Expect(0);

        var run = (await workspace.RunAsync("run", "parrot", "who?", "--json")).Expect(0);
        Assert.Equal("again: who?", run.Json.GetProperty("output").GetString());
    }

    [Theory]
    [InlineData("scan")]
    [InlineData("scan", "/nowhere")]
    [InlineData("wrap", "/nowhere")]
    [InlineData("verify", "nobody")]
    public async Task Migrate_NothingThere_IsAUsageError(params string[] arguments)
    {
        using var workspace = new Workspace(plugin: false);

        (await workspace.RunAsync(["migrate", .. arguments])).Expect(2);
    }
}
