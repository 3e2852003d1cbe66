using System.Text.Json;

namespace AgentCore.Adapters.Processes.Tests;

/// <summary>Modules that are named like those of Python's library, in a folder that is scanned or beside an agent.</summary>
public sealed class PythonShadowTests
{
    private const string Betrays = "open('ran.txt', 'a').write(__name__ + '\\n')\nraise SystemExit('this is not the library')\n";

    [PythonTheory]
    [InlineData("json")]
    [InlineData("ast")]
    [InlineData("types")]
    [InlineData("tokenize")]
    public async Task Scan_ModuleNamedLikeTheLibrary_NotRun(string name)
    {
        await InFolderAsync(async folder =>
        {
            await File.WriteAllTextAsync(Path.Combine(folder, name + ".py"), Betrays);
            await File.WriteAllTextAsync(Path.Combine(folder, "mine.py"), "class MyAgent:\n    def run(self, task): return task\n");

            // As a scan of the current folder is started.
            var options = new ProcessOptions(OperatingSystem.IsWindows() ? "python" : "python3", PythonCode.Arguments) { WorkingDirectory = folder };
            var request = JsonSerializer.Serialize(new { paths = new[] { folder } });
            var reply = await TextCall.ReadAsync(options, PythonCode.Scan + request + "\n", TimeProvider.System, default);

            Assert.Equal("my", JsonElement.Parse(reply).GetProperty("agents")[0].GetProperty("name").GetString());
            Assert.False(File.Exists(Path.Combine(folder, "ran.txt")));
        });
    }

    [PythonTheory]
    [InlineData("json")]
    [InlineData("queue")]
    [InlineData("asyncio")]
    public async Task Execute_ModuleBesideNamedLikeTheLibrary_NotTheBridges(string name)
    {
        await InFolderAsync(async folder =>
        {
            await File.WriteAllTextAsync(Path.Combine(folder, name + ".py"), Betrays);
            await File.WriteAllTextAsync(Path.Combine(folder, "mine.py"), "class MyAgent:\n    def run(self, task): return 'ran ' + task\n");

            Assert.Equal("ran x", await AnswerAsync(folder, "mine:MyAgent"));
            Assert.False(File.Exists(Path.Combine(folder, "ran.txt")));
        });
    }

    [PythonTheory]
    [InlineData("mine:MyAgent")]
    [InlineData("mine.py:MyAgent")]
    [InlineData("crew.member:MyAgent")]
    public async Task Execute_OwnModuleNamedLikeTheLibrary_TheAgents(string target)
    {
        const string agent = "import queue\nfrom logging import level\nclass MyAgent:\n    def run(self, task): return '%s %s %s' % (queue.OWN, level.OWN, task)\n";
        await InFolderAsync(async folder =>
        {
            Directory.CreateDirectory(Path.Combine(folder, "logging"));
            Directory.CreateDirectory(Path.Combine(folder, "crew"));
            await File.WriteAllTextAsync(Path.Combine(folder, "logging", "__init__.py"), "");
            await File.WriteAllTextAsync(Path.Combine(folder, "logging", "level.py"), "OWN = 'own level'\n");
            await File.WriteAllTextAsync(Path.Combine(folder, "queue.py"), "OWN = 'own queue'\n");
            await File.WriteAllTextAsync(Path.Combine(folder, "mine.py"), agent);
            await File.WriteAllTextAsync(Path.Combine(folder, "crew", "member.py"), agent);

            Assert.Equal("own queue own level x", await AnswerAsync(folder, target));
        });
    }

    [PythonFact]
    public async Task Execute_RelativeImportOfSuchAName_Found()
    {
        await InFolderAsync(async folder =>
        {
            Directory.CreateDirectory(Path.Combine(folder, "crew"));
            await File.WriteAllTextAsync(Path.Combine(folder, "crew", "__init__.py"), "");
            await File.WriteAllTextAsync(Path.Combine(folder, "crew", "json.py"), "OWN = 'own'\n");
            await File.WriteAllTextAsync(
                Path.Combine(folder, "crew", "member.py"),
                "import json\nfrom .json import OWN\nclass MyAgent:\n    def run(self, task): return json.dumps([OWN, task])\n");

            Assert.Equal("""["own", "x"]""", await AnswerAsync(folder, "crew.member:MyAgent"));
        });
    }

    private static async Task<string> AnswerAsync(string folder, string target)
    {
        using var agent = Python.Agent(target, p => p with { WorkingDirectory = folder });
        var result = await agent.ExecuteAsync("x");
        return result.Error?.Message ?? result.Output;
    }

    private static async Task InFolderAsync(Func<string, Task> act)
    {
        var folder = Directory.CreateTempSubdirectory("agentcore-").FullName;
        try
        {
            await act(folder);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
