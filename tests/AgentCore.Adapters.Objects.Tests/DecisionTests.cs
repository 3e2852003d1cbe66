using System.Text.Json;
using AgentCore.Adapters.Objects.Bindings;
using AgentCore.Runs;
using AgentCore.Testing;

namespace AgentCore.Adapters.Objects.Tests;

/// <summary>What a person says of a call whose outcome is unknown.</summary>
public sealed class DecisionTests
{
    [Theory]
    [InlineData(null, "", null)]
    [InlineData("null", "", null)]
    [InlineData("\"by hand\"", "by hand", null)]
    [InlineData("""{"text":"by hand"}""", "by hand", null)]
    [InlineData("""{"text":"by hand","data":[1]}""", "by hand", "[1]")]
    [InlineData("""{"text":"by hand","score":1}""", """{"text":"by hand","score":1}""", """{"text":"by hand","score":1}""")]
    [InlineData("42", "42", "42")]
    public async Task Resume_LostCallDecidedAsDone_AnswersWhatThePersonGave(string? given, string output, string? data)
    {
        await using var store = new MemoryCheckpointStore();
        var options = new RunOptions { Store = store };
        var stopped = await Agent().ExecuteAsync("hi", options);

        await new RunHistory(store).DecideAsync(stopped.RunId!, "0", new Decision(Verdict.Done, "me") { Result = given is null ? null : JsonSerializer.Deserialize<JsonElement>(given) });
        var resumed = (await Agent().ResumeAsync(stopped.RunId!, options)).EnsureDone();

        Assert.Contains("done with its result (a text or any JSON)", Assert.Single(stopped.Pending).Question, StringComparison.Ordinal);
        Assert.Equal((output, data), (resumed.Output, ((JsonElement?)resumed.Data)?.GetRawText()));
    }

    private static UniversalAgentAdapter Agent() => new(new LosingAgent(), new ObjectBinding());

    private sealed class LosingAgent
    {
        public string Ask(string question) => throw new TimeoutException(question);
    }
}
