namespace AgentCore.Runner.Tests;

/// <summary>What was learned about errors, as people read it.</summary>
public sealed class ErrorsTests : IDisposable
{
    private readonly Workspace _workspace = new(plugin: false);

    public void Dispose() => _workspace.Dispose();

    [Fact]
    public async Task Show_RetriesThatFailed_SaysWhatWasTriedAndWhatIsExpected()
    {
        _workspace.Write("agents/broken.yaml", "kind: process\ncommand: cat\narguments: [\"{input}\"]\nprotocol: text\nrepeatable: true\nlearning: off\nretry: { maxRetries: 1, delay: 1ms }\n");
        (await _workspace.RunAsync("run", "broken", "nowhere at all")).Expect(1);
        var key = (await _workspace.RunAsync("errors", "list", "--json")).Expect(0).Json.GetProperty("errors")[0].GetProperty("key").GetString()!;

        var shown = (await _workspace.RunAsync("errors", "show", key)).Expect(0).Output;

        Assert.Contains("  seen 2 times, last ", shown, StringComparison.Ordinal);
        Assert.Contains("  retry without a change: tried once, never helped; expected to help 33 times in 100", shown, StringComparison.Ordinal);
    }
}
