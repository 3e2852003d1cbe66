using System.Reflection;
using System.Runtime.Loader;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace AgentCore.Samples.Tests;

/// <summary>Compiles every C# block of README.md and docs/, and runs those that have statements.</summary>
public sealed class SnippetTests
{
    private const string Usings = """
        global using System;
        global using System.Collections.Generic;
        global using System.IO;
        global using System.Linq;
        global using System.Threading;
        global using System.Threading.Tasks;
        """;

    private static readonly MetadataReference[] References = [.. ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!)
        .Split(Path.PathSeparator).Select(p => MetadataReference.CreateFromFile(p))];

    public static TheoryData<string> Names => [.. Snippet.In(Snippet.Root).Select(s => s.ToString())];

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Snippet_OfTheDocs_CompilesAndRuns(string name)
    {
        var snippet = Snippet.In(Snippet.Root).Single(s => s.ToString() == name);
        var tree = CSharpSyntaxTree.ParseText(snippet.Code, path: name);
        var hasStatements = tree.GetCompilationUnitRoot().Members.Any(m => m is GlobalStatementSyntax);
        var compilation = CSharpCompilation.Create(
            "snippet" + Guid.NewGuid().ToString("n"),
            [CSharpSyntaxTree.ParseText(Usings), tree],
            References,
            new CSharpCompilationOptions(hasStatements ? OutputKind.ConsoleApplication : OutputKind.DynamicallyLinkedLibrary, nullableContextOptions: NullableContextOptions.Enable));

        using var image = new MemoryStream();
        var emitted = compilation.Emit(image);
        var problems = emitted.Diagnostics.Where(d => d.Severity == DiagnosticSeverity.Error).Select(d => d.ToString());
        Assert.True(emitted.Success, $"{name} does not compile:\n{string.Join('\n', problems)}\n\n{snippet.Code}");
        if (hasStatements && snippet.Runs)
            await RunAsync(image);
    }

    [Fact]
    public void Readme_First_SaysWhatItIsThenRunsCode()
    {
        var lines = File.ReadAllLines(Path.Combine(Snippet.Root, "README.md"));

        Assert.Contains(lines.Take(12), l => l.StartsWith("```csharp", StringComparison.Ordinal));
        Assert.Contains(lines, l => l.StartsWith("dotnet run --project src/AgentCore.Runner", StringComparison.Ordinal));
        Assert.Contains(lines, l => l == "dotnet test AgentCore.sln");
    }

    private static async Task RunAsync(MemoryStream image)
    {
        var context = new AssemblyLoadContext(null, isCollectible: true);
        var before = Directory.GetCurrentDirectory();
        var folder = Directory.CreateTempSubdirectory("agentcore-snippet-");
        try
        {
            Directory.SetCurrentDirectory(folder.FullName);
            image.Position = 0;
            var main = context.LoadFromStream(image).EntryPoint!;
            var result = main.Invoke(null, BindingFlags.DoNotWrapExceptions, null, main.GetParameters().Length == 0 ? null : [Array.Empty<string>()], null);
            if (result is Task task)
                await task;
        }
        finally
        {
            Directory.SetCurrentDirectory(before);
            folder.Delete(recursive: true);
        }
    }
}
