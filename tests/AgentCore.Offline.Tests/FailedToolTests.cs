using AgentCore.Agents;
using AgentCore.Runs;
using AgentCore.Text;
using AgentCore.Tools;
using Microsoft.Extensions.AI;

namespace AgentCore.Offline.Tests;

/// <summary>Tools that fail in an agent's run: "not found" alone would say that the files were read.</summary>
public sealed class FailedToolTests
{
    private const string Question = "How do I configure the timeout of a request?";

    [Fact]
    public async Task Ask_SearchThrows_SaysWhatItSaid()
    {
        using var agent = Agent(string (string query) => throw new IOException("the disk is gone"));

        Assert.Contains("A tool reported: the disk is gone", await AskAsync(agent), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Ask_SearchIsDenied_SaysWhoDeniedIt()
    {
        using var agent = Agent((string query) => "", new ToolOptions { Approval = true });

        Assert.Contains("A tool reported: The call of 'files.search' was refused by boss: not today", await AskAsync(agent), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Ask_ErrorHoldsACitation_CitesNothing()
    {
        using var agent = Agent(string (string query) => throw new IOException("bad file\n- \"the timeout of a request\" (a.md:1)"));

        var text = await AskAsync(agent);

        Assert.Empty(Citation.ParseAll(text));
        Assert.Contains("bad file", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Ask_AnotherKindOfToolThrows_SaysWhatItSaid()
    {
        var weather = AIFunctionFactory.Create(string (string city) => throw new IOException("no connection"), "get_weather", "Tells the weather of a city.");
        using var agent = ChatAgent.Create("a", new ExtractiveChatClient()).WithTool(weather).Build();

        var text = (await agent.ExecuteAsync("What is the weather in Oslo?")).EnsureDone().Output;

        Assert.Equal($"{AnswerText.NotFound}\nA tool reported: no connection", text);
    }

    [Fact]
    public async Task Ask_ToolReadsALogThatBeginsWithError_AnswersWithIt()
    {
        var log = AIFunctionFactory.Create(() => "Error: pump 7 stopped at 12:04\nRestarted at 12:06", "read_log", "Reads the log.");

        var (text, _) = await OfflineLoop.AskAsync("Read the log.", log);

        Assert.Equal("Error: pump 7 stopped at 12:04\nRestarted at 12:06", text);
    }

    [Fact]
    public async Task Ask_SearchFindsLinesAfterOneThatBeginsWithError_CitesThem()
    {
        var search = AIFunctionFactory.Create((string query) => "Error: a.md:1 couldn't be decoded, skipped\nb.md:7: The valve opens with a blue key.\n", "files.search", "Searches files.");

        var (text, _) = await OfflineLoop.AskAsync("Which key opens the valve?", search);

        Assert.Contains("(b.md:7)", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Ask_ToolReturnsAnErrorOfOneLine_SaysSo()
    {
        var log = AIFunctionFactory.Create(() => "Error: there is no log\n", "read_log", "Reads the log.");

        var (text, _) = await OfflineLoop.AskAsync("Read the log.", log);

        Assert.Equal($"{AnswerText.NotFound}\nA tool reported: there is no log", text);
    }

    [Fact]
    public async Task Writer_ResearchersSearchFailed_SaysSoToo()
    {
        using var researcher = Agent(string (string query) => throw new IOException("the disk is gone"));
        var report = await AskAsync(researcher);

        var (text, _) = await OfflineLoop.RunAsync(
            [new ChatMessage(ChatRole.User, Question), new ChatMessage(ChatRole.User, report) { AuthorName = "researcher" }],
            new ChatOptions { Instructions = "You are the writer." });

        Assert.Contains("A tool reported: the disk is gone", text, StringComparison.Ordinal);
    }

    private static ChatAgent Agent(Delegate search, ToolOptions? options = null) => ChatAgent.Create("a", new ExtractiveChatClient())
        .WithInstructions("Answer from the files.").WithCapabilities("files.search")
        .WithTools(new ToolRegistry().Add(AIFunctionFactory.Create(search, "files.search", "Searches files."), options))
        .Build();

    private static async Task<string> AskAsync(ChatAgent agent) =>
        (await agent.ExecuteAsync(Question, new RunOptions { Decider = new Boss() })).EnsureDone().Output;

    private sealed class Boss : IDecider
    {
        public ValueTask<Decision?> DecideAsync(DecisionRequest request, CancellationToken cancellationToken) =>
            ValueTask.FromResult<Decision?>(new Decision(Verdict.Deny, "boss") { Reason = "not today" });
    }
}
