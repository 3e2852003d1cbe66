using System.Text.Json;

namespace AgentCore.Adapters.Processes.Tests;

/// <summary>Parameters and results of all kinds of types: what fits is made, and what doesn't is told.</summary>
public sealed class PythonTypeTests
{
    [PythonTheory]
    [InlineData("""{"at":"12:30"}""", "time 12:30:00")]
    [InlineData("""{"wait":90}""", "timedelta 0:01:30")]
    [InlineData("""{"wait":"1.02:03:04.5"}""", "timedelta 1 day, 2:03:04.500000")]
    [InlineData("""{"part":"1/3"}""", "Fraction 1/3")]
    [InlineData("""{"price":{"amount":12.5}}""", "Money {'amount': 12.5}")]
    [InlineData("""{"person":"Ada"}""", "Person Person(name='Ada', age=0)")]
    [InlineData("""{"people":["Ada",{"name":"Bob","age":3}]}""", "list [Person(name='Ada', age=0), Person(name='Bob', age=3)]")]
    [InlineData("""{"grouped":{"a":["1"]}}""", "defaultdict defaultdict(<class 'list'>, {'a': [1]})")]
    [InlineData("""{"counted":{"a":2}}""", "Counter Counter({'a': 2})")]
    [InlineData("""{"queue":["a",1]}""", "deque deque(['a', '1'])")]
    [InlineData("""{"plain_queue":["a"]}""", "deque deque(['a'])")]
    [InlineData("""{"tags":["a","b"]}""", "set ['a', 'b']")]
    [InlineData("""{"blob":"abc"}""", "bytearray bytearray(b'abc')")]
    [InlineData("""{"settings":{"a":1}}""", "Settings {'a': 1}")]
    [InlineData("""{"anything":{"a":1}}""", "Anything {'fields': {'a': 1}}")]
    public async Task Execute_ValueThatFits_Made(string data, string expected) =>
        Assert.Equal(expected, await AnswerAsync("Takes", data: data));

    [PythonFact]
    public async Task Execute_OrderedDictionary_Made() =>
        Assert.StartsWith("OrderedDict OrderedDict(", await AnswerAsync("Takes", data: """{"ordered":{"a":1}}"""), StringComparison.Ordinal);

    [PythonTheory]
    [InlineData("""{"at":"noon"}""", "'noon' is not a time")]
    [InlineData("""{"wait":"a while"}""", "'a while' is not a timedelta")]
    [InlineData("""{"price":12.5}""", "'12.5' is not a Money; give an object with amount")]
    [InlineData("""{"maybe":12.5}""", "'12.5' is not a Money; give an object with amount")]
    [InlineData("""{"person":[1,2]}""", "'[1, 2]' is not a Person; give an object with name, age")]
    [InlineData("""{"ordered":5}""", "'5' is not a OrderedDict; give an object")]
    [InlineData("""{"options":"abc"}""", "'abc' is not a dict; give an object")]
    public async Task Execute_ValueThatDoesNotFit_Told(string data, string expected) =>
        Assert.Contains(expected, await AnswerAsync("Takes", data: data), StringComparison.Ordinal);

    [PythonTheory]
    [InlineData("PartialState", "x", "{}", "[('question', 'x')]")]
    [InlineData("PartialState", "x", """{"state":{"steps":2}}""", "[('steps', 2)]")]
    [InlineData("PartialState", "x", """{"steps":2}""", "[('question', 'x'), ('steps', 2)]")]
    [InlineData("PartialTrip", "x", """{"days":2}""", "[('city', 'x'), ('days', 2)]")]
    [InlineData("PartialTrip", "x", "{}", "[('city', 'x')]")]
    [InlineData("PartialTrip", "x", """{"trip":{}}""", "[]")]
    public async Task Execute_KeysThatMayBeLeftOut_LeftOut(string agentName, string input, string data, string expected) =>
        Assert.Equal(expected, await AnswerAsync(agentName, input, data));

    [PythonTheory]
    [InlineData("GetsByName", "x", "none None x")]
    [InlineData("TakesProtocol", "x", "x")]
    [InlineData("MakesUp", "x", "ran x")]
    [InlineData("Returns", "decimal", "12.50")]
    [InlineData("Returns", "path", "/tmp/x")]
    [InlineData("Returns", "date", "2024-01-02")]
    [InlineData("Returns", "says", "the answer")]
    [InlineData("Returns", "error", "went wrong")]
    [InlineData("Returns", "within", "the answer")]
    public async Task Execute_OddType_Understood(string agentName, string input, string expected) =>
        Assert.Equal(expected, await AnswerAsync(agentName, input));

    [PythonTheory]
    [InlineData("TakesOtherProtocol", "Numbered is abstract, and nothing that derives from it can be made")]
    public async Task Execute_NothingFits_GapNamed(string agentName, string expected) =>
        Assert.Contains(expected, await AnswerAsync(agentName), StringComparison.Ordinal);

    [PythonFact]
    public async Task Execute_ResultThatMakesUpItsAttributes_TakenForNoStream() =>
        Assert.DoesNotContain("Error", await AnswerAsync("ReturnsOneThatMakesUp"), StringComparison.Ordinal);

    [PythonFact]
    public async Task Execute_PositionalOnlyConstructorArgument_GivenOnce()
    {
        using var agent = Python.Agent("typed:PositionalOnly", p => p with { ConstructorArguments = new Dictionary<string, object?> { ["key"] = "k" } });

        Assert.Equal("k x", (await agent.ExecuteAsync("x")).Output);
    }

    private static async Task<string> AnswerAsync(string agentName, string input = "x", string data = "{}")
    {
        using var agent = Python.Agent("typed:" + agentName);
        var result = await agent.ExecuteAsync(new AgentTask(input) { Data = JsonSerializer.Deserialize<Dictionary<string, JsonElement>>(data)! });
        return result.Error?.Message ?? result.Output;
    }
}
