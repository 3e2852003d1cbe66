using System.Text.Json;
using AgentCore.Plugins;
using AgentCore.Tools;

namespace AgentCore.Adapters.Processes.Tests;

/// <summary>Agents of definition files.</summary>
public sealed class DefinitionTests
{
    private readonly PluginRegistry _registry = new();

    public DefinitionTests() => _registry.Load(new ProcessesPlugin());

    [Fact]
    public void Create_TargetWithoutColon_DefinitionRefused()
    {
        var e = Assert.Throws<DefinitionException>(() => Create("python", """{"target":"nonsense"}"""));
        Assert.Contains("module:Class", e.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("interpreter")]
    [InlineData("virtualEnvironment")]
    public void Create_EmptyPathToPython_NamesTheField(string field)
    {
        var e = Assert.Throws<DefinitionException>(() => Create("python", $$"""{"target":"a:B","{{field}}":" "}"""));
        Assert.Equal((field, "it is empty; give a path, or leave it out."), (e.Field, e.Message));
    }

    [Fact]
    public void Create_TimeoutZero_DefinitionRefused()
    {
        var e = Assert.Throws<DefinitionException>(() => Create("process", """{"command":"cat","taskTimeout":0}"""));
        Assert.Contains("TaskTimeout", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Fields_OfKinds_NamedOnce()
    {
        Assert.Equal(["process", "python"], _registry.AgentKinds.Keys.Order());
        Assert.All(_registry.AgentKinds.Values, k => Assert.Equal(k.Fields.Count, k.Fields.Select(f => f.Name).Distinct().Count()));
    }

    [UnixFact]
    public async Task Execute_TextProcess_Answered()
    {
        using var agent = Create("process", """{"command":"tr","arguments":["a-z","A-Z"],"protocol":"text"}""");

        Assert.Equal("HELLO", (await agent.ExecuteAsync("hello")).Output);
    }

    [PythonFact]
    public async Task Execute_BoundPython_Answered()
    {
        using var agent = Create("python", """
            {"target":"sync_agents:OddName","method":"route_parcel","bind":{"weight":"=99"},"taskTimeout":30,"environment":{"A":"b"}}
            """);

        Assert.Equal("Bern by truck", (await agent.ExecuteAsync("Bern")).Output);
    }

    [PythonFact]
    public async Task Execute_ConstructedPython_Answered()
    {
        using var agent = Create("python", """{"target":"bad_agents:NeedsModel","construct":{"model":"m1"}}""");

        Assert.Equal("m1 hi", (await agent.ExecuteAsync("hi")).Output);
    }

    private BaseAgent Create(string kind, string fields)
    {
        var definition = new AgentDefinition(new AgentMetadata("defined"), kind, Python.Folder, new AgentOptions())
        {
            Fields = JsonSerializer.Deserialize<Dictionary<string, JsonElement>>(fields)!,
        };
        return _registry.AgentKinds[kind].Create(definition, new AgentHost(Python.Folder, null!, new ToolRegistry()));
    }
}
