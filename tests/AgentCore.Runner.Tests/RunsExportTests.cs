namespace AgentCore.Runner.Tests;

public sealed class RunsExportTests
{
    [Fact]
    public async Task RunsExport_EncryptedStore_WarnsAndKeepsTheFilePrivate()
    {
        using var workspace = new Workspace();
        workspace.Environment["AGENTCORE_STORE_KEY"] = "a long passphrase";
        (await workspace.RunAsync("run", "clerk", "hello", "--store", "file")).Expect(0);

        var export = (await workspace.RunAsync("runs", "export", "last", "run.jsonl")).Expect(0);

        Assert.Contains("the store is encrypted, and", export.Error, StringComparison.Ordinal);
        if (!OperatingSystem.IsWindows())
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(workspace.PathOf("run.jsonl")));
    }

    [Fact]
    public async Task RunsExport_NowhereToWrite_SaysSoAndLeavesNothing()
    {
        using var workspace = new Workspace();
        (await workspace.RunAsync("run", "clerk", "hello")).Expect(0);

        var nowhere = (await workspace.RunAsync("runs", "export", "last", "nowhere/run.jsonl")).Expect(2);
        Assert.Contains("There is no folder", nowhere.Error, StringComparison.Ordinal);
        var folder = (await workspace.RunAsync("runs", "export", "last", "plugins")).Expect(2);
        Assert.Contains("is a folder", folder.Error, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFiles(workspace.Folder, "*.tmp"));
    }
}
