using AgentCore.Adapters.Objects.Loading;
using AgentCore.Adapters.Objects.Migration;
using AgentCore.Adapters.Objects.Tests.Stress;

namespace AgentCore.Adapters.Objects.Tests;

/// <summary>What of the host an agent shares, and what it brings.</summary>
public sealed class LoadingTests : IDisposable
{
    private readonly string _shared = Directory.CreateTempSubdirectory("agentcore-shared-").FullName;

    public void Dispose() => Directory.Delete(_shared, recursive: true);

    [Fact]
    public void Load_DependenciesFileThatIsDamaged_SaysSoAndLooksAnewOnceItIsMended()
    {
        using var compiled = new Compiled("Deps" + Guid.NewGuid().ToString("n")[..8], "public class ABot { }");
        var dependencies = Path.ChangeExtension(compiled.Path, ".deps.json");
        File.WriteAllText(dependencies, "{ no json");

        Assert.Contains(".deps.json", Assert.Throws<ArgumentException>(() => AgentAssemblies.Load(compiled.Path)).Message, StringComparison.Ordinal);
        File.Delete(dependencies);
        Assert.NotNull(AgentAssemblies.Load(compiled.Path).GetType("ABot"));
    }

    [Theory]
    [InlineData("shop.prices/1.0.0", "lib/net10.0/Shop.Prices.dll", true)]
    [InlineData("../outside", "Shop.Prices.dll", false)]
    [InlineData("shop.prices/2.0.0", "lib/net10.0/Shop.Prices.dll", false)]
    [InlineData("shop.prices/1.0.0", "lib/net10.0/_._", false)]
    public void Read_PackagesOfALibrary_AreTheFilesThatLieInTheCache(string folder, string file, bool found)
    {
        var root = Directory.CreateDirectory(Path.Combine(_shared, "packages")).FullName;
        var there = Path.Combine(Directory.CreateDirectory(Path.Combine(root, "shop.prices", "1.0.0", "lib", "net10.0")).FullName, "Shop.Prices.dll");
        File.WriteAllText(there, "");
        File.WriteAllText(Path.Combine(Directory.CreateDirectory(Path.Combine(_shared, "outside")).FullName, "Shop.Prices.dll"), "");
        var dependencies = Path.Combine(_shared, "Agents.deps.json");
        File.WriteAllText(dependencies, "{'targets': {'net': {'P/1': {'runtime': {'FILE': {}}}}}, 'libraries': {'P/1': {'path': 'FOLDER'}}}".Replace('\'', '"').Replace("FILE", file, StringComparison.Ordinal).Replace("FOLDER", folder, StringComparison.Ordinal));

        Assert.Equal(found ? [new("Shop.Prices", there)] : [], PackageCache.Read(dependencies, root).Libraries);
        Assert.Equal(found ? 1 : 0, PackageCache.Read(dependencies, root + Path.DirectorySeparatorChar).Libraries.Count);
    }

    [Theory]
    [InlineData("{ no json")]
    [InlineData("[]")]
    [InlineData("""{"targets": [], "libraries": {}}""")]
    [InlineData("""{"targets": {"net": {"P/1": {"runtime": {"a.dll": {}}}}}, "libraries": {"P/1": {"path": 3}}}""")]
    public void Read_PackagesInADamagedFile_AreNone(string text)
    {
        var dependencies = Path.Combine(_shared, "Agents.deps.json");
        File.WriteAllText(dependencies, text);

        Assert.Empty(PackageCache.Read(dependencies, _shared).Libraries);
    }

    [Fact]
    public void Read_PackageWithFilesForPlatforms_TakesThoseForThisOne()
    {
        var package = Directory.CreateDirectory(Path.Combine(_shared, "sql", "1.0.0")).FullName;
        foreach (var file in new[] { "lib/Sql.dll", "runtimes/win/lib/Sql.dll", "runtimes/unix/lib/Sql.dll", "runtimes/unix/native/libsqlite.so", "runtimes/win/native/sqlite.dll" })
            File.WriteAllText(Path.Combine(Directory.CreateDirectory(Path.Combine(package, Path.GetDirectoryName(file)!)).FullName, Path.GetFileName(file)), "");
        var dependencies = Path.Combine(_shared, "Agents.deps.json");
        File.WriteAllText(
            dependencies,
            """
            {"targets": {"net": {"Sql/1.0.0": {"runtime": {"lib/Sql.dll": {}}, "runtimeTargets": {
              "runtimes/win/lib/Sql.dll": {"rid": "win", "assetType": "runtime"}, "runtimes/unix/lib/Sql.dll": {"rid": "unix", "assetType": "runtime"},
              "runtimes/unix/native/libsqlite.so": {"rid": "unix", "assetType": "native"}, "runtimes/win/native/sqlite.dll": {"rid": "win", "assetType": "native"} }}}},
             "libraries": {"Sql/1.0.0": {"path": "sql/1.0.0"}}}
            """);
        var platform = OperatingSystem.IsWindows() ? "win" : "unix";

        var packages = PackageCache.Read(dependencies, _shared);

        Assert.Equal(Path.Combine(package, "runtimes", platform, "lib", "Sql.dll"), packages.Libraries["Sql"]);
        Assert.StartsWith(Path.Combine(package, "runtimes", platform, "native"), packages.Native("sqlite")!, StringComparison.Ordinal);
        Assert.Null(packages.Native("other"));
    }

