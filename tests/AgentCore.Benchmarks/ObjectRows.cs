using System.Diagnostics;
using AgentCore.Adapters.Objects;
using AgentCore.Adapters.Objects.Migration;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace AgentCore.Benchmarks;

/// <summary>A wrapped synchronous call above the same call in an agent written for it, journal off; and the scan of a large assembly.</summary>
internal sealed class ObjectRows : IRows
{
    public async IAsyncEnumerable<Row> MeasureAsync()
    {
        var task = new AgentTask("hello");
        using var native = new Native();
        using var wrapped = new UniversalAgentAdapter(new Plain());
        wrapped.Initialize();
        var call = wrapped.CompiledCall;
        var plain = new Plain();
        var figures = await Measure.TogetherAsync(
            50_000,
            () => Kept(plain.Run(task.Input)),
            async () => GC.KeepAlive(await call(task)),
            () => Kept(native.Execute(task)),
            () => Kept(wrapped.Execute(task)));
        yield return Row.Above("wrapped call, above the direct one", figures[1].Nanoseconds, "ns", figures[0].Nanoseconds, 200);
        yield return Row.RatioAtMost("wrapped agent, to one written for AgentCore", figures[3].Nanoseconds, "ns", figures[2].Nanoseconds, 1.5);
        yield return Row.AtMost("scan of an assembly of 10,000 types", Scan(), "ms", 3_000);
    }

    private static ValueTask Kept(object? value)
    {
        GC.KeepAlive(value);
        return default;
    }

    private static double Scan()
    {
        var folder = Directory.CreateTempSubdirectory("agentcore-scan-").FullName;
        try
        {
            var path = Path.Combine(folder, "Large.dll");
            var source = string.Concat(Enumerable.Range(0, 10_000).Select(i =>
                $"public class T{i}{(i % 2 == 0 ? "Agent" : "")} {{ public string Run(string input) => input; public void Add(int n) {{ }} public string Name {{ get; set; }} }}\n"));
            var framework = Directory.GetFiles(Path.GetDirectoryName(typeof(object).Assembly.Location)!, "System.*.dll")
                .Where(f => Path.GetFileName(f) is "System.Runtime.dll" or "System.Private.CoreLib.dll").Select(f => MetadataReference.CreateFromFile(f));
            var made = CSharpCompilation.Create("Large", [CSharpSyntaxTree.ParseText(source)], framework, new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary)).Emit(path);
            if (!made.Success)
                throw new InvalidOperationException($"The assembly to scan can't be made: {made.Diagnostics[0]}");

            var start = Stopwatch.GetTimestamp();
            var report = new MigrationScanner().Scan(path);
            var time = Stopwatch.GetElapsedTime(start).TotalMilliseconds;
            return report.Agents.Count == 5_000 ? time : throw new InvalidOperationException($"The scan found {report.Agents.Count} of 5,000 agents.");
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private sealed class Plain
    {
        public string Run(string input) => input;
    }

    private sealed class Native() : BaseAgent("native")
    {
        protected override AgentResult OnExecute(AgentContext context) => AgentResult.Done(context.Task.Input);
    }
}
