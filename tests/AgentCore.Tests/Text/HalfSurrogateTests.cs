using System.Text.Json;
using System.Text.Json.Serialization;
using AgentCore.Agents;
using AgentCore.Testing;
using AgentCore.Text;
using Microsoft.Extensions.AI;

namespace AgentCore.Tests.Text;

/// <summary>Half an emoji ("\ud83d") in a model's JSON, as small models and cut streams send it: JSON by its grammar, but no text.</summary>
public sealed class HalfSurrogateTests
{
    private static readonly AIFunction Note = AIFunctionFactory.Create((JsonElement text) => "noted", "note");

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Compaction_ArgumentsWithHalfASurrogate_LaterRunsGoOn(bool stored)
    {
        await using var store = new MemoryCheckpointStore();
        using var agent = ChatAgent.Create("a", Model()).WithTool(Note).WithChat(c => c with { Compaction = new ChatCompaction() }).Build();
        var options = new RunOptions { Session = new AgentSession(), Store = stored ? store : null };
        (await agent.ExecuteAsync("one", options)).EnsureDone();

        Assert.Equal("second done", (await agent.ExecuteAsync("two", options)).EnsureDone().Output);
    }

    [Fact]
    public async Task MaxTokens_ArgumentsWithHalfASurrogate_RunGoesOn()
    {
        using var agent = ChatAgent.Create("a", Model()).WithTool(Note).Build();

        Assert.Equal("first done", (await agent.ExecuteAsync("one", new RunOptions { MaxTokens = 100_000 })).EnsureDone().Output);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Tool_ArgumentsWithHalfASurrogate_HaveAWholeCharacterInItsPlace(bool stored)
    {
        await using var store = new MemoryCheckpointStore();
        var model = new ScriptedChatClient().ThenCalls(("echo", Half("text"))).ThenReply("done");
        using var agent = ChatAgent.Create("a", model).WithTool(AIFunctionFactory.Create((string text) => text, "echo")).Build();

        (await agent.ExecuteAsync("one", new RunOptions { Store = stored ? store : null })).EnsureDone();

        Assert.Equal("so nice \uFFFD", ((FunctionResultContent)model.Requests[1][^1].Contents[0]).Result!.ToString());
    }

    [Theory]
    [InlineData("""{"kind":"Good","words":"\ud83d"}""", "\uFFFD")]
    [InlineData("""{"kind":"Good","words":"a","\udc00":1}""", "a")]
    [InlineData("""{"kind":"Good","words":"\\ud83d \ud83d\ude00 \ud83d\ud83d\ude00"}""", "\\ud83d \U0001F600 \uFFFD\U0001F600")]
    public async Task Structured_AnswerWithHalfASurrogate_HasAWholeCharacterInItsPlace(string answer, string words)
    {
        using var agent = ChatAgent.Create("a", new ScriptedChatClient(answer)).Build();

        Assert.Equal(new Answer(Kind.Good, words), (await agent.ExecuteAsync<Answer>("one")).EnsureDone().GetData<Answer>());
    }

    [Fact]
    public async Task Structured_HalfASurrogateWhereNoTextWillDo_IsToldToTheModel()
    {
        using var agent = ChatAgent.Create("a", new ScriptedChatClient("""{"kind":"\ud83d","words":"a"}""", """{"kind":"Good","words":"a"}""")).Build();

        Assert.Equal(Kind.Good, (await agent.ExecuteAsync<Answer>("one")).EnsureDone().GetData<Answer>()!.Kind);
    }

    [Fact]
    public void Estimate_ResultWithHalfASurrogate_IsThatOfAText() =>
        Assert.Equal(TokenEstimate.Of(Result("so nice \uFFFD")), TokenEstimate.Of(Result(Half("text")["text"]!)));

    private static ChatMessage Result(object result) => new(ChatRole.Tool, [new FunctionResultContent("c", result)]);

    private static ScriptedChatClient Model() => new ScriptedChatClient()
        .ThenCalls(("note", Half("text"))).ThenCalls(("note", Half("text"))).ThenReply("first done").ThenReply("second done");

    private static Dictionary<string, object?> Half(string argument) =>
        new() { [argument] = JsonSerializer.Deserialize<JsonElement>("\"so nice \\ud83d\"") };

    [JsonConverter(typeof(JsonStringEnumConverter))]
    public enum Kind { Good, Bad }

    public sealed record Answer(Kind Kind, string Words);
}
