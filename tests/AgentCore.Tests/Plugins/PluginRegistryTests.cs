using AgentCore.Plugins;

namespace AgentCore.Tests.Plugins;

public sealed class PluginRegistryTests
{
    [Fact]
    public void AddCommand_NameOfTheHostOrOfAnother_SaysWhoHasIt()
    {
        var registry = new PluginRegistry().ReserveCommand("run");

        var host = Assert.Throws<InvalidOperationException>(() => registry.Load(new Adds("one", "run")));
        registry.Load(new Adds("two", "greet"));
        var other = Assert.Throws<InvalidOperationException>(() => registry.Load(new Adds("three", "greet")));

        Assert.Contains("by plugin 'one' and by the host", host.Message, StringComparison.Ordinal);
        Assert.Contains("by plugin 'three' and by plugin 'two'", other.Message, StringComparison.Ordinal);
        Assert.Equal(["greet"], registry.Commands.Keys);
    }

    [Theory]
    [InlineData("")]
    [InlineData("--greet")]
    [InlineData("Greet")]
    [InlineData("greet me")]
    public void AddCommand_NameThatIsNone_IsRefused(string name) =>
        Assert.Throws<ArgumentException>(() => new PluginRegistry().Load(new Adds("one", name)));

    private sealed class Adds(string name, string command) : AgentCorePlugin
    {
        public override string Name => name;

        public override void Register(PluginRegistry registry) =>
            registry.AddCommand(new PluginCommand(command, "Does nothing.", (_, _) => Task.FromResult(0)));
    }
}
