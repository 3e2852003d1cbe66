using System.Diagnostics;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.AI;

namespace AgentCore.Files.Tests;

public sealed class FileToolsTests : IDisposable
{
    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Tools_WithoutWriteRoot_OfferNoWriting()
    {
        using var tools = _folder.Tools();
        Assert.Equal(["files.list", "files.search", "files.read"], tools.Tools.Select(tool => tool.Name));
        Assert.All(tools.Tools, tool => Assert.True(tool.Options.Repeatable && tool.Required.Single() == "files.read"));
    }

    [Fact]
    public void Tools_WithWriteRoot_WritingNeedsItsOwnCapabilityAndIsNotRepeatable()
    {
        using var tools = _folder.Tools(write: true);
        var write = tools.Tools.Single(tool => tool.Name == "files.write");
        Assert.Equal(["files.write"], write.Required);
        Assert.False(write.Options.Repeatable);
    }

    [Fact]
    public async Task Search_StrangeFiles_AreNamedAndTheRestIsFound()
    {
        _folder.Add("good.md", "# Valves\n\nThe zanzibar valve is opened with the blue key.\n");
        _folder.Add("empty.md", "");
        _folder.AddBytes("picture.md", [0x89, (byte)'P', (byte)'N', (byte)'G', 0, 0, 1]);
        _folder.AddBytes("latin.txt", Encoding.Latin1.GetBytes("Die Größe des zanzibar-Ventils\n"));
        _folder.AddBytes("utf16.txt", [0xFF, 0xFE, (byte)'a', 0]);
        _folder.AddBytes("bom.txt", [0xEF, 0xBB, 0xBF, .. "zanzibar with a mark\n"u8]);
        _folder.Add("huge.txt", new string('x', 3_000_000) + " zanzibar\nzanzibar on line two\n");
        _folder.Add("noend.txt", "zanzibar without a line end");
        _folder.Add("windows.txt", "first\r\nzanzibar second\r\n");
        using var tools = _folder.Tools();

        var found = await tools.SearchAsync("zanzibar", 20);

        Assert.Equal(
            [("empty.md", "empty"), ("huge.txt", "read in part: 1 line(s) longer than 32 KB were cut"), ("latin.txt", "not UTF-8: read as Latin-1"), ("picture.md", "binary"), ("utf16.txt", "UTF-16 text; save it as UTF-8")],
            found.Skipped.Select(skipped => (skipped.File, skipped.Reason)).Order());
        Assert.Equal(["bom.txt", "good.md", "huge.txt", "latin.txt", "noend.txt", "windows.txt"], found.Results.Select(result => result.File).Distinct().Order());
        foreach (var result in found.Results)
        {
            var lines = tools.Read(result.File, result.Line, result.EndLine).Lines;
            var first = result.Text.Split('\n')[0];
            Assert.Equal(lines[0].Text[..Math.Min(first.Length, lines[0].Text.Length)], first[..Math.Min(first.Length, lines[0].Text.Length)]);
        }
    }

    [Fact]
    public async Task Search_RootFileThatIsGone_IsSkippedWithTheReason()
    {
        var options = new FileToolsOptions();
        options.ReadRoots.Add(_folder.Add("gone.md", "zanzibar one"));
        options.ReadRoots.Add(_folder.Add("here.md", "zanzibar two"));
        using var tools = new FileTools(options);
        File.Delete(options.ReadRoots[0]);

        var found = await tools.SearchAsync("zanzibar");

        Assert.Equal("here.md", Assert.Single(found.Results).File);
        Assert.Equal(new SkippedFile("gone.md", "it is not there any more"), Assert.Single(found.Skipped));
        Assert.Equal(["here.md"], tools.List().Files.Select(f => f.File));
        Assert.Throws<FileAccessException>(() => tools.Read("gone.md"));
    }

