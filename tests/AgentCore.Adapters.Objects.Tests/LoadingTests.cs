using AgentCore.Adapters.Objects.Loading;
using AgentCore.Adapters.Objects.Migration;
using AgentCore.Adapters.Objects.Tests.Stress;

namespace AgentCore.Adapters.Objects.Tests;

/// <summary>What of the host an agent shares, and what it brings.</summary>
public sealed class LoadingTests
{
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
