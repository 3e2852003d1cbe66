using System.Diagnostics;

namespace AgentCore.Files.Tests;

/// <summary>A folder of a test's own, with an outside beside it that nothing may reach.</summary>
internal sealed class TestFolder : IDisposable
{
    public const string Secret = "the secret outside";

    private readonly string _top = Directory.CreateTempSubdirectory("agentcore-files-").FullName;

    public TestFolder()
    {
        Root = Directory.CreateDirectory(Path.Combine(_top, "root")).FullName;
        Outside = Directory.CreateDirectory(Path.Combine(_top, "outside")).FullName;
        File.WriteAllText(Path.Combine(Outside, "secret.md"), Secret);
    }

    public string Root { get; }

    public string Outside { get; }

    public string Add(string path, string text)
    {
        var full = Path.Combine(Root, path);
        Directory.CreateDirectory(Path.GetDirectoryName(full)!);
        File.WriteAllText(full, text);
        return full;
    }

    public void AddBytes(string path, byte[] bytes) => File.WriteAllBytes(Path.Combine(Root, path), bytes);

    public void Link(string path, string target) => File.CreateSymbolicLink(Path.Combine(Root, path), target);

    /// <summary>Makes a named pipe; reading one blocks until somebody writes.</summary>
    public void AddPipe(string path)
    {
        using var process = Process.Start(new ProcessStartInfo("mkfifo", [Path.Combine(Root, path)]))!;
        process.WaitForExit();
    }

    public FileTools Tools(bool write = false)
    {
        var options = new FileToolsOptions { WriteRoot = write ? Root : null };
        options.ReadRoots.Add(Root);
        return new FileTools(options);
    }

    public void Dispose() => Directory.Delete(_top, recursive: true);
}
