using System.Text.Json;
using AgentCore.Adapters.Objects.Migration;
using AgentCore.Adapters.Objects.Tests.Fixtures;
using AgentCore.Adapters.Objects.Tests.Stress;

namespace AgentCore.Adapters.Objects.Tests;

public sealed class ScanTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("agentcore-scan-").FullName;

    [Fact]
    public void Scan_NothingThere_SaysWhere()
    {
        var e = Assert.Throws<ArgumentException>(() => new MigrationScanner().Scan("/nowhere/at/all"));

        Assert.Contains("/nowhere/at/all", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Scan_NoAssembly_IsAProblemAndNotTheEnd()
    {
        File.WriteAllText(Path.Combine(_folder, "Broken.dll"), "not an assembly");
        File.Copy(typeof(RunTextAgent).Assembly.Location, Path.Combine(_folder, "Fixtures.dll"));

        var report = new MigrationScanner().Scan(_folder);

        Assert.Contains(report.Problems, p => p.Contains("Broken.dll", StringComparison.Ordinal));
        Assert.Contains(report.Agents, a => a.Type == typeof(RunTextAgent).FullName);
    }

    [Fact]
    public void Scan_MissingDependency_IsReportedAndTheRestIsRead()
    {
        using var library = new Compiled("Gone", "namespace Gone; public class GoneBase { public virtual string Run(string input) => input; } public class GoneContext { }");
        using var compiled = new Compiled(
            "Needs",
            """
            using Gone;
            namespace Needs;
            public class LostAgent : GoneBase { }
            public class HalfAgent { public string Run(string input, GoneContext lost) => input; }
            public class WholeAgent { public string Run(string input) => input; }
            """,
            library.Path);

        var report = new MigrationScanner().Scan(compiled.Path);

        Assert.Contains(report.MissingDependencies, d => d.StartsWith("Gone ", StringComparison.Ordinal));
        Assert.Equal(["HalfAgent", "LostAgent", "WholeAgent"], report.Agents.Select(a => a.Type[6..]).Order());
        Assert.NotEmpty(report.Agents.Single(a => a.Type == "Needs.LostAgent").Problems);
        Assert.Equal(AgentClass.C, report.Agents.Single(a => a.Type == "Needs.HalfAgent").Class);
        Assert.Equal(AgentClass.A, report.Agents.Single(a => a.Type == "Needs.WholeAgent").Class);
    }

    [Fact]
    public void Scan_CodeThatWouldActWhenLoaded_RunsNoneOfIt()
    {
        var trace = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());
        var source = $$"""
            using System.IO; using System.Runtime.CompilerServices;
            namespace Trap;
            static class Init { [ModuleInitializer] internal static void Go() => File.WriteAllText("{{trace}}", "ran"); }
            public class TrapAgent { static TrapAgent() => Init.Go(); public TrapAgent() => Init.Go(); public string Run(string input) { Init.Go(); return input; } }
            """;
        using var compiled = new Compiled("Trap", source);

        var report = new MigrationScanner().Scan(compiled.Folder);

        Assert.Single(report.Agents);
        Assert.False(File.Exists(trace));
        Assert.DoesNotContain(AppDomain.CurrentDomain.GetAssemblies(), a => a.GetName().Name == "Trap");
    }

    [Fact]
    public void Scan_OwnFixtures_SortsThemAsTheyRun()
    {
        var report = new MigrationScanner().Scan(typeof(RunTextAgent).Assembly.Location);
        var found = report.Agents.ToDictionary(a => a.Type, a => a.Class);

        foreach (var row in ShapeTests.Wrapped)
        {
            var (type, expected) = ((Type)row[0], (AgentClass)row[1]);
            Assert.True(found[type.FullName!] == expected, $"{type.Name}: {found[type.FullName!]}, expected {expected}");
        }

        Assert.Equal(AgentClass.D, found[typeof(TickAgent).FullName!]);
        Assert.Equal(AgentClass.E, found[typeof(SettingsAgent).FullName!]);
        Assert.Equal(report.Agents.Count, report.Agents.Select(a => a.Name).Distinct().Count());
    }

    [Fact]
    public void Scan_NamedTypes_TakesThoseAlone()
    {
        var report = new MigrationScanner(new ScanOptions { Types = ["*Fixtures.Order"] }).Scan(typeof(RunTextAgent).Assembly.Location);

        Assert.Equal(typeof(Order).FullName, Assert.Single(report.Agents).Type);
    }

    [Fact]
    public void Report_HostileName_IsEscapedInThePage()
    {
        var path = Path.Combine(_folder, "list.jsonl");
        File.WriteAllText(path, """{"name":"<script>alert(1)</script>Agent","methods":["run"]}""");

        var page = new MigrationScanner().Scan(path).ToHtml();

        Assert.DoesNotContain("<script>alert", page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Report_HostileName_GivesTheTerminalNoOrders()
    {
        var path = Path.Combine(_folder, "list.jsonl");
        File.WriteAllText(path, """{"name":"EscAgent","methods":["Run(string \u001b]0;pwned\u0007x)"],"base":"\u009b31m"}""");
        var options = new MigrationOptions { Workspace = _folder };

        var scan = new MigrationScanner().Scan(path);
        var migration = await new MigrationEngine(options).RunAsync(scan with { Problems = ["a\nb\u001bc"] });

        Assert.Contains("\uFFFD]0;pwned\uFFFDx", scan.ToTable(), StringComparison.Ordinal);
        Assert.Contains("not read: a b\uFFFDc", migration.ToTable(), StringComparison.Ordinal);
        Assert.DoesNotContain(scan.ToTable() + (migration with { Items = [migration.Items[0] with { Message = "\u001b[31m" }] }).ToTable(), c => char.IsControl(c) && c is not ('\n' or '\r'));
    }

    [Fact]
    public void Scan_TypeNamed_TakesItOfAnInventoryToo()
    {
        var path = Path.Combine(_folder, "list.jsonl");
        File.WriteAllText(path, """
            {"name":"shop.Pricing","methods":["run"]}
            {"name":"shop.Stock","methods":["run"]}
            """);

        Assert.Equal("shop.Stock", Assert.Single(new MigrationScanner(new ScanOptions { Types = ["Stock"] }).Scan(path).Agents).Type);
    }

    [Theory]
    [InlineData("Shop.Outer+Pricing`1", "Pricing", true)]
    [InlineData("shop.agents:Pricing", "Pricing", true)]
    [InlineData("Shop.Pricing", "Shop.*", true)]
    [InlineData("Shop.Pricing", "pricing", false)]
    [InlineData("Shop.Pricing", "Shop", false)]
    public void Takes_Name_IsTheClassOrItsFullName(string fullName, string pattern, bool expected) =>
        Assert.Equal(expected, new ScanOptions { Types = [pattern] }.Takes(fullName));

    [Fact]
    public void Report_Forms_HoldTheSame()
    {
        var report = new MigrationScanner().Scan(typeof(RunTextAgent).Assembly.Location);

        using var json = JsonDocument.Parse(report.ToJson());
        Assert.Equal(report.Agents.Count, json.RootElement.GetProperty("found").GetArrayLength());
        Assert.All(report.Agents, a => Assert.Contains(a.Name, report.ToTable(), StringComparison.Ordinal));
        Assert.DoesNotContain("http", report.ToHtml(), StringComparison.OrdinalIgnoreCase);
    }

    [Theory]
    [InlineData("""{"name":"A","base":"BaseAgent","methods":["run"]}""", AgentClass.A)]
    [InlineData("""{"name":"A","methods":["Task<string> ChatAsync(string message, CancellationToken token = default)"]}""", AgentClass.A)]
    [InlineData("""{"name":"A","methods":["def achat(self, message: str) -> str"]}""", AgentClass.A)]
    [InlineData("""{"name":"A","methods":[{"name":"route","parameters":["str request"],"returns":"str"}]}""", AgentClass.B)]
    [InlineData("""{"name":"A","methods":["string Run(string input, IContext context, Action<string> reply)"]}""", AgentClass.C)]
    [InlineData("""{"name":"A","methods":["handle_message(self, message, sender)"]}""", AgentClass.C)]
    [InlineData("""{"name":"A","methods":["run(self, task: Optional[str], history: list[str] | None = None)"]}""", AgentClass.A)]
    [InlineData("""{"name":"A","methods":["run(task: str=...)", "arun(task: str=...)"]}""", AgentClass.A)]
    [InlineData("""{"name":"A","methods":["__call__(*message, session_id=...)"]}""", AgentClass.A)]
    [InlineData("""[{"name":"A","methods":["run"]}]""", AgentClass.A)]
    [InlineData("""{"name":"A","methods":["void Start()","void Stop()"]}""", AgentClass.D)]
    [InlineData("""{"name":"A","methods":["string GetName()"]}""", AgentClass.E)]
    public void Scan_InventoryLine_IsSortedByItsMethods(string line, AgentClass expected)
    {
        var path = Path.Combine(_folder, "agents.jsonl");
        File.WriteAllText(path, line + "\n");

        var agent = Assert.Single(new MigrationScanner().Scan(path).Agents);

        Assert.True(agent.Class == expected, $"{agent.Class}: {agent.Why}");
    }

    [Theory]
    [InlineData("{", "not JSON")]
    [InlineData("{}", "'name' is missing")]
    [InlineData("[\"A\"]", "an agent is an object")]
    [InlineData("""{"name":"A","methods":[5]}""", "a method is")]
    [InlineData("""{"name":"\ud800Agent"}""", "surrogate")]
    [InlineData("""{"\ud800":1,"name":"A"}""", "surrogate")]
    public void Scan_WrongInventory_NamesTheLine(string line, string message)
    {
        var path = Path.Combine(_folder, "agents.jsonl");
        File.WriteAllText(path, """{"name":"Good"}""" + "\n" + line + "\n");

        var e = Assert.Throws<ArgumentException>(() => new MigrationScanner().Scan(path));

        Assert.Contains("line 2", e.Message, StringComparison.Ordinal);
        Assert.Contains(message, e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Scan_PythonSignature_KeepsNamesAndTypes()
    {
        var path = Path.Combine(_folder, "agents.jsonl");
        File.WriteAllText(path, """{"name":"A","methods":["handle_message(self, message, sender: Optional[str], tags: List[str], *rest)"]}""");

        var agent = Assert.Single(new MigrationScanner().Scan(path).Agents);

        Assert.Equal(["message", "sender", "tags"], agent.Binding.Arguments.Select(a => a.Name));
        Assert.Equal(["object", "str", "List<str>"], agent.Binding.Arguments.Select(a => a.Type));
    }

    [Fact]
    public void Inventory_Written_ReadsBack()
    {
        var report = new MigrationScanner().Scan(typeof(RunTextAgent).Assembly.Location);
        var path = Path.Combine(_folder, "agents.jsonl");
        File.WriteAllText(path, report.ToInventory());

        var again = new MigrationScanner().Scan(path);

        Assert.Equal(report.Agents.Count, again.Agents.Count);
        var same = report.Agents.Count(a => again.Agents.Single(b => b.Type == a.Type).Class == a.Class);
        Assert.True(same >= report.Agents.Count * 3 / 4, $"{same} of {report.Agents.Count} sorted alike from their names alone");
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);
}