    [Fact]
    public async Task Search_Markdown_GivesHeadingsAndLines()
    {
        _folder.Add("guide.md", "---\ntitle: The guide\n---\n# Guide\n\nIntro text.\n\n## Timeouts\n\nA request gives up after five seconds.\n\n```python\nclient.timeout = 10\n```\n");
        using var tools = _folder.Tools();
        var best = (await tools.SearchAsync("after how many seconds does a request give up")).Results[0];
        Assert.Equal(("guide.md", 10, "Guide > Timeouts"), (best.File, best.Line, best.Heading));
        Assert.StartsWith("A request gives up", best.Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("a.rst", "Title\n=====\n\nIntro.\n\nRetries\n-------\n\nIt tries three times.\n")]
    [InlineData("a.adoc", "= Title\n\nIntro.\n\n== Retries\n\nIt tries three times.\n")]
    [InlineData("a.txt", "Title\n=====\n\nIntro.\n\nRetries\n-------\n\nIt tries three times.\n")]
    [InlineData("a.md", "Title\n=====\n\nIntro.\n\nRetries\n---\n\nIt tries three times.\n")]
    public async Task Search_AnyMarkup_KnowsItsHeadings(string name, string text)
    {
        _folder.Add(name, text);
        using var tools = _folder.Tools();
        var best = (await tools.SearchAsync("retries three times")).Results[0];
        Assert.Equal("Title > Retries", best.Heading);
        Assert.Equal("It tries three times.", best.Text);
    }

    [Fact]
    public async Task Search_FileChanged_SeesTheChange()
    {
        _folder.Add("a.md", "apples");
        using var tools = _folder.Tools();
        Assert.Empty((await tools.SearchAsync("pears")).Results);
        _folder.Add("a.md", "apples and pears");
        _folder.Add("b.md", "pears too");
        Assert.Equal(2, (await tools.SearchAsync("pears")).Results.Count);
        File.Delete(Path.Combine(_folder.Root, "b.md"));
        Assert.Single((await tools.SearchAsync("pears")).Results);
    }

    [Fact]
    public async Task Search_Cancelled_Stops()
    {
        _folder.Add("a.md", "apples");
        using var tools = _folder.Tools();
        using var cancelled = new CancellationTokenSource();
        await cancelled.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => tools.SearchAsync("apples", cancellationToken: cancelled.Token));
        Assert.Single((await tools.SearchAsync("apples")).Results);
    }

