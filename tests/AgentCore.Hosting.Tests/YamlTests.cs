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
    [InlineData("role: x\n", "the field 'instructions' is missing")]
    public void Read_BadFile_NamesPlaceAndRemedy(string text, string says) =>
        Assert.Contains(says, string.Join('\n', Reading.Agent(text)), StringComparison.Ordinal);

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
