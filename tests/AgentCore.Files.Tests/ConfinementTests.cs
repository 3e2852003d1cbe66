namespace AgentCore.Files.Tests;

public sealed class ConfinementTests : IDisposable
{
    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    public static TheoryData<string> HostilePaths => new()
    {
        "..", "../outside/secret.md", "a/../../outside/secret.md", "./../outside/secret.md", ".. /outside/secret.md", "a/..", "..\\outside\\secret.md",
        "/etc/passwd", "//etc/passwd", "\\\\server\\share", "~/secret", "C:\\secret", "C:secret", "file:///etc/passwd", "/dev/zero", "/proc/self/environ",
        "a.md\0.txt", "a\n.md", "\u202Ea.md", "a\u200B.md", "\uFF0E\uFF0E/outside/secret.md", "\u2025/outside/secret.md", "\u2024\u2024/outside/secret.md",
        "", " ", ".", "/", new string('a', 256), new string('a', 5000), string.Join('/', Enumerable.Repeat("a", 100)),
        "A.MD", "a.md/", "a.md/b.md", "missing.md", "%2e%2e/outside/secret.md",
    };

    [Theory]
    [MemberData(nameof(HostilePaths))]
    public void Read_HostilePath_IsRefused(string path)
    {
        _folder.Add("a.md", "inside");
        using var tools = _folder.Tools();
        // On a file system that ignores case "A.MD" is the file itself, and "a.md/" always is.
        try
        {
            Assert.Equal("inside", tools.Read(path).Lines.Single().Text);
            Assert.Equal("a.md", path.TrimEnd('/'), ignoreCase: true);
        }
        catch (FileAccessException e)
        {
            Assert.DoesNotContain(TestFolder.Secret, e.Message, StringComparison.Ordinal);
            Assert.DoesNotContain(_folder.Root, e.Message, StringComparison.Ordinal);
        }
    }

    [Theory]
    [MemberData(nameof(HostilePaths))]
    public void Write_HostilePath_StaysInside(string path)
    {
        using var tools = _folder.Tools(write: true);
        try
        {
            tools.Write(path, "x");
        }
        catch (FileAccessException)
        {
            // Refused: as it should be for most of them.
        }
        Assert.Equal([Path.Combine(_folder.Outside, "secret.md")], Directory.GetFiles(_folder.Outside));
        Assert.Equal(TestFolder.Secret, File.ReadAllText(Path.Combine(_folder.Outside, "secret.md")));
        Assert.Equal(2, Directory.GetDirectories(Path.GetDirectoryName(_folder.Root)!).Length);
    }

    [Fact]
    public async Task AnyTool_LinkOutOfTheFolder_IsRefusedAndNamed()
    {
        _folder.Add("a.md", "a word inside");
        _folder.Link("file.md", Path.Combine(_folder.Outside, "secret.md"));
        _folder.Link("folder", _folder.Outside);
        _folder.Link("up", "..");
        using var tools = _folder.Tools(write: true);

        foreach (var path in (string[])["file.md", "folder/secret.md", "up/outside/secret.md"])
        {
            Assert.Throws<FileAccessException>(() => tools.Read(path));
            if (path != "file.md") Assert.Throws<FileAccessException>(() => tools.Write(path, "overwritten"));
        }
        Assert.Equal(["a.md"], tools.List().Files.Select(file => file.File));
        var found = await tools.SearchAsync("secret word");
        Assert.DoesNotContain(found.Results, result => result.Text.Contains(TestFolder.Secret, StringComparison.Ordinal));
        Assert.Equal(["file.md", "folder", "up"], found.Skipped.Select(skipped => skipped.File));
        Assert.Equal(TestFolder.Secret, File.ReadAllText(Path.Combine(_folder.Outside, "secret.md")));
    }

    [Fact]
    public void Write_OverALink_LeavesItsTargetAlone()
    {
        _folder.Link("note.md", Path.Combine(_folder.Outside, "secret.md"));
        using var tools = _folder.Tools(write: true);
        Assert.Throws<FileAccessException>(() => tools.Write("note.md", "overwritten"));
        Assert.Equal(TestFolder.Secret, File.ReadAllText(Path.Combine(_folder.Outside, "secret.md")));
    }

    [Fact]
    public async Task Search_FileSwappedForALinkAfterIndexing_ReadsNothingOutside()
    {
        var path = _folder.Add("a.md", "the valve is opened with a key");
        using var tools = _folder.Tools();
        Assert.Single((await tools.SearchAsync("valve")).Results);

        var stamp = File.GetLastWriteTimeUtc(path);
        File.Delete(path);
        File.CreateSymbolicLink(path, Path.Combine(_folder.Outside, "secret.md"));
        Assert.Throws<FileAccessException>(() => tools.Read("a.md"));
        Assert.Empty((await tools.SearchAsync("valve")).Results);
        Assert.NotEqual(default, stamp);
    }

    [Fact]
    public async Task AnyTool_LinkLoop_Ends()
    {
        _folder.Link("loop", "loop");
        _folder.Link("here", ".");
        using var tools = _folder.Tools();
        Assert.Throws<FileAccessException>(() => tools.Read("loop"));
        Assert.Throws<FileAccessException>(() => tools.Read("here/here/here/loop"));
        Assert.Equal(2, (await tools.SearchAsync("anything")).SkippedCount);
    }

    [Fact]
    public async Task AnyTool_Pipe_DoesNotBlock()
    {
        if (OperatingSystem.IsWindows()) return;
        _folder.AddPipe("pipe.md");
        using var tools = _folder.Tools(write: true);
        Assert.Contains("not a regular file", Assert.Throws<FileAccessException>(() => tools.Read("pipe.md")).Message, StringComparison.Ordinal);
        Assert.Throws<FileAccessException>(() => tools.Write("pipe.md", "x"));
        Assert.Contains((await tools.SearchAsync("anything")).Skipped, skipped => skipped.File == "pipe.md");
    }

    [Fact]
    public void Read_DeviceBehindALink_IsRefused()
    {
        if (OperatingSystem.IsWindows()) return;
        _folder.Link("zero.md", "/dev/zero");
        using var tools = _folder.Tools();
        Assert.Throws<FileAccessException>(() => tools.Read("zero.md"));
    }

    [Fact]
    public void Create_RootIsMissing_SaysWhich() =>
        Assert.Contains("missing-folder", Assert.Throws<ArgumentException>(() =>
        {
            var options = new FileToolsOptions();
            options.ReadRoots.Add(Path.Combine(_folder.Root, "missing-folder"));
            using var tools = new FileTools(options);
        }).Message, StringComparison.Ordinal);

    [Fact]
    public void Create_RootIsALinkTheUserGave_IsFollowed()
    {
        _folder.Add("a.md", "inside");
        var link = Path.Combine(_folder.Outside, "link");
        Directory.CreateSymbolicLink(link, _folder.Root);
        var options = new FileToolsOptions();
        options.ReadRoots.Add(link);
        using var tools = new FileTools(options);
        Assert.Equal("inside", tools.Read("a.md").Lines.Single().Text);
    }
}
