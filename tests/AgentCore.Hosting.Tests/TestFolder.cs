using AgentCore.Hosting.Definitions;
using Microsoft.Extensions.Options;

namespace AgentCore.Hosting.Tests;

/// <summary>A workspace's folder that is gone after the test.</summary>
internal sealed class TestFolder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("agentcore-hosting-").FullName;

    public void Write(string name, string text)
    {
        var path = System.IO.Path.Combine(Path, name);
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text);
    }

    public AgentWorkspace Open(Action<AgentCoreOptions>? configure = null)
    {
        var options = new AgentCoreOptions { Workspace = Path };
        configure?.Invoke(options);
        return new AgentWorkspace(Options.Create(options), TimeProvider.System);
    }

    public void Dispose() => Directory.Delete(Path, recursive: true);
}

/// <summary>Definition texts read as the loader does.</summary>
internal static class Reading
{
    private static readonly Dictionary<string, AgentCore.Plugins.AgentKind> Kinds = new() { ["chat"] = AgentFields.Chat, ["person"] = AgentFields.Person };

    public static List<DefinitionError> Agent(string text)
    {
        var errors = new List<DefinitionError>();
        AgentFile.Read(File(text), Kinds, errors);
        return errors;
    }

    public static List<DefinitionError> Team(string text)
    {
        var errors = new List<DefinitionError>();
        TeamFile.Read(File(text), Kinds, errors);
        return errors;
    }

    private static DefinitionFile File(string text) => new("x.yaml", "x", text, "/", false);
}
