using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace AgentCore.Adapters.Objects.Tests.Stress;

/// <summary>A folder with an assembly compiled of a source; gone when disposed.</summary>
internal sealed class Compiled : IDisposable
{
    public Compiled(string name, string source, params string[] references)
        : this(name, source, OutputKind.DynamicallyLinkedLibrary, references)
    {
    }

    private Compiled(string name, string source, OutputKind kind, string[] references)
    {
        Folder = Directory.CreateTempSubdirectory("objects").FullName;
        Path = System.IO.Path.Combine(Folder, name + ".dll");
        var framework = ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(System.IO.Path.PathSeparator)
            .Where(p => System.IO.Path.GetFileName(p).StartsWith("System.", StringComparison.Ordinal) || System.IO.Path.GetFileName(p) is "mscorlib.dll" or "netstandard.dll");
        var compilation = CSharpCompilation.Create(
            name, [CSharpSyntaxTree.ParseText(source)], framework.Concat(references).Select(p => MetadataReference.CreateFromFile(p)),
            new CSharpCompilationOptions(kind));
        var result = compilation.Emit(Path);
        Assert.True(result.Success, string.Join('\n', result.Diagnostics.Where(d => d.Severity == DiagnosticSeverity.Error).Take(3)));
        // A package that is compiled against lies beside what is compiled, as where a project is built.
        foreach (var package in references.Where(r => r.StartsWith(AppContext.BaseDirectory, StringComparison.Ordinal)))
            File.Copy(package, System.IO.Path.Combine(Folder, System.IO.Path.GetFileName(package)));
    }

    /// <summary>The same with an entry point.</summary>
    public static Compiled Program(string name, string source, params string[] references) => new(name, source, OutputKind.ConsoleApplication, references);

    public string Folder { get; }

    public string Path { get; }

    public void Dispose() => Directory.Delete(Folder, recursive: true);
}
