namespace AgentCore.Hosting.Tests;

public sealed class YamlTests
{
    [Theory]
    [InlineData("instructions: hello\ninstructions: again\n", "x.yaml:2:1: instructions: this field is there twice")]
    [InlineData("instructions: &a hello\nrole: *a\n", "anchors (&name) are not supported")]
    [InlineData("instructions: !!binary aGk=\n", "tags (")]
    [InlineData("instructions: a\n---\ninstructions: b\n", "x.yaml:2:1: a second document begins here")]
    [InlineData("instructions: \"hello\n", "this is no YAML")]
    [InlineData("instructions: hello\n\trole: x\n", "this is no YAML")]
    [InlineData("", "it is empty")]
    [InlineData("just a text", "it must have fields")]
    [InlineData("instructions: 12\n", "'12' is a number in YAML; put it into quotes")]
    [InlineData("instructions: yes\nmaxModelCalls: 0\n", "maxModelCalls: 0 is out of range; choose 1 to 100,000.")]
    [InlineData("instructions: hi\ntemperature: hot\n", "'hot' is no number; choose 0 to 2.")]
    [InlineData("instructions: hi\ntimeout: 5\n", "timeout: '5' is no length of time")]
    [InlineData("instructions: hi\ntimeout: 60d\n", "timeout: '60d' is out of range; choose 49d or less.")]
    [InlineData("instructions: hi\nretry: {delay: 2d}\n", "retry.delay: '2d' is out of range; choose 1d or less.")]
    [InlineData("instructions: hi\nretry: {maxRetries: 1.5}\n", "retry.maxRetries: '1.5' is no whole number")]
    [InlineData("instructions: hi\ncapabilities: [\"files read\"]\n", "x.yaml:2:16: capabilities[0]: A capability is 'files read'")]
    [InlineData("instructions: hi\nmaxOutputTokens: 99999999999\n", "x.yaml:2:18: maxOutputTokens: 99999999999 is out of range; choose 1 to 2,147,483,647.")]
    [InlineData("instructions: hi\nmaxOutputTokens: 999999999999999999999999999999999999\n", "is out of range; choose 1 to 2,147,483,647.")]
    [InlineData("instructions: hi\ntimeout: 100d\n", "x.yaml:2:10: timeout: '100d' is out of range; choose 49d or less.")]
    [InlineData("instructions: hi\nmaxOutputTokens: 1e3\n", "'1e3' is no whole number")]
    [InlineData("role: x\n", "the field 'instructions' is missing")]
    [InlineData("instructions: hi\ntimeout: 999999999d\n", "x.yaml:2:10: timeout: '999999999d' is out of range; choose 49d or less.")]
    [InlineData("instructions: hi\ntimeout: 0.000001ms\n", "x.yaml:2:10: timeout: '0.000001ms' is too short to be measured; choose 0.0001ms or more.")]
    [InlineData("instructions: hi\nretry: {delay: 0.00009 ms}\n", "x.yaml:2:16: retry.delay: '0.00009 ms' is too short")]
    [InlineData("instructions: hi\nname: \"\"\n", "x.yaml:2:7: name: it is empty; give a name, or leave it out for the file's.")]
    [InlineData("instructions: hi\nname: \"a\\0b\"\n", "x.yaml:2:7: name: it has a NUL character (\\0)")]
    [InlineData("instructions: hi\ntools: [a, \"a\\0b\"]\n", "x.yaml:2:12: tools[1]: it has a NUL character (\\0)")]
    public void Read_BadFile_NamesPlaceAndRemedy(string text, string says) =>
        Assert.Contains(says, string.Join('\n', Reading.Agent(text)), StringComparison.Ordinal);

