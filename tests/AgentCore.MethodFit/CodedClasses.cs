using System.Reflection;
using AgentCore.Adapters.Objects.Migration;
using AgentCore.Adapters.Objects.Shapes;

namespace AgentCore.MethodFit;

/// <summary>A class whose execution somebody has named.</summary>
/// <param name="Group">What it is learned or held back with.</param>
/// <param name="Type">Its full name.</param>
/// <param name="Names">The names of the methods to choose from.</param>
/// <param name="Right">Which of them are right.</param>
/// <param name="WithCode">Their features.</param>
/// <param name="Written">Their features where there is no code to read.</param>
internal sealed record CodedClass(
    string Group, string Type, IReadOnlyList<string> Names, IReadOnlyList<bool> Right, IReadOnlyList<IReadOnlyDictionary<string, double>> WithCode, IReadOnlyList<IReadOnlyDictionary<string, double>> Written)
{
    public IReadOnlyList<IReadOnlyDictionary<string, double>> Features(bool withCode) => withCode ? WithCode : Written;
}

/// <summary>Reads the classes that a table names from their assemblies. None of their code is run.</summary>
internal static class CodedClasses
{
    public static List<CodedClass> Read(string table)
    {
        var lines = File.ReadLines(table).Select((line, i) => line.Split('\t') is { Length: 4 } cells
            ? cells
            : throw new ArgumentException($"{table}:{i + 1}: a line is ASSEMBLY, GROUP, TYPE, METHOD|METHOD, with tabs between, and not '{line}'."));
        return [.. lines.GroupBy(cells => cells[0]).SelectMany(ofAssembly => OfAssembly(ofAssembly.Key, [.. ofAssembly]))];
    }

    private static List<CodedClass> OfAssembly(string path, List<string[]> lines)
    {
        using var context = new MetadataLoadContext(new ScanResolver([path], []));
        try
        {
            var assembly = context.LoadFromAssemblyPath(path);
            foreach (var cells in lines.Where(cells => assembly.GetType(cells[2]) is null))
                Console.Error.WriteLine($"{path} has no class {cells[2]}; it is left out.");
            return [.. lines.Select(cells => assembly.GetType(cells[2]) is { } type ? Of(type, cells[1], cells[3].Split('|')) : null).OfType<CodedClass>()];
        }
        catch (Exception e) when (e is IOException || Inheritance.IsMissing(e))
        {
            Console.Error.WriteLine($"{path}: {Inheritance.FirstLine(e)}");
            return [];
        }
    }

    private static CodedClass? Of(Type type, string group, string[] right)
    {
        var shape = ShapeReader.Read(type);
        var methods = MethodChooser.Candidates(shape, LifecycleShape.Read(shape), []);
        var rights = methods.ConvertAll(m => right.Contains(m.Name, StringComparer.Ordinal));
        // Where all or none is right there is nothing to learn.
        return rights.Distinct().Count() < 2
            ? null
            : new CodedClass(group, shape.FullName, methods.ConvertAll(m => m.Name), rights, MethodFeatures.Of(shape, methods, withCode: true), MethodFeatures.Of(shape, methods, withCode: false));
    }
}
