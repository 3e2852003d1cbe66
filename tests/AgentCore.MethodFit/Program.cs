using AgentCore.Adapters.Objects.Shapes;
using AgentCore.MethodFit;

if (args is not [var coded, .. var rest] || rest.Length > 1)
{
    Console.Error.WriteLine("""
        Fits the weights by which the adapter ranks the methods of a class.

        AgentCore.MethodFit CODED.tsv [WEIGHTS.tsv]

        CODED.tsv    a line per class: ASSEMBLY, GROUP, TYPE, METHOD|METHOD (tabs between). A group is what hangs together, such as a repository:
                     its classes are learned from together or held back together.
        WEIGHTS.tsv  where the weights go, such as adapters/AgentCore.Adapters.Objects/Shapes/MethodWeights.tsv; without it only the shares are told.
        """);
    return 2;
}

List<CodedClass> classes;
try
{
    classes = CodedClasses.Read(coded);
}
catch (Exception e) when (e is ArgumentException or IOException or UnauthorizedAccessException)
{
    Console.Error.WriteLine(e.Message);
    return 2;
}

Console.WriteLine($"{classes.Count} classes of {classes.Select(c => c.Group).Distinct(StringComparer.Ordinal).Count()} groups have several methods, and the coded one among them.");
if (classes.Count == 0)
    return 1;
foreach (var line in HeldBack.Try(classes))
    Console.WriteLine(line);
if (rest is [var file])
    await File.WriteAllTextAsync(file, MethodRanking.Write(MethodModel.Fit(classes)));
return 0;
