using AgentCore.Adapters.Objects.Migration;
using AgentCore.Adapters.Objects.Tests.Stress;

namespace AgentCore.Adapters.Objects.Tests;

/// <summary>Method names as small repositories have them.</summary>
public sealed class ScanNamesTests
{
    [Theory]
    [InlineData("public void prepareToBattle() { } public int randomShot() => 7; public int getShips() => 2;", "int randomShot()")]
    [InlineData("public string NextMove(string board) => board; public int CountOf(string board) => 1; public string ToText(string board) => board;", "string NextMove(string board)")]
    [InlineData("public string bestAction(int state) => \"up\"; public void Reset() { } public double Relation(int other) => 1;", "string bestAction(int state)")]
    [InlineData("public void BuildFromFile(string path) { } public bool Entails(string query) => true; public bool Solve(string query) => true;", "bool Solve(string query)")]
    [InlineData("public string Prepare(string text) => text;", "string Prepare(string text)")]
    public void Scan_NameOfSmallRepository_ChoosesTheMove(string members, string method)
    {
        using var compiled = new Compiled("Names" + Guid.NewGuid().ToString("n")[..8], $"public class FieldBot {{ {members} }}");

        var agent = Assert.Single(new MigrationScanner(new ScanOptions()).Scan([compiled.Path]).Agents);

        Assert.Equal((AgentClass.B, method), (agent.Class, agent.Binding.Method));
    }
}