    [Fact]
    public void Run_AgentOfAWebProject_FindsTheWebFrameworksLibraries()
    {
        using var agent = new Compiled(
            "WebAgents",
            """
            using Microsoft.AspNetCore.Http;
            public class HeaderAgent { private readonly IHeaderDictionary _headers = new HeaderDictionary(); public string Run(string text) { _headers["x"] = text; return _headers["x"].ToString(); } }
            public class QueryAgent { public string Run(string text) => QueryString.Create("q", text).Value; }
            """,
            [.. WebLibraries("Microsoft.AspNetCore.Http", "Microsoft.AspNetCore.Http.Abstractions", "Microsoft.AspNetCore.Http.Features", "Microsoft.Extensions.Primitives")]);

        Assert.Equal("hi", Run("HeaderAgent", "hi"));
        Assert.Equal("?q=hi", Run("QueryAgent", "hi"));

        string? Run(string type, string task)
        {
            using var wrapped = new UniversalAgentAdapter(AgentAssemblies.Find(agent.Path, type));
            wrapped.Initialize();
            return wrapped.Execute(task).EnsureDone().Output;
        }

        static IEnumerable<string> WebLibraries(params string[] names) =>
            names.Select(name => SharedFrameworks.Folders.Select(folder => Path.Combine(folder, name + ".dll")).First(File.Exists));
    }

    [Theory]
    [InlineData("10.0.9", "10.0.12 10.0.2 9.0.14 11.0.0", "10.0.12")]
    [InlineData("10.0.9", "9.0.14 9.0.2 8.0.30", "9.0.14")]
    [InlineData("10.0.0-rc.1.25451.107", "10.0.0-rc.1.25451.107", "10.0.0-rc.1.25451.107")]
    [InlineData("10.0.9", "11.0.0 notes", null)]
    public void Find_FrameworksBesideTheRuntime_TakesTheNewestThatIsNoneOfALaterRuntime(string runtime, string installed, string? expected)
    {
        var own = Directory.CreateDirectory(Path.Combine(_shared, "Microsoft.NETCore.App", runtime)).FullName;
        var web = Path.Combine(_shared, "Microsoft.AspNetCore.App");
        foreach (var version in installed.Split(' '))
            Directory.CreateDirectory(Path.Combine(web, version));

        Assert.Equal(expected is null ? [own] : [own, Path.Combine(web, expected)], SharedFrameworks.Find(own));
    }

    [Theory]
    [InlineData("Low.Of() + High.Of()")]
    [InlineData("High.Of() + Low.Of()")]
    public void Load_TwoVersionsOfALibraryAreAskedFor_GivesBothTheOneThatLiesThere(string first)
    {
        const string Library = "Microsoft.Extensions.Options";
        using var newer = new Compiled(Library, "[assembly: System.Reflection.AssemblyVersion(\"99.0.0.0\")] namespace Microsoft.Extensions.Options { public interface IOptions<out T> where T : class { } public class Newest { } }");
        using var low = new Compiled("LowLibrary", "public static class Low { public static string Of() => typeof(Microsoft.Extensions.Options.IOptions<>).Assembly.GetName().Version.ToString(); }", typeof(Microsoft.Extensions.Options.IOptions<>).Assembly.Location);
        using var high = new Compiled("HighLibrary", "public static class High { public static string Of() => typeof(Microsoft.Extensions.Options.Newest).Assembly.GetName().Version.ToString(); }", newer.Path);
        using var agent = new Compiled("AgentLibrary", $"public class VersionAgent {{ public string Run(string text) => {first}; }}", low.Path, high.Path);
        foreach (var part in new[] { newer.Path, low.Path, high.Path })
            File.Copy(part, Path.Combine(agent.Folder, Path.GetFileName(part)));

        using var wrapped = new UniversalAgentAdapter(AgentAssemblies.Find(agent.Path, "VersionAgent"));
        wrapped.Initialize();

        Assert.Equal("99.0.0.099.0.0.0", wrapped.Execute("").EnsureDone().Output);
    }

    [Fact]
    public async Task Verify_LibraryLiesBesideTheAgent_IsNoSurroundingsThatFailed()
    {
        using var library = new Compiled("PriceLibrary", "public static class Prices { public static int Of(string product) => throw new System.ApplicationException(\"no price for \" + product); }");
        using var agent = new Compiled("PriceAgents", "public class PriceAgent { public int Run(string text) => Prices.Of(text); }", library.Path);
        File.Copy(library.Path, Path.Combine(agent.Folder, "PriceLibrary.dll"));

        var item = Assert.Single((await Migrated.MigrateAsync(agent)).Items);

        Assert.Equal(MigrationStatus.SameError, item.Status);
        Assert.StartsWith("both fail alike: ApplicationException: no price for", item.Message, StringComparison.Ordinal);
    }
}