    [Fact]
    public async Task Search_ManyAtOnce_AllFindIt()
    {
        _folder.Add("a.md", "apples");
        using var tools = _folder.Tools();
        var found = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => tools.SearchAsync("apples")));
        Assert.All(found, result => Assert.Single(result.Results));
    }

    [Fact]
    public async Task Search_MoreFilesThanAllowed_NamesTheRest()
    {
        for (var n = 0; n < 5; n++) _folder.Add($"{n}.md", "apples");
        var options = new FileToolsOptions { MaxFiles = 3 };
        options.ReadRoots.Add(_folder.Root);
        using var tools = new FileTools(options);
        var found = await tools.SearchAsync("apples");
        Assert.Equal(3, found.Files);
        Assert.Equal(["3.md", "4.md"], found.Skipped.Select(skipped => skipped.File));
    }

    [Theory]
    [InlineData(1000, "b.md,c.md")]
    [InlineData(300, "b.md")]
    public async Task Search_MoreBytesThanAllowed_CountsTextOnly(long bytes, string texts)
    {
        _folder.AddBytes("a.bin", new byte[900]);
        _folder.Add("b.md", "apples" + new string(' ', 194));
        _folder.Add("c.md", "apples" + new string(' ', 194));
        _folder.AddBytes("d.bin", new byte[2000]);
        var options = new FileToolsOptions { MaxBytes = bytes };
        options.ReadRoots.Add(_folder.Root);
        using var tools = new FileTools(options);

        Assert.Equal(["a.bin", .. texts.Split(','), "d.bin"], tools.List().Files.Select(file => file.File));
        var found = await tools.SearchAsync("apples");
        Assert.Equal(texts.Split(','), found.Results.Select(result => result.File));
        Assert.Contains(new SkippedFile("a.bin", "binary"), found.Skipped);
    }

    [Fact]
    public async Task Invoke_ThroughTheFunction_TakesJsonArguments()
    {
        _folder.Add("a.md", "apples\npears\nplums");
        using var tools = _folder.Tools();
        var read = tools.Tools.Single(tool => tool.Name == "files.read").Function;
        var json = (JsonElement)(await read.InvokeAsync(new AIFunctionArguments { ["path"] = "a.md", ["startLine"] = 2, ["endLine"] = 2 }))!;
        Assert.Equal("pears", json.GetProperty("lines")[0].GetProperty("text").GetString());
        Assert.True(json.GetProperty("hasMore").GetBoolean());
    }

    // Strict schemas make every parameter required and let it be null, which comes as nothing or as a JSON null.
    [Theory]
    [InlineData("files.list", """{"pattern":null}""", "files")]
    [InlineData("files.search", """{"query":"apples","limit":null}""", "results")]
    [InlineData("files.read", """{"path":"a.md","startLine":null,"endLine":null}""", "lines")]
    public async Task Invoke_OptionalArgumentsAreNull_TakesTheDefaults(string tool, string arguments, string found)
    {
        _folder.Add("a.md", "apples\nand pears");
        _folder.Add("b.md", "more apples");
        using var tools = _folder.Tools();
        var function = tools.Tools.Single(t => t.Name == tool).Function;
        var given = JsonSerializer.Deserialize<Dictionary<string, JsonElement>>(arguments)!;
        foreach (var isJson in new[] { false, true })
        {
            var values = given.ToDictionary(a => a.Key, a => a.Value.ValueKind == JsonValueKind.Null && !isJson ? null : (object?)a.Value);
            var json = (JsonElement)(await function.InvokeAsync(new AIFunctionArguments(values)))!;
            Assert.Equal(2, json.GetProperty(found).GetArrayLength());
        }
    }

    [Fact]
    public void Read_Latin1LineThatEndsWithAnAccent_KeepsIt()
    {
        _folder.AddBytes("a.txt", Encoding.Latin1.GetBytes("un café\nà côté\nvoilà"));
        using var tools = _folder.Tools();
        Assert.Equal(["un café", "à côté", "voilà"], tools.Read("a.txt").Lines.Select(line => line.Text));
    }

    [Theory]
    [InlineData(LineReader.MaxLine)]
    [InlineData(LineReader.MaxLine - 1)]
    [InlineData(LineReader.MaxLine - 2)]
    public void Next_LineCutWithinACharacter_LeavesTheCharacterOut(int before)
    {
        _folder.Add("a.txt", new string('x', before) + "€ and more\nnext\n");
        using var handle = File.OpenHandle(Path.Combine(_folder.Root, "a.txt"));
        var reader = new LineReader();
        Assert.Null(reader.Open(handle));
        Assert.True(reader.Next());
        Assert.Equal(before, reader.Text.Length);
        Assert.False(reader.IsLatin1);
        Assert.True(reader.Next());
        Assert.Equal("next", reader.Text.ToString());
    }

    [Fact]
    public void Next_LineOfExactlyTheLimit_IsWhole()
    {
        _folder.Add("a.txt", new string('x', LineReader.MaxLine - 3) + "€\n");
        using var handle = File.OpenHandle(Path.Combine(_folder.Root, "a.txt"));
        var reader = new LineReader();
        reader.Open(handle);
        Assert.True(reader.Next());
        Assert.Equal('€', reader.Text[^1]);
        Assert.Equal(0, reader.CutLines);
    }

    [Fact]
    public void Read_PastTheEnd_GivesNothing()
    {
        _folder.Add("a.md", "one\ntwo");
        using var tools = _folder.Tools();
        Assert.Empty(tools.Read("a.md", 10).Lines);
        Assert.Equal([1, 2], tools.Read("a.md", -5, 99).Lines.Select(line => line.Line));
    }

    [Fact]
    public void Read_LongFile_ComesInParts()
    {
        _folder.Add("a.md", string.Join('\n', Enumerable.Range(1, 1000)));
        using var tools = _folder.Tools();
        var first = tools.Read("a.md");
        Assert.True(first.HasMore);
        Assert.Equal("401", tools.Read("a.md", first.Lines[^1].Line + 1).Lines[0].Text);
    }

    [Fact]
    public void Read_LongLines_AreNamedAsCutOnlyWhereTheyAreRead()
    {
        _folder.Add("a.md", $"{new string('x', 40_000)}\nshort\n{new string('x', 4001)}\nwhole{new string('x', 3995)}\n");
        using var tools = _folder.Tools();
        Assert.NotNull(tools.Read("a.md", 1, 1).Note);
        Assert.Null(tools.Read("a.md", 2, 2).Note);
        Assert.NotNull(tools.Read("a.md", 3, 3).Note);
        Assert.Null(tools.Read("a.md", 4, 4).Note);
    }

    [Fact]
    public void Read_LineThatIsNoUtf8_IsNamedOnlyWhereItIsRead()
    {
        _folder.AddBytes("a.txt", Encoding.Latin1.GetBytes("café\nplain\n"));
        using var tools = _folder.Tools();
        Assert.Equal("not UTF-8: read as Latin-1", tools.Read("a.txt", 1, 1).Note);
        Assert.Null(tools.Read("a.txt", 2, 2).Note);
    }

    [Fact]
    public void Write_NewFile_MakesFoldersAndReadsBack()
    {
        using var tools = _folder.Tools(write: true);
        Assert.Equal(new WrittenFile("notes/deep/a.md", 6), tools.Write("notes/deep/a.md", "größ"));
        tools.Write("notes/deep/a.md", "new");
        Assert.Equal("new", tools.Read("notes/deep/a.md").Lines.Single().Text);
        Assert.Equal(["a.md"], Directory.GetFileSystemEntries(Path.Combine(_folder.Root, "notes/deep")).Select(Path.GetFileName));
    }

    [Fact]
    public void Write_OverAPrivateFile_KeepsItPrivate()
    {
        if (OperatingSystem.IsWindows()) return;
        var path = _folder.Add("private.txt", "x");
        File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        using var tools = _folder.Tools(write: true);
        tools.Write("private.txt", "y");
        Assert.Equal("y", File.ReadAllText(path));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(path));
    }

    [Fact]
    public void Write_DiskFull_SaysSoAndLeavesNothing()
    {
        // A file system of 64 KB, where one may be mounted.
        var small = Directory.CreateDirectory(Path.Combine(_folder.Root, "small")).FullName;
        if (!OperatingSystem.IsLinux() || !Runs("mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", small)) return;
        try
        {
            using var tools = new FileTools(new FileToolsOptions { WriteRoot = small });
            var refused = Assert.Throws<FileAccessException>(() => tools.Write("big.txt", new string('x', 500_000)));
            Assert.Contains("it can't be written", refused.Message, StringComparison.Ordinal);
            Assert.Empty(Directory.GetFileSystemEntries(small));
        }
        finally
        {
            Runs("umount", small);
        }
    }

    [Fact]
    public void Write_OverAFolder_IsRefusedAndLeavesNothing()
    {
        _folder.Add("notes/a.md", "x");
        using var tools = _folder.Tools(write: true);
        Assert.Throws<FileAccessException>(() => tools.Write("notes", "y"));
        Assert.Throws<FileAccessException>(() => tools.Write("notes/a.md/b.md", "y"));
        Assert.Equal(["notes"], Directory.GetFileSystemEntries(_folder.Root).Select(Path.GetFileName));
    }

    private static bool Runs(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true })!;
        process.WaitForExit();
        return process.ExitCode == 0;
    }

    [Fact]
    public void List_SeveralRoots_NamesThemApart()
    {
        _folder.Add("docs/a.md", "x");
        _folder.Add("more/docs/a.md", "y");
        var single = _folder.Add("single.md", "z");
        var options = new FileToolsOptions();
        foreach (var root in (string[])[Path.Combine(_folder.Root, "docs"), Path.Combine(_folder.Root, "more/docs"), single]) options.ReadRoots.Add(root);
        using var tools = new FileTools(options);
        Assert.Equal(["docs/a.md", "docs-2/a.md", "single.md"], tools.List().Files.Select(file => file.File));
        Assert.Equal("y", tools.Read("docs-2/a.md").Lines.Single().Text);
        Assert.Equal("z", tools.Read("single.md").Lines.Single().Text);
        Assert.Equal(2, tools.List("docs*").Count);
    }
}
