using System.IO.Compression;

namespace AgentCore.Runner.Tests;

/// <summary>A third party's plugin, taken from its package file and put into a workspace, in the real program.</summary>
public sealed class PluginTests : IDisposable
{
    private readonly Workspace _workspace = new(plugin: false);

    public PluginTests()
    {
        // As docs/definitions.md says: what the package has under lib goes into a folder of the plugin's name.
        using var package = ZipFile.OpenRead(Path.Combine(AppContext.BaseDirectory, "sample-plugin.nupkg"));
        foreach (var entry in package.Entries.Where(e => e.FullName.StartsWith("lib/net10.0/", StringComparison.Ordinal)))
        {
            Directory.CreateDirectory(_workspace.PathOf("plugins/AgentCore.SamplePlugin"));
            entry.ExtractToFile(_workspace.PathOf($"plugins/AgentCore.SamplePlugin/{entry.Name}"));
        }
    }

    public void Dispose() => _workspace.Dispose();

    [Fact]
    public void Names_KeptFromPlugins_AreTheProgramsCommands()
    {
        var terminal = Output.Terminal.OfWriters(TextWriter.Null, TextWriter.Null);

        Assert.Equal(CommandLine.Create(terminal).Subcommands.Select(c => c.Name), CommandLine.Names);
    }

    [Fact]
    public async Task Package_InTheWorkspace_IsLoadedAndDoctorListsWhatItAdds()
    {
        var doctor = (await _workspace.RunAsync("doctor", "--json")).Expect(0).Json;

        var plugin = doctor.GetProperty("plugins").EnumerateArray().Single(p => p.GetProperty("name").GetString() == "Sample");
        Assert.True(plugin.GetProperty("loaded").GetBoolean());
        Assert.True(plugin.GetProperty("fromWorkspace").GetBoolean());
        Assert.Equal("script/steps", doctor.GetProperty("model").GetProperty("id").GetString());
        Assert.Contains("clerk", doctor.GetProperty("agents").EnumerateArray().Select(a => a.GetProperty("name").GetString()));
        Assert.Contains("ask-twice", doctor.GetProperty("commands").EnumerateArray().Select(c => c.GetProperty("name").GetString()));
    }

    [Fact]
    public async Task Package_AgentToolProviderAndStore_WorkTogether()
    {
        var run = (await _workspace.RunAsync("run", "clerk", "call ledger.append {\"text\":\"x\"}\ndone", "--store", "sample", "--json")).Expect(0);

        Assert.Equal("done", run.Json.GetProperty("output").GetString());
        Assert.Equal(["x"], _workspace.Ledger);
        Assert.Contains("store      sample in ", (await _workspace.RunAsync("doctor")).Expect(0).Output, StringComparison.Ordinal);
        (await _workspace.RunAsync("runs", "show", "last")).Expect(0);
    }

    [Fact]
    public async Task Package_Command_RunsInTheWorkspaceAndHelpNamesIt()
    {
        var twice = (await _workspace.RunAsync("ask-twice", "clerk", "hello", "--store", "file")).Expect(0);
        var wrong = (await _workspace.RunAsync("ask-twice", "clerk", "hello", "--often")).Expect(2);
        var help = (await _workspace.RunAsync("--help")).Expect(0);
        var mistyped = (await _workspace.RunAsync("ask-twce")).Expect(2);

        Assert.Equal("hello / hello", twice.Output.Trim());
        Assert.Equal(2, (await _workspace.RunAsync("runs", "list", "--json")).Expect(0).Json.GetProperty("runs").GetArrayLength());
        Assert.Contains("needs AGENT and TASK", wrong.Error, StringComparison.Ordinal);
        Assert.Contains("Asks an agent twice", help.Output, StringComparison.Ordinal);
        Assert.Contains("ask-twice", mistyped.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Workspace_OfAPluginThatIsGone_SaysWhichKindIsMissing()
    {
        (await _workspace.RunAsync("run", "clerk", "hello", "--store", "sample")).Expect(0);
        Directory.Delete(_workspace.PathOf("plugins"), recursive: true);

        foreach (var outcome in (Outcome[])[await _workspace.RunAsync("runs", "list"), await _workspace.RunAsync("doctor")])
            Assert.Contains("a store of the kind 'sample'", outcome.Expect(1).Output + outcome.Error, StringComparison.Ordinal);
    }
}