    [Theory]
    [InlineData("limits: {maxTokens: 99999999999999999999}\n", "x.yaml:3:21: limits.maxTokens: 99999999999999999999 is out of range; choose 1 to 9,223,372,036,854,775,807.")]
    [InlineData("limits:\n  maxTime: 60d\n", "x.yaml:4:12: limits.maxTime: '60d' is out of range; choose 49d or less.")]
    [InlineData("limits:\n  maxTurnTime: 50d\n", "x.yaml:4:16: limits.maxTurnTime: '50d' is out of range")]
    [InlineData("until: \"\"\n", "x.yaml:3:8: until.phrase: it is empty")]
    [InlineData("name: \"\"\n", "x.yaml:3:7: name: it is empty; give a name, or leave it out for the file's.")]
    [InlineData("name: \" \"\n", "x.yaml:3:7: name: it is empty")]
    [InlineData("until: {}\n", "x.yaml:3:8: until: it names no condition; write one, such as 'phrase: DONE'")]
    [InlineData("until: {value: x}\n", "x.yaml:3:16: until.value: it says of no field that it must have this value; write 'field: NAME' beside it.")]
    [InlineData("until: {phrase: x, value: y}\n", "x.yaml:3:27: until.value: it says of no field")]
    [InlineData("until: {any: []}\n", "x.yaml:3:14: until.any: it names no condition; list one or more")]
    [InlineData("until: {any: [{}]}\n", "x.yaml:3:15: until.any[0]: it names no condition")]
    [InlineData("until: {any: [x, {value: y}]}\n", "x.yaml:3:26: until.any[1].value: it says of no field")]
    [InlineData("limits: {maxTime: 0.000001ms}\n", "x.yaml:3:19: limits.maxTime: '0.000001ms' is too short")]
    [InlineData("until:\n  phrase: \" \"\n", "x.yaml:4:11: until.phrase: it is empty")]
    [InlineData("until:\n  any:\n  - done\n  - {tool: \"\"}\n", "x.yaml:6:12: until.any[1].tool: it is empty")]
    public void Read_BadTeam_NamesPlaceAndRemedy(string text, string says) =>
        Assert.Contains(says, string.Join('\n', Reading.Team("protocol: sequential\nmembers: [{agent: a}]\n" + text)), StringComparison.Ordinal);

    [Fact]
    public void Settings_NumberThatIsTooLarge_IsNamed()
    {
        using var folder = new TestFolder();
        folder.Write("agentcore.yaml", "budget: 99999999999999999999\n");

        Assert.Contains("agentcore.yaml:1:9: budget: 99999999999999999999 is out of range", Assert.Single(folder.Open().Errors).ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("inputs: [., \"\"]\n", "agentcore.yaml:1:13: inputs[1]: it is empty; give a file or a folder")]
    [InlineData("inputs: \" \"\n", "agentcore.yaml:1:9: inputs[0]: it is empty")]
    [InlineData("inputs: [\"a\\0b\"]\n", "agentcore.yaml:1:10: inputs[0]: it has a NUL character (\\0)")]
    public void Settings_InputThatIsNoPath_IsNamed(string text, string says)
    {
        using var folder = new TestFolder();
        folder.Write("agentcore.yaml", text);

        Assert.Contains(says, Assert.Single(folder.Open().Errors).ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Read_UntilOfAnUnknownField_IsOneError() =>
        Assert.Equal("until.phrse", Assert.Single(Reading.Team("protocol: sequential\nmembers: [{agent: a}]\nuntil: {phrse: x}\n")).Field);

    [Fact]
    public void Read_ShortestTime_IsTaken() => Assert.Empty(Reading.Agent("instructions: hi\ntimeout: 0.0001ms\n"));

    [Fact]
    public void Agents_FolderNamedAsAFile_IsNamed()
    {
        using var folder = new TestFolder();
        Directory.CreateDirectory(Path.Combine(folder.Path, "agents", "a.yaml"));

        Assert.Contains("agents/a.yaml: it is a folder", Assert.Single(folder.Open().Errors).ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Agents_FolderThatCannotBeRead_IsNamed()
    {
        using var folder = new TestFolder();
        var agents = Directory.CreateDirectory(Path.Combine(folder.Path, "agents"));
        // Root reads it all the same.
        if (OperatingSystem.IsWindows() || Environment.IsPrivilegedProcess)
            return;
        agents.UnixFileMode = UnixFileMode.None;

        Assert.Contains("agents/: the folder can't be read", Assert.Single(folder.Open().Errors).ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Read_DeepNesting_IsAnErrorAndNoCrash()
    {
        var errors = Reading.Agent("instructions: " + new string('[', 100_000));

        Assert.Contains("nested more than", Assert.Single(errors).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_HugeFile_IsRefusedUnread()
    {
        var errors = Reading.Agent("instructions: " + new string('a', 1_000_001));

        Assert.Contains("a definition has at most", Assert.Single(errors).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_SeveralErrors_FindsThemAll()
    {
        var errors = Reading.Agent("rolle: x\nmaxSlips: none\ntimeout: soon\n");

        Assert.Equal(["rolle", "maxSlips", "timeout", ""], errors.Select(e => e.Field));
        Assert.Contains("Did you mean 'role'?", errors[0].Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Agents_FileThatIsNotUtf8_IsNamed()
    {
        using var folder = new TestFolder();
        Directory.CreateDirectory(Path.Combine(folder.Path, "agents"));
        File.WriteAllBytes(Path.Combine(folder.Path, "agents", "latin.yaml"), [0x69, 0x3a, 0x20, 0xe9]);
        var workspace = folder.Open();

        Assert.Contains("agents/latin.yaml: it is not UTF-8", Assert.Single(workspace.Errors).ToString(), StringComparison.Ordinal);
    }
}
