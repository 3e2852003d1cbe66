using System.Text.Json;
using AgentCore.Agents;
using AgentCore.Runs;
using AgentCore.Testing;

namespace AgentCore.Tests.Agents;

/// <summary>Answers that fit the schema and can't be read as the type that was asked for.</summary>
public sealed class StructuredAnswerTests
{
    private const string Good = """{"name":"x","degrees":4,"when":"2026-01-01T00:00:00Z","inner":[]}""";

    [Theory]
    [InlineData("""{"name":"x","degrees":5.0,"when":"2026-01-01T00:00:00Z","inner":[]}""")]
    [InlineData("""{"name":"x","degrees":99999999999,"when":"2026-01-01T00:00:00Z","inner":[]}""")]
    [InlineData("""{"name":"x","degrees":4,"when":"tomorrow","inner":[]}""")]
    [InlineData("""{"name":"x","degrees":4,"when":"2026-01-01T00:00:00Z","inner":[{"name":7}]}""")]
    [InlineData("""{"name":"refused","degrees":4,"when":"2026-01-01T00:00:00Z","inner":[]}""")]
    public async Task Structured_AnswerIsNotOfTheType_IsToldToTheModel(string answer)
    {
        var model = new ScriptedChatClient(answer, Good);
        using var agent = ChatAgent.Create("a", model).Build();

        var result = await agent.ExecuteAsync<Node>("one");

        Assert.Equal(4, result.EnsureDone().GetData<Node>()!.Degrees);
        Assert.Contains("Answer again", model.Requests[1][^1].Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Resume_AnswerThatIsNotOfTheTypeWasToldBefore_GoesOnAfterIt()
    {
        await using var store = new MemoryCheckpointStore();
        var model = new ScriptedChatClient("""{"name":"x","degrees":5.0,"when":"2026-01-01T00:00:00Z","inner":[]}""").Then((_, _) => throw new IOException("gone")).ThenReply(Good);
        using var agent = ChatAgent.Create("a", model).Build();
        var failed = await agent.ExecuteAsync<Node>("one", new RunOptions { Store = store });

        var resumed = await agent.ResumeAsync(failed.RunId!, new RunOptions { Store = store });
        var replay = await agent.ReplayAsync(failed.RunId!, new RunOptions { Store = store });

        Assert.Equal(4, resumed.EnsureDone().GetData<Node>()!.Degrees);
        Assert.Equal(3, model.Calls);
        Assert.True(replay.IsSame, replay.Difference);
    }

    [Fact]
    public async Task Structured_TypeThatNoAnswerCanBeReadAs_IsDoneWithTheDataAndGetDataSaysSo()
    {
        using var agent = ChatAgent.Create("a", new ScriptedChatClient("""{"sky":"rain"}""")).Build();

        var result = await agent.ExecuteAsync<IAnswer>("weather?");

        Assert.Equal("""{"sky":"rain"}""", result.EnsureDone().Data!.ToString());
        Assert.Throws<NotSupportedException>(() => result.GetData<IAnswer>());
    }

    public interface IAnswer
    {
        string Sky { get; }
    }

    public sealed record Node
    {
        public Node(string name, int degrees, DateTimeOffset when, IReadOnlyList<Node> inner)
        {
            if (name == "refused")
                throw new ArgumentException("'refused' is no name.", nameof(name));
            (Name, Degrees, When, Inner) = (name, degrees, when, inner);
        }

        public string Name { get; }

        public int Degrees { get; }

        public DateTimeOffset When { get; }

        public IReadOnlyList<Node> Inner { get; }
    }
}
