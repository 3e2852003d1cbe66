using System.Text.Json;
using AgentCore.Files;
using AgentCore.Text;
using Microsoft.Extensions.AI;

namespace AgentCore.Offline.Tests;

public sealed class ExtractiveChatClientTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("agentcore-offline-").FullName;
    private readonly FileTools _files;

    public ExtractiveChatClientTests()
    {
        File.WriteAllText(Path.Combine(_folder, "timeouts.md"), "# Timeouts\n\nA request gives up after five seconds of silence.\nSet `timeout` to change this.\n\n## Retries\n\nA request that fails for want of a network is sent again three times, each time after a longer pause.\n");
        File.WriteAllText(Path.Combine(_folder, "storage.md"), "# Storage\n\nSnapshots are kept in a folder.\nOld ones are removed with the prune command.\n");
        var options = new FileToolsOptions();
        options.ReadRoots.Add(_folder);
        _files = new FileTools(options);
    }

    private AIFunction[] Functions => [.. _files.Tools.Select(tool => tool.Function)];

    public void Dispose()
    {
        _files.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task Ask_Unanswerable_SaysNotFoundAndCitesNothing()
    {
        var (text, calls) = await OfflineLoop.AskAsync("How do I configure Kubernetes ingress for GraphQL?", Functions);
        Assert.StartsWith(AnswerText.NotFound, text, StringComparison.Ordinal);
        Assert.Contains("kubernetes", text, StringComparison.OrdinalIgnoreCase);
        Assert.Empty(Citation.ParseAll(text));
        Assert.NotEmpty(calls);
    }

    [Fact]
    public async Task Ask_Cancelled_Throws()
    {
        using var client = new ExtractiveChatClient();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => client.GetResponseAsync([new ChatMessage(ChatRole.User, "x")], null, new CancellationToken(true)));
    }

    [Fact]
    public async Task Ask_NoToolsAndNothingKnown_SaysNotFound()
    {
        using var client = new ExtractiveChatClient();
        Assert.StartsWith(AnswerText.NotFound, (await client.GetResponseAsync([new ChatMessage(ChatRole.User, "What is the capital of France?")])).Text, StringComparison.Ordinal);
        Assert.StartsWith(AnswerText.NotFound, (await client.GetResponseAsync([])).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Ask_SearchFails_SaysWhatTheToolSaid()
    {
        var broken = AIFunctionFactory.Create(string (string query) => throw new FileAccessException(query, "the disk is gone"), "files.search", "Searches files.");
        var (text, _) = await OfflineLoop.AskAsync("How long until a request times out?", broken);
        Assert.Contains("the disk is gone", text, StringComparison.Ordinal);
        Assert.Empty(Citation.ParseAll(text));
    }

    [Theory]
    [InlineData("""[{"file":"a.md","line":1,"text":"The timeout of a request is five seconds \ud83d"}]""", true)]
    [InlineData("""[{"file":"a.md","line":1,"text":"The timeout of a request is five seconds \ud83d"}]""", false)]
    [InlineData("""[{"\udc00":1,"file":"a.md","line":1,"text":"The timeout of a request is five seconds \ud83d\ud83d\ude00"}]""", true)]
    public async Task Ask_ResultWithHalfACharacter_IsRead(string result, bool asJson)
    {
        using var client = new ExtractiveChatClient();
        var search = AIFunctionFactory.Create((string query) => "", "files.search", "Searches files.");

        var response = await client.GetResponseAsync(
            [
                new ChatMessage(ChatRole.User, "What is the timeout of a request?"),
                new ChatMessage(ChatRole.Assistant, [new FunctionCallContent("search-1", "files.search", new Dictionary<string, object?> { ["query"] = "timeout" })]),
                new ChatMessage(ChatRole.Tool, [new FunctionResultContent("search-1", asJson ? JsonSerializer.Deserialize<JsonElement>(result) : result)]),
            ],
            new ChatOptions { Tools = [search] });

        var citation = Assert.Single(Citation.ParseAll(response.Text));
        Assert.Equal(("a.md", 1), (citation.File, citation.Line));
        Assert.StartsWith("The timeout of a request is five seconds \uFFFD", citation.Quote, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Ask_QuestionSpeaksOfNotFound_IsSearched()
    {
        File.WriteAllText(Path.Combine(_folder, "messages.md"), "# Messages\n\nThe message \"Not found in the input\" means that no file holds the answer.\n");

        var (text, calls) = await OfflineLoop.AskAsync("What does the message \"Not found in the input\" mean?", Functions);

        Assert.NotEmpty(calls);
        Assert.Equal("messages.md", Citation.ParseAll(text)[0].File);
    }

    [Fact]
    public async Task Ask_InAUsersWords_CitesTheLineVerbatim()
    {
        var (text, _) = await OfflineLoop.AskAsync("How long until a request gives up?", Functions);
        Assert.Equal(new Citation("timeouts.md", 3, "A request gives up after five seconds of silence."), Citation.ParseAll(text)[0]);
        Assert.All(Citation.ParseAll(text), citation => Assert.True(citation.IsIn(File.ReadAllLines(Path.Combine(_folder, citation.File)))));
    }

    [Fact]
    public async Task Ask_Synonyms_FindTheAnswer()
    {
        var (text, _) = await OfflineLoop.AskAsync("How do I get rid of old snapshots?", Functions);
        Assert.Equal(4, Citation.ParseAll(text)[0].Line);
    }

    [Fact]
    public async Task Ask_Twice_GivesTheSame()
    {
        var first = await OfflineLoop.AskAsync("How often is a request sent again?", Functions);
        var second = await OfflineLoop.AskAsync("How often is a request sent again?", Functions);
        Assert.Equal(first.Text, second.Text);
    }

    [Fact]
    public async Task Stream_Answer_EqualsTheWholeAndReportsUsage()
    {
        using var client = new ExtractiveChatClient();
        ChatMessage[] messages =
        [
            new(ChatRole.User, "How long until a request gives up?"),
            new(ChatRole.Assistant, [new FunctionCallContent("search-1", "files.search", new Dictionary<string, object?> { ["query"] = "x" })]),
            new(ChatRole.Tool, [new FunctionResultContent("search-1", await _files.SearchAsync("request gives up"))]),
        ];
        var options = new ChatOptions { Tools = [.. Functions] };
        var updates = new List<ChatResponseUpdate>();
        await foreach (var update in client.GetStreamingResponseAsync(messages, options)) updates.Add(update);
        var whole = await client.GetResponseAsync(messages, options);
        Assert.True(updates.Count > 3, whole.Text);
        Assert.Equal(whole.Text, updates.ToChatResponse().Text);
        Assert.Equal(whole.Usage!.TotalTokenCount, updates.ToChatResponse().Usage!.TotalTokenCount);
        Assert.Equal("offline/extractive", whole.ModelId);
        Assert.True(whole.Usage.InputTokenCount > 0 && whole.Usage.OutputTokenCount > 0);
    }

    [Theory]
    [InlineData("""[{"path":"x.md","lineNumber":7,"snippet":"The valve opens with a blue key."}]""")]
    [InlineData("""{"hits":[{"document":"x.md","matches":[{"start_line":7,"content":"The valve opens with a blue key."}]}]}""")]
    [InlineData("x.md:7: The valve opens with a blue key.")]
    [InlineData("- \"The valve opens with a blue key.\" (x.md:7)")]
    public async Task Ask_ToolOfAnyShape_IsRead(string result)
    {
        var search = AIFunctionFactory.Create((string question) => result, "lookup", "Finds text in the manuals.");
        var (text, calls) = await OfflineLoop.AskAsync("Which key opens the valve?", search);
        Assert.Equal("lookup", calls[0].Name);
        Assert.Equal([new Citation("x.md", 7, "The valve opens with a blue key.")], Citation.ParseAll(text));
    }

    [Fact]
    public async Task Ask_AnotherKindOfTool_IsMatchedAndFilled()
    {
        var weather = AIFunctionFactory.Create((string city, int days) => $"{days} days of rain in {city}", "get_weather", "Tells the weather of a city for some days.");
        var time = AIFunctionFactory.Create((string zone) => "noon", "get_time", "Tells the time in a zone.");
        var (text, calls) = await OfflineLoop.AskAsync("What will the weather be in New York for the next 3 days?", time, weather);
        Assert.Equal("get_weather", Assert.Single(calls).Name);
        Assert.Equal("3 days of rain in New York", text);
    }
}
