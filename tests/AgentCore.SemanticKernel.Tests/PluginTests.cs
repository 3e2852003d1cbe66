using AgentCore.Hosting;
using AgentCore.Models;
using AgentCore.Plugins;
using AgentCore.Testing;
using AgentCore.Tools;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Options;

namespace AgentCore.SemanticKernel.Tests;

/// <summary>The plugin as a host finds it, and the kind of agent that it adds.</summary>
public sealed class PluginTests : IDisposable
{
    private readonly List<string?> _instructions = [];
    private readonly string _folder = Directory.CreateTempSubdirectory("agentcore-kernel-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData("prompts: [nowhere]", "there is no folder 'nowhere'")]
    [InlineData("prompts: [empty]", "holds no prompt function")]
    [InlineData("prompts: [broken]", "can't be read as prompt functions")]
    public async Task Definition_OfPromptsThatAreNotThere_SaysSo(string line, string says)
    {
        Directory.CreateDirectory(Path.Combine(_folder, "agents/empty"));
        Write("agents/broken/short/skprompt.txt", "Hello");
        Write("agents/broken/short/config.json", "no JSON");
        Write("agents/teller.yaml", $"kind: kernel\ninstructions: Serve.\n{line}\n");
        await using var workspace = Open(new ScriptedChatClient());

        var error = await Assert.ThrowsAnyAsync<AgentException>(() => workspace.CreateAsync("teller"));

        Assert.Contains(says, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Definition_WithATemplateAndPrompts_RunsThroughTheGate()
    {
        Write("agents/words/short/skprompt.txt", "Shorten {{$text}} with {{tools.look file='a.md'}}");
        Write("agents/teller.yaml", "kind: kernel\ncapabilities: [words.short, look]\ninstructions: Serve {{$name}} of {{$city}}; {{tools.look file='b.md'}}.\nprompts: words\nvariables: { name: Ann, city: Rome }\n");
        using var model = new ScriptedChatClient().ThenCall("words_short", new { text = "long" }).ThenReply("short!").ThenReply("done");
        await using var workspace = Open(model);
        var agent = await workspace.CreateAsync("teller");

        var result = await agent.ExecuteAsync(new AgentTask("go").With("city", "Ulm"));

        Assert.Contains(workspace.Plugins, p => p is { Name: "SemanticKernel", IsLoaded: true });
        Assert.Equal("done", result.EnsureDone().Output);
        Assert.Equal("Shorten long with saw a.md", model.Requests[1][^1].Text);
        Assert.Equal("Serve Ann of Ulm; saw b.md.", _instructions[0]);
    }

    private AgentWorkspace Open(ScriptedChatClient model) => new(
        Options.Create(new AgentCoreOptions
        {
            Workspace = _folder,
            Register = registry => registry.AddProvider(new Scripted(new Bank.Recorder(model, _instructions)))
                .AddTools(_ => [new Tool(AIFunctionFactory.Create((string file) => $"saw {file}", "look"))]),
        }),
        TimeProvider.System);

    private void Write(string name, string text)
    {
        var path = Path.Combine(_folder, name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text);
    }

    private sealed class Scripted(IChatClient client) : ModelProvider
    {
        public override string Name => "scripted";

        public override int Preference => int.MaxValue;

        public override ValueTask<ProviderStatus> ProbeAsync(ProviderSettings settings, CancellationToken cancellationToken = default) =>
            new(new ProviderStatus(true, "for this test", ["model"]));

        public override IChatClient CreateClient(string model, ProviderSettings settings) => client;
    }
}
