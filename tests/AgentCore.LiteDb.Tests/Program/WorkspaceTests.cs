using AgentCore.Runner.Tests;

namespace AgentCore.LiteDb.Tests.Program;

/// <summary>The real program with LiteDB as its store, as a new user has it.</summary>
public sealed class WorkspaceTests
{
    private const string Script = "call ledger.append {\"text\":\"first\"}\ncall ledger.wait\ncall ledger.append {\"text\":\"second\"}\nall done";

    [Fact]
    public async Task Workspace_New_IsKeptInLiteDbAndDoctorSaysWhy()
    {
        using var workspace = new Workspace();
        var before = (await workspace.RunAsync("doctor")).Expect(0);
        (await workspace.RunAsync("run", "clerk", "hello")).Expect(0);
        var after = (await workspace.RunAsync("doctor")).Expect(0);

        Assert.Contains("(made with the first run): the default where its plugin is loaded", before.Output, StringComparison.Ordinal);
        Assert.Contains("store      litedb in ", after.Output, StringComparison.Ordinal);
        Assert.Contains("+ LiteDb", after.Output, StringComparison.Ordinal);
        Assert.True(File.Exists(workspace.PathOf("checkpoints/runs/litedb/agentcore.litedb")));
        var other = (await workspace.RunAsync("run", "clerk", "hello", "--store", "file")).Expect(1);
        Assert.Contains("'litedb', not 'file'", other.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Workspace_AskedForFile_KeepsFile()
    {
        using var workspace = new Workspace();
        (await workspace.RunAsync("run", "clerk", "hello", "--store", "file")).Expect(0);

        Assert.Contains("store      file in ", (await workspace.RunAsync("doctor")).Expect(0).Output, StringComparison.Ordinal);
        Assert.False(Directory.Exists(workspace.PathOf("checkpoints/runs/litedb")));
    }

    [Fact]
    public async Task Run_BesideAnotherProcess_IsRefusedAndListingGoesOn()
    {
        using var workspace = new Workspace();
        using var running = workspace.Start("run", "clerk", Script);
        await running.UntilAsync(() => workspace.Ledger.Count == 2);

        var second = (await workspace.RunAsync("run", "clerk", "hello", "--json")).Expect(1);
        var listed = (await workspace.RunAsync("runs", "list", "--json")).Expect(0);

        Assert.Equal("store_in_use", second.Json.GetProperty("error").GetProperty("code").GetString());
        Assert.Contains($"by process {running.Id}", second.Json.GetProperty("error").GetProperty("message").GetString(), StringComparison.Ordinal);
        Assert.Equal("running", listed.Json.GetProperty("runs")[0].GetProperty("status").GetString());
    }

    [Fact]
    public async Task Run_BesideAnotherProcessOnASharedStore_BothAreKept()
    {
        using var workspace = new Workspace();
        workspace.Write("agentcore.yaml", "settings: { AGENTCORE_STORE_SHARED: \"true\", AGENTCORE_STORE_DURABILITY: process-end-only }\n");
        using var running = workspace.Start("run", "clerk", Script);
        await running.UntilAsync(() => workspace.Ledger.Count == 2);

        (await workspace.RunAsync("run", "clerk", "hello")).Expect(0);
        workspace.Write("go.txt", "");
        (await running.EndAsync()).Expect(0);

        var listed = (await workspace.RunAsync("runs", "list", "--json")).Expect(0).Json.GetProperty("runs");
        Assert.Equal(["done", "done"], listed.EnumerateArray().Select(r => r.GetProperty("status").GetString()));
    }

    [Fact]
    public async Task Run_InterruptedThenKilled_ResumesWithoutDoingFinishedStepsAgain()
    {
        using var workspace = new Workspace();
        using (var running = workspace.Start("run", "clerk", Script))
        {
            await running.UntilAsync(() => workspace.Ledger.Count == 2);
            running.Signal(2);
            (await running.EndAsync()).Expect(130);
        }

        using (var running = workspace.Start("runs", "resume", "last"))
        {
            await running.UntilAsync(() => workspace.Ledger.Count == 3);
            running.Kill();
            await running.EndAsync();
        }

        workspace.Write("go.txt", "");
        (await workspace.RunAsync("runs", "resume", "last")).Expect(0);
        Assert.Equal(["first", "waiting", "waiting", "waiting", "second"], workspace.Ledger);
        Assert.True((await workspace.RunAsync("runs", "replay", "last", "--json")).Expect(0).Json.GetProperty("same").GetBoolean());
    }

    [Fact]
    public async Task Run_MovedToAFileStoreAndBack_IsTheSameToTheByte()
    {
        using var lite = new Workspace();
        using var file = new Workspace();
        lite.Write("go.txt", "");
        (await lite.RunAsync("run", "clerk", Script)).Expect(0);
        (await lite.RunAsync("runs", "export", "last", "run.jsonl")).Expect(0);
        (await file.RunAsync("runs", "import", lite.PathOf("run.jsonl"), "--store", "file")).Expect(0);
        (await file.RunAsync("runs", "export", "last", "back.jsonl")).Expect(0);
        (await lite.RunAsync("runs", "delete", "last")).Expect(0);
        (await lite.RunAsync("runs", "import", file.PathOf("back.jsonl"))).Expect(0);

        Assert.Equal(await File.ReadAllTextAsync(lite.PathOf("run.jsonl")), await File.ReadAllTextAsync(file.PathOf("back.jsonl")));
        Assert.True((await lite.RunAsync("runs", "replay", "last", "--json")).Expect(0).Json.GetProperty("same").GetBoolean());
    }

    [Fact]
    public async Task Store_WithAKey_IsEncryptedAndDoctorTellsOfAWrongOne()
    {
        using var workspace = new Workspace();
        workspace.Environment["AGENTCORE_STORE_KEY"] = "secret";
        (await workspace.RunAsync("run", "clerk", "needle in a haystack")).Expect(0);
        (await workspace.RunAsync("doctor")).Expect(0);

        Assert.Equal(-1, (await File.ReadAllBytesAsync(workspace.PathOf("checkpoints/runs/litedb/agentcore.litedb"))).AsSpan().IndexOf("needle"u8));
        foreach (var key in (string?[])["wrong", null])
        {
            workspace.Environment["AGENTCORE_STORE_KEY"] = key;
            foreach (var outcome in (Outcome[])[await workspace.RunAsync("runs", "list"), await workspace.RunAsync("doctor")])
                Assert.Contains("AGENTCORE_STORE_KEY", outcome.Expect(1).Output + outcome.Error, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Store_Damaged_IsToldByEveryCommandAndDoctor()
    {
        using var workspace = new Workspace();
        (await workspace.RunAsync("run", "clerk", "hello")).Expect(0);
        var data = workspace.PathOf("checkpoints/runs/litedb/agentcore.litedb");
        var bytes = await File.ReadAllBytesAsync(data);
        for (var page = 0; page < bytes.Length; page += 8192)
            bytes[page + 100] ^= 1;
        await File.WriteAllBytesAsync(data, bytes);

        foreach (var outcome in (Outcome[])[await workspace.RunAsync("runs", "list"), await workspace.RunAsync("run", "clerk", "hello"), await workspace.RunAsync("doctor")])
            Assert.Contains("agentcore.litedb' is damaged", outcome.Expect(1).Output + outcome.Error, StringComparison.Ordinal);
    }
}
