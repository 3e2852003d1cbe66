using System.Reflection;
using System.Reflection.Metadata;
using System.Reflection.Metadata.Ecma335;
using System.Reflection.PortableExecutable;
using System.Text.Json;
using AgentCore.Adapters.Objects.Migration;
using AgentCore.Adapters.Objects.Tests.Stress;

namespace AgentCore.Adapters.Objects.Tests;

/// <summary>What nobody wrote by hand: damaged assemblies and torn signatures. A scan ends with a report, or names the line.</summary>
public sealed class ScanFuzzTests : IDisposable
{
    private const string Source = """
        using System; using System.Collections.Generic; using System.Threading; using System.Threading.Tasks;
        namespace Shop;
        public class SellingAgentAttribute : Attribute { public string Name { get; set; } }
        public interface IOffer<T> { T Value { get; } event Action<T> Changed; }
        public record Quote(string Product, decimal Price, List<Dictionary<string, int[]>> Parts);
        public abstract class BaseAgent<TIn, TOut> where TIn : class
        {
            public virtual Task<TOut> RunAsync(TIn input, CancellationToken token = default) => Task.FromResult(Make(input));
            protected abstract TOut Make(TIn input);
            public class InnerAgent { public class DeepAgent { public string Run(string text) => text; } }
        }
        public class PricingAgent : BaseAgent<string, Quote> { public PricingAgent(string key, IOffer<int> offer) { } protected override Quote Make(string input) => null; }
        [SellingAgent(Name = "seller")] public class Seller { public string Sell(Quote quote, ref int amount, Action<string> reply) => quote.Product; }
        public class ListenBot : IOffer<string> { public string Value => ""; public event Action<string> Changed; public void Start() => Changed?.Invoke(""); public void Stop() { } }
        public static class ToolAgent { public static IAsyncEnumerable<string> Stream(string input, params object[] rest) => null; }
        """;

    private static readonly string[] Pieces =
        ["Run", "(", ")", "<", ">", "[", "]", ",", " ", "=", ":", "*", "?", "->", ".", "::", "Optional[", "List<", "Task<", "string", "self", "out ", "params ", "| None", "'", "\"", "_", "\u001b", "é"];

    private readonly string _folder = Directory.CreateTempSubdirectory("agentcore-fuzz-").FullName;

    [Fact]
    public void Scan_DamagedAssemblies_AlwaysEndsWithAReport()
    {
        using var compiled = new Compiled("Shop", Source);
        var whole = File.ReadAllBytes(compiled.Path);
        var path = Path.Combine(_folder, "Shop.dll");
        for (var seed = 0; seed < 400; seed++)
        {
            var random = new Random(seed);
            var bytes = whole.ToArray();
            for (var flips = random.Next(1, 5); flips > 0; flips--)
                bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
            File.WriteAllBytes(path, bytes);

            Told(seed, () => new MigrationScanner().Scan(path));
        }
    }

    [Fact]
    public void Scan_TornSignatures_AlwaysEndsWithAReport()
    {
        var path = Path.Combine(_folder, "agents.jsonl");
        for (var seed = 0; seed < 1000; seed++)
        {
            var random = new Random(seed);
            var signature = string.Concat(random.GetItems(Pieces, random.Next(1, 20)));
            File.WriteAllText(path, JsonSerializer.Serialize(new { name = "TornAgent", methods = new[] { signature, $"Run({signature})" } }) + "\n");

            Told(seed, () => new MigrationScanner().Scan(path));
        }
    }

    [Theory]
    [InlineData("List<", "string", ">")]
    [InlineData("", "string", "[]")]
    [InlineData("(", "", ")")]
    public void Scan_SignatureNestedWithoutEnd_IsRead(string open, string inner, string close)
    {
        var path = Path.Combine(_folder, "agents.jsonl");
        string Nested(string text) => string.Concat(Enumerable.Repeat(text, 20_000));
        File.WriteAllText(path, $$"""{"name":"DeepAgent","methods":["Run({{Nested(open)}}{{inner}}{{Nested(close)}} x)"]}""");

        Assert.Single(new MigrationScanner().Scan(path).Agents);
    }

    [Theory]
    [InlineData("base")]
    [InlineData("generic base")]
    [InlineData("interface")]
    [InlineData("nested")]
    [InlineData("reference")]
    public void Scan_TypeInACircle_IsAProblemAndNotTheEnd(string circle)
    {
        using var compiled = new Compiled("Whole", "public class WholeAgent { public string Run(string input) => input; }");
        File.WriteAllBytes(Path.Combine(compiled.Folder, "Circle.dll"), Circle(circle));

        var report = new MigrationScanner().Scan(compiled.Folder);

        Assert.Equal("WholeAgent", Assert.Single(report.Agents).Type);
        Assert.Contains(report.Problems, p => p.Contains("Circle.dll", StringComparison.Ordinal) && p.Contains("damaged", StringComparison.Ordinal));
    }

    /// <summary>An assembly with a class CircleAgent that is its own parent in a way.</summary>
    private static byte[] Circle(string circle)
    {
        var metadata = new MetadataBuilder();
        metadata.AddModule(0, metadata.GetOrAddString("Circle.dll"), metadata.GetOrAddGuid(Guid.NewGuid()), default, default);
        metadata.AddAssembly(metadata.GetOrAddString("Circle"), new Version(1, 0, 0, 0), default, default, default, AssemblyHashAlgorithm.None);
        metadata.AddTypeReference(circle == "reference" ? MetadataTokens.TypeReferenceHandle(1) : EntityHandle.ModuleDefinition, default, metadata.GetOrAddString("Outer"));
        var self = MetadataTokens.TypeDefinitionHandle(2);
        var closed = new BlobBuilder();
        new BlobEncoder(closed).TypeSpecificationSignature().GenericInstantiation(self, 1, isValueType: false).AddArgument().String();
        EntityHandle parent = circle switch
        {
            "base" => self,
            "generic base" => metadata.AddTypeSpecification(metadata.GetOrAddBlob(closed)),
            "reference" => MetadataTokens.TypeReferenceHandle(1),
            _ => default,
        };
        var (field, method) = (MetadataTokens.FieldDefinitionHandle(1), MetadataTokens.MethodDefinitionHandle(1));
        metadata.AddTypeDefinition(default, default, metadata.GetOrAddString("<Module>"), default, field, method);
        metadata.AddTypeDefinition(circle == "nested" ? TypeAttributes.NestedPublic : TypeAttributes.Public, default, metadata.GetOrAddString("CircleAgent"), parent, field, method);
        if (circle == "interface")
            metadata.AddInterfaceImplementation(self, self);
        if (circle == "nested")
            metadata.AddNestedType(self, self);

        var image = new BlobBuilder();
        new ManagedPEBuilder(PEHeaderBuilder.CreateLibraryHeader(), new MetadataRootBuilder(metadata, suppressValidation: true), new BlobBuilder()).Serialize(image);
        return image.ToArray();
    }

    private static void Told(int seed, Func<ScanReport> scan)
    {
        try
        {
            var report = scan();
            Assert.NotEmpty(report.ToTable() + report.ToJson() + report.ToInventory() + report.ToHtml());
        }
        catch (Exception e) when (e is not ArgumentException)
        {
            Assert.Fail($"seed {seed}: {e}");
        }
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);
}
