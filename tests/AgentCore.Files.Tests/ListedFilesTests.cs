using System.Diagnostics;

namespace AgentCore.Files.Tests;

/// <summary>What is listed and searched can be read, by the name it is listed with.</summary>
public sealed class ListedFilesTests : IDisposable
{
    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("\u0646\u0645\u06CC\u200C\u062E\u0648\u0627\u0647\u0645.md")]
    [InlineData("\u0915\u094D\u200D\u0937.md")]
    [InlineData("\U0001F468\u200D\U0001F4BB.md")]
    [InlineData("\U0001F469\U0001F3FD\u200D\u2764\uFE0F\u200D\U0001F468.md")]
    [InlineData("~draft.md")]
    [InlineData("~backup/a.md")]
    [InlineData("a:b.md")]
    [InlineData("a: b/c.md")]
    [InlineData("back\\slash.md")]
    [InlineData("\u0D05\u0D28\u0D4D\u200D.md")]
    public async Task Read_NameAsListed_Reads(string name)
    {
        if (OperatingSystem.IsWindows() && name.IndexOfAny([':', '\\']) >= 0) return;
        _folder.Add(name, "zanzibar\n");
        using var tools = _folder.Tools(write: true);

        var listed = tools.List();
        Assert.Equal(name, Assert.Single(listed.Files).File);
        Assert.Equal("zanzibar", Assert.Single(tools.Read(name).Lines).Text);
        Assert.Equal(name, Assert.Single((await tools.SearchAsync("zanzibar")).Results).File);
        Assert.Equal(name, tools.Write(name, "x").File);
    }

    [Theory]
    [InlineData("ad\u200Cmin.md")]
    [InlineData("ad\u200Dmin.md")]
    [InlineData("\u0646\u200C.md")]
    [InlineData("\u200Ca.md")]
    [InlineData("\U0001F468\u200Da.md")]
    [InlineData("a\u202Edm.exe")]
    [InlineData("a\u200Bb.md")]
    [InlineData("line\nbreak.md")]
    [InlineData("~/a.md")]
    [InlineData("C:/a.md")]
    [InlineData("\\a.md")]
    [InlineData("a\\..b.md")]
    [InlineData("\u2025")]
    public async Task List_NameThatReadRefuses_IsLeftOutWithTheReason(string name)
    {
        if (OperatingSystem.IsWindows()) return;
        _folder.Add(name, "zanzibar\n");
        using var tools = _folder.Tools(write: true);

        var refused = Assert.Throws<FileAccessException>(() => tools.Read(name));
        Assert.Throws<FileAccessException>(() => tools.Write(name, "x"));
        var listed = tools.List();

        Assert.Empty(listed.Files);
        var skipped = Assert.Single(listed.Skipped);
        Assert.EndsWith(skipped.Reason, refused.Message, StringComparison.Ordinal);
        Assert.Empty((await tools.SearchAsync("zanzibar")).Results);
    }

    [Fact]
    public async Task List_NameThatIsNoUtf8_IsLeftOutWithTheReason()
    {
        if (!OperatingSystem.IsLinux()) return;
        _folder.Add("a.md", "zanzibar\n");
        await ShellAsync("echo zanzibar > \"$(printf 'b\\377.md')\"");
        using var tools = _folder.Tools();
        try
        {
            var listed = tools.List();

            Assert.Equal("a.md", Assert.Single(listed.Files).File);
            Assert.Equal(new SkippedFile("b\uFFFD.md", "it can't be found by its name"), Assert.Single(listed.Skipped));
            Assert.Single((await tools.SearchAsync("zanzibar")).Results);
        }
        finally
        {
            // .NET can't name it, and so not delete it.
            await ShellAsync("rm b*");
        }
    }

    [Fact]
    public void Read_BelowAnInputThatBeginsWithADot_KeepsTheRuleForWhatIsInside()
    {
        _folder.Add(".notes/a.md", "zanzibar");
        _folder.Add(".notes/.env", "KEY=1");
        _folder.Add(".notes/.git/config", "KEY=1");
        _folder.Add("docs/b.md", "zanzibar");
        using var tools = Tools(".notes", "docs");

        Assert.Equal([".notes/a.md", "docs/b.md"], tools.List().Files.Select(file => file.File));
        Assert.Equal("zanzibar", Assert.Single(tools.Read(".notes/a.md").Lines).Text);
        foreach (var hidden in (string[])[".notes/.env", ".notes/.git/config", "docs/.env", ".env"])
            Assert.Throws<FileAccessException>(() => tools.Read(hidden));
    }

    [Fact]
    public void Read_InputFilesThatBeginWithADot_Reads()
    {
        _folder.Add(".notes.md", "one");
        _folder.Add(".more.md", "two");

        using var single = Tools(".notes.md");
        Assert.Equal("one", Assert.Single(single.Read(Assert.Single(single.List().Files).File).Lines).Text);
        using var both = Tools(".notes.md", ".more.md");
        Assert.Equal("two", Assert.Single(both.Read(".more.md").Lines).Text);
    }

    private async Task ShellAsync(string command)
    {
        using var process = Process.Start(new ProcessStartInfo("sh", ["-c", command]) { WorkingDirectory = _folder.Root })!;
        await process.WaitForExitAsync();
    }

    private FileTools Tools(params string[] roots)
    {
        var options = new FileToolsOptions();
        foreach (var root in roots)
            options.ReadRoots.Add(Path.Combine(_folder.Root, root));
        return new FileTools(options);
    }
}
