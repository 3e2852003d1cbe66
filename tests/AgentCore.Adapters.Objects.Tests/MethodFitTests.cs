using AgentCore.Adapters.Objects.Shapes;
using AgentCore.Adapters.Objects.Tests.Stress;
using AgentCore.MethodFit;

namespace AgentCore.Adapters.Objects.Tests;

/// <summary>What methods are worth is learned from classes that people have coded.</summary>
public sealed class MethodFitTests
{
    private const string Coded = "public class ShopBot { public string Bake(string text) => text; public string Deliver(string text) => text + text; }";

    [Theory]
    [InlineData("Bake")]
    [InlineData("Deliver")]
    public void Fit_SeveralGroupsSayTheSame_LearnsTheirVerb(string right)
    {
        using var compiled = new Compiled("Fit" + Guid.NewGuid().ToString("n")[..8], Coded);
        using var table = new Table(["one", "two", "three"], compiled.Path, right);

        var classes = CodedClasses.Read(table.Path);
        var weights = MethodModel.Fit(classes);

        Assert.Equal(3, classes.Count);
        var scores = classes[0].Names.Zip(classes[0].WithCode, (name, features) => (name, MethodRanking.Sum(features, weights))).ToList();
        Assert.Equal(right, scores.MaxBy(s => s.Item2).name);
    }

    [Fact]
    public void Fit_OneGroupAlone_SaysNothingOfOthers()
    {
        using var compiled = new Compiled("Fit" + Guid.NewGuid().ToString("n")[..8], Coded);
        using var table = new Table(["one", "one", "one"], compiled.Path, "Deliver");

        Assert.Empty(MethodModel.Fit(CodedClasses.Read(table.Path)));
    }

    [Fact]
    public void Read_AllMethodsAreRight_HasNothingToLearn()
    {
        using var compiled = new Compiled("Fit" + Guid.NewGuid().ToString("n")[..8], Coded);
        using var table = new Table(["one"], compiled.Path, "Bake|Deliver");

        Assert.Empty(CodedClasses.Read(table.Path));
    }

    [Fact]
    public void Read_LineThatIsNoneOfFour_SaysWhereAndWhat()
    {
        using var table = new Table(["one"], "shop.dll", "Run\tAsk");

        var error = Assert.Throws<ArgumentException>(() => CodedClasses.Read(table.Path));

        Assert.StartsWith($"{table.Path}:1: a line is ASSEMBLY, GROUP, TYPE, METHOD|METHOD", error.Message, StringComparison.Ordinal);
    }

    private sealed class Table : IDisposable
    {
        public Table(IEnumerable<string> groups, string assembly, string methods) =>
            File.WriteAllLines(Path, groups.Select(group => $"{assembly}\t{group}\tShopBot\t{methods}"));

        public string Path { get; } = System.IO.Path.GetTempFileName();

        public void Dispose() => File.Delete(Path);
    }
}
