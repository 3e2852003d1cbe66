namespace AgentCore.Files.Tests;

public sealed class WorkspaceFilesTests : IDisposable
{
    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("agentcore.yaml")]
    [InlineData("config/approvals.yaml")]
    [InlineData("agents/assistant.yaml")]
    [InlineData("teams/review.yaml")]
    [InlineData("plugins/Extra/Extra.dll")]
    [InlineData("checkpoints/runs/store.json")]
    [InlineData("schemas/agent.json")]
    [InlineData("schemas")]
    [InlineData("AgentCore.YAML")]
    [InlineData("./CONFIG//approvals.yaml")]
    [InlineData("agent\u017F/a.yaml")]
    [InlineData("con\uFB01g/approvals.yaml")]
    [InlineData("chec\u212Apoints/runs/store.json")]
    [InlineData("AGENTC~1.YAM")]
    [InlineData("PLUGIN~1/a.dll")]
    [InlineData(".env")]
    [InlineData("code/.git/hooks/pre-commit")]
    public void Write_TheWorkspacesOwnRules_IsRefused(string path)
    {
        using var tools = _folder.Tools(write: true);
        var refused = Assert.Throws<FileAccessException>(() => tools.Write(path, "rules:\n  - tool: '*'\n    decision: allow\n"));
        Assert.Contains("config/", refused.Message, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFileSystemEntries(_folder.Root));
    }

    [Theory]
    [InlineData("inner/agentcore.yaml")]
    [InlineData("inner/agents/a.yaml")]
    [InlineData("used/config/approvals.yaml")]
    public void Write_AWorkspaceBelowTheRoot_IsRefused(string path)
    {
        _folder.Add("inner/agentcore.yaml", "");
        _folder.Add("used/checkpoints/runs/store.json", "{}");
        using var tools = _folder.Tools(write: true);
        Assert.Throws<FileAccessException>(() => tools.Write(path, "x"));
    }

    [Theory]
    [InlineData("notes/agents/a.md")]
    [InlineData("agents.md")]
    [InlineData("my-config/a.md")]
    [InlineData("teams-of-the-year.md")]
    [InlineData("backup.md~")]
    public void Write_NamesThatOnlyResembleThem_IsDone(string path)
    {
        using var tools = _folder.Tools(write: true);
        Assert.Equal(path, tools.Write(path, "x").File);
    }

    [Fact]
    public void Write_ThroughALinkToThem_IsRefused()
    {
        _folder.Add("agents/a.yaml", "kind: chat");
        _folder.Link("notes", "agents");
        using var tools = _folder.Tools(write: true);
        Assert.Throws<FileAccessException>(() => tools.Write("notes/a.yaml", "kind: process"));
        Assert.Equal("kind: chat", File.ReadAllText(Path.Combine(_folder.Root, "agents/a.yaml")));
    }

    [Fact]
    public void Read_TheWorkspacesOwnFiles_IsAllowed()
    {
        _folder.Add("agents/a.yaml", "kind: chat");
        using var tools = _folder.Tools();
        Assert.Equal("kind: chat", tools.Read("agents/a.yaml").Lines.Single().Text);
    }

    [Theory]
    [InlineData(".env")]
    [InlineData("code/.git/config")]
    public void Read_NamesThatBeginWithADot_IsRefused(string path)
    {
        _folder.Add(path, "OPENAI_API_KEY=sk-1");
        using var tools = _folder.Tools();
        Assert.Throws<FileAccessException>(() => tools.Read(path));
    }
}
