namespace AgentCore.Hosting.Tests;

/// <summary>What is refused in a workspace's <c>plugins</c> folder before any of its code runs.</summary>
public sealed class PluginFolderTests : IDisposable
{
    // An assembly without the attribute: it is refused as none once nothing else is against it.
    private const string Fits = "[assembly: AgentCorePlugin";

    private readonly TestFolder _folder = new();

    public PluginFolderTests()
    {
        Copy("plugins/x/x.dll");
    }

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("plugins/x/x.dll")]
    [InlineData("plugins/x/neighbour.dll")]
    [InlineData("plugins/x/x.deps.json")]
    [InlineData("plugins/x/runtimes/native.so")]
    [InlineData("plugins/x/runtimes")]
    [InlineData("plugins/x")]
    [InlineData("plugins")]
    [InlineData("")]
    public void Plugins_OthersMayChangeWhatIsLoadedOrItsFolder_IsRefused(string open)
    {
        if (OperatingSystem.IsWindows())
            return;
        _folder.Write("plugins/x/neighbour.dll", "");
        _folder.Write("plugins/x/x.deps.json", "{}");
        _folder.Write("plugins/x/runtimes/native.so", "");
        Assert.Contains(Fits, Refusal(), StringComparison.Ordinal);

        Open(open);

        Assert.Contains($"{PathOf(open)} may be changed by every user", Refusal(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("plugins/x")]
    [InlineData("plugins")]
    [InlineData("")]
    public void Plugins_StickyFolderIntoWhichOthersMayPutFiles_IsRefused(string open)
    {
        if (OperatingSystem.IsWindows())
            return;

        Open(open, UnixFileMode.StickyBit);

        Assert.Contains("chmod o-w", Refusal(), StringComparison.Ordinal);
    }

    [Fact]
    public void Plugins_FolderAboveTheWorkspace_IsRefusedUnlessSticky()
    {
        if (OperatingSystem.IsWindows())
            return;
        Copy("above/workspace/plugins/x/x.dll");
        string Above() => Refusal(_folder.Open(o => o.Workspace = PathOf("above/workspace")));

        Open("above");
        Assert.Contains($"{PathOf("above")} may be changed", Above(), StringComparison.Ordinal);

        Open("above", UnixFileMode.StickyBit);
        Assert.Contains(Fits, Above(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("elsewhere/x.dll", "plugins/y.dll", "elsewhere/x.dll")]
    [InlineData("elsewhere/x.dll", "plugins/y.dll", "elsewhere")]
    [InlineData("elsewhere/x.dll", "plugins/x/y.dll", "elsewhere/x.dll")]
    [InlineData("elsewhere", "plugins/x/y", "elsewhere/x.dll")]
    [InlineData("elsewhere", "plugins/x/y", "elsewhere")]
    public void Plugins_LinkToWhatOthersMayChange_IsRefused(string target, string link, string open)
    {
        if (OperatingSystem.IsWindows())
            return;
        Copy("elsewhere/x.dll");
        File.CreateSymbolicLink(PathOf("hop"), PathOf(target));
        File.CreateSymbolicLink(PathOf(link), PathOf("hop"));
        Assert.All(_folder.Open().Plugins.Where(p => p.FromWorkspace), p => Assert.Contains(Fits, p.Refused, StringComparison.Ordinal));

        Open(open);

        Assert.Contains(_folder.Open().Plugins, p => p.FromWorkspace && p.Refused!.Contains("chmod o-w", StringComparison.Ordinal));
    }

    [Fact]
    public void Plugins_FolderThatLinksToItself_IsLookedThroughOnce()
    {
        if (OperatingSystem.IsWindows())
            return;

        File.CreateSymbolicLink(PathOf("plugins/x/again"), PathOf("plugins"));

        Assert.Contains(Fits, Refusal(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/nowhere/y.dll")]
    [InlineData("y.dll")]
    public void Plugins_LinkToNothing_IsRefusedAndTheRestGoesOn(string target)
    {
        if (OperatingSystem.IsWindows())
            return;
        File.CreateSymbolicLink(PathOf("plugins/y.dll"), target);

        var refused = _folder.Open().Plugins.Where(p => p.FromWorkspace).ToList();

        Assert.Equal(["x", "y"], refused.Select(p => p.Name));
        Assert.Contains($"{PathOf("plugins/y.dll")} is a link to '{target}', which isn't there", refused[1].Refused, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("plugins/my.plugin", "my.plugin")]
    [InlineData("plugins/y/y.dll", "y")]
    public void Plugins_FolderOrFileInAFolderIsALinkToNothing_IsRefused(string link, string name)
    {
        if (OperatingSystem.IsWindows())
            return;
        Directory.CreateDirectory(Path.GetDirectoryName(PathOf(link))!);
        Directory.CreateSymbolicLink(PathOf(link), "/nowhere/y");
        Directory.CreateSymbolicLink(PathOf("plugins/.#open"), "/nowhere/y");

        var refused = Assert.Single(_folder.Open().Plugins, p => p.FromWorkspace && p.Name != "x");

        Assert.Equal(name, refused.Name);
        Assert.Contains($"{PathOf(link)} is a link to '/nowhere/y', which isn't there", refused.Refused, StringComparison.Ordinal);
    }

    [Fact]
    public void Plugins_AllOfThemBehindALinkToNothing_IsTold()
    {
        if (OperatingSystem.IsWindows())
            return;
        Directory.Delete(PathOf("plugins"), recursive: true);
        Directory.CreateSymbolicLink(PathOf("plugins"), "/nowhere");

        Assert.Contains("which isn't there", Refusal(), StringComparison.Ordinal);
    }

    // The system goes by where the link really lies: from deep/plugins to deep/lib.
    [Theory]
    [InlineData("../lib/y.dll")]
    [InlineData("hop/../y.dll")]
    public void Plugins_RelativeLinkInALinkedFolder_IsFollowedFromItsRealPlace(string target)
    {
        if (OperatingSystem.IsWindows())
            return;
        Directory.Delete(PathOf("plugins"), recursive: true);
        Copy("deep/lib/y.dll");
        Directory.CreateDirectory(PathOf("deep/lib/within"));
        Directory.CreateDirectory(PathOf("deep/plugins"));
        File.CreateSymbolicLink(PathOf("deep/plugins/hop"), "../lib/within");
        File.CreateSymbolicLink(PathOf("deep/plugins/y.dll"), target);
        Directory.CreateSymbolicLink(PathOf("plugins"), PathOf("deep/plugins"));
        Assert.Contains(Fits, Refusal(), StringComparison.Ordinal);

        Open("deep/lib");

        Assert.Contains($"{PathOf("deep/lib")} may be changed by every user", Refusal(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("deep/lib/neighbour.dll")]
    [InlineData("deep/lib")]
    public void Plugins_RelativeLinkBesideAPluginInALinkedFolder_ToWhatOthersMayChange_IsRefused(string open)
    {
        if (OperatingSystem.IsWindows())
            return;
        Directory.Delete(PathOf("plugins/x"), recursive: true);
        Copy("deep/x/x.dll");
        Copy("deep/lib/neighbour.dll");
        File.CreateSymbolicLink(PathOf("deep/x/neighbour.dll"), "../lib/neighbour.dll");
        Directory.CreateSymbolicLink(PathOf("plugins/x"), PathOf("deep/x"));
        Assert.Contains(Fits, Refusal(), StringComparison.Ordinal);

        Open(open);

        Assert.Contains($"{PathOf(open)} may be changed by every user", Refusal(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(30, 0xff)]
    [InlineData(0, 0x00)]
    public void Plugins_DamagedAssembly_IsRefusedByItsName(int place, byte damage)
    {
        var bytes = File.ReadAllBytes(PathOf("plugins/x/x.dll"));
        // From the beginning of the metadata on; at 30 is the number of its parts.
        bytes.AsSpan(bytes.AsSpan().IndexOf("BSJB"u8) + place, 2).Fill(damage);
        File.WriteAllBytes(PathOf("plugins/x/x.dll"), bytes);

        Assert.Contains(PathOf("plugins/x/x.dll"), Refusal(), StringComparison.Ordinal);
    }

    private string Refusal(AgentWorkspace? workspace = null) => Assert.Single((workspace ?? _folder.Open()).Plugins, p => p.FromWorkspace).Refused!;

    private string PathOf(string name) => name.Length == 0 ? _folder.Path : Path.Combine(_folder.Path, name);

    private void Copy(string name)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(PathOf(name))!);
        File.Copy(typeof(BaseAgent).Assembly.Location, PathOf(name));
    }

    private void Open(string name, UnixFileMode further = UnixFileMode.None)
    {
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(PathOf(name), File.GetUnixFileMode(PathOf(name)) | UnixFileMode.OtherWrite | further);
    }
}
