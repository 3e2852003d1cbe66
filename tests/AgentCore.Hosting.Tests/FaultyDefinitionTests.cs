using AgentCore.Hosting.Definitions;

namespace AgentCore.Hosting.Tests;

/// <summary>A fault in one definition is no fault of the others.</summary>
public sealed class FaultyDefinitionTests
{
    private const string Good = "instructions: read\n";

    [Fact]
    public async Task Create_OtherFilesAreFaulty_MakesTheAgent()
    {
        using var folder = new TestFolder();
        folder.Write("agents/reader.yaml", Good);
        folder.Write("agents/broken.yaml", "instructions: [\n");
        folder.Write("teams/desk.yaml", "protocol: sequential\nmembers: [nobody]\n");
        await using var workspace = folder.Open(o => o.Register = r => r.AddProvider(new WorkspaceTests.Echo()));

        var agent = await workspace.CreateAsync("reader");

        Assert.Equal("reader", agent.Metadata.Name);
        Assert.Equal(["agents/broken.yaml", "teams/desk.yaml"], workspace.Errors.Select(e => e.File).Distinct());
        Assert.DoesNotContain(workspace.Agents, a => a.Name is "broken" or "desk");
    }

    [Theory]
    [InlineData("broken", "agents/broken.yaml", "instructions: [\n")]
    [InlineData("other", "agents/broken.yaml", "name: other\nkind: chta\n")]
    [InlineData("assistant", "agents/assistant.yaml", "instructions: hi\nroel: x\n")]
    [InlineData("research", "teams/research.yaml", "protocol: sequential\n")]
    [InlineData("desk", "teams/desk.yaml", "protocol: sequential\nmembers: [nobody]\n")]
    public async Task Create_ItsOwnFileIsFaulty_SaysWhatIsWrongInIt(string name, string file, string text)
    {
        using var folder = new TestFolder();
        folder.Write("agents/reader.yaml", "instructions: read\nroel: x\n");
        folder.Write(file, text);
        await using var workspace = folder.Open(o => o.Register = r => r.AddProvider(new WorkspaceTests.Echo()));

        var e = await Assert.ThrowsAsync<DefinitionErrorsException>(() => workspace.CreateAsync(name));

        Assert.Equal([file], e.Errors.Select(x => x.File).Distinct());
    }

    [Fact]
    public async Task Create_TeamWithAFaultyMember_SaysWhatIsWrongInTheMembersFile()
    {
        using var folder = new TestFolder();
        folder.Write("agents/broken.yaml", "instructions: hi\nroel: x\n");
        folder.Write("teams/pair.yaml", "protocol: sequential\nmembers: [broken, assistant]\n");
        await using var workspace = folder.Open(o => o.Register = r => r.AddProvider(new WorkspaceTests.Echo()));

        var e = await Assert.ThrowsAsync<DefinitionErrorsException>(() => workspace.CreateAsync("pair"));

        Assert.Equal("agents/broken.yaml", Assert.Single(e.Errors).File);
    }

    [Fact]
    public async Task Create_NameThatTwoFilesGive_SaysSo()
    {
        using var folder = new TestFolder();
        folder.Write("agents/a.yaml", "name: same\n" + Good);
        folder.Write("agents/b.yaml", "name: same\n" + Good);
        await using var workspace = folder.Open(o => o.Register = r => r.AddProvider(new WorkspaceTests.Echo()));

        var e = await Assert.ThrowsAsync<DefinitionErrorsException>(() => workspace.CreateAsync("same"));

        Assert.Contains("an agent 'same' is defined in agents/a.yaml too", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_MemberThatIsNamedAndNotDefined_SaysHowToNameOneThatIsDefinedElsewhere()
    {
        var error = Assert.Single(Reading.Team("protocol: sequential\nmembers:\n  - {name: summary, history: last}\n"));

        Assert.Equal("members[0]", error.Field);
        Assert.Contains("For an agent or team that is defined elsewhere, write 'agent' in the place of 'name'.", error.Message, StringComparison.Ordinal);
    }
}
