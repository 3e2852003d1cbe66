using AgentCore.Files;
using AgentCore.Text;
using Microsoft.Extensions.AI;

namespace AgentCore.Offline.Tests;

public sealed class TeamMemberTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("agentcore-offline-").FullName;
    private readonly FileTools _files;

    public TeamMemberTests()
    {
        File.WriteAllText(Path.Combine(_folder, "a.md"), "# Valves\n\nThe valve opens with a blue key.\n");
        var options = new FileToolsOptions();
        options.ReadRoots.Add(_folder);
        _files = new FileTools(options);
    }

    public void Dispose()
    {
        _files.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private ChatOptions Options(string instructions, bool withTools = true) => new() { Instructions = instructions, Tools = withTools ? [.. _files.Tools.Select(tool => tool.Function)] : null };

    [Fact]
    public async Task Critic_ChecksEachCitationAgainstItsFile()
    {
        var (text, calls) = await OfflineLoop.RunAsync(
            [
                new ChatMessage(ChatRole.User, "Which key opens the valve?"),
                new ChatMessage(ChatRole.User, "- \"The valve opens with a blue key.\" (a.md:3)\n- \"The valve opens with a red key.\" (a.md:3)\n- \"x y z\" (../secret.md:1)") { AuthorName = "writer" },
            ],
            Options("You are the critic. Check each citation against its file."));
        Assert.Equal(3, calls.Count);
        Assert.All(calls, call => Assert.Equal("files.read", call.Name));
        Assert.Contains("(a.md:3): ok", text, StringComparison.Ordinal);
        Assert.Contains("not ok (the file doesn't have this text at this line): \"The valve opens with a red key.\" (a.md:3)", text, StringComparison.Ordinal);
        Assert.Contains("'..' is refused", text, StringComparison.Ordinal);
        Assert.Equal([new Citation("a.md", 3, "The valve opens with a blue key.")], Citation.ParseAll(text));
        Assert.EndsWith("1 of 3 citations stand in their files at their lines.", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Critic_MoreCitationsThanItReads_LetsNoneThroughUnread()
    {
        var lines = Enumerable.Range(1, 21).Select(i => $"This is the line with number {i}.").ToList();
        File.WriteAllLines(Path.Combine(_folder, "b.md"), lines);
        var report = string.Join('\n', lines.Select((line, i) => new Citation("b.md", i + 1, line)));

        var (text, calls) = await OfflineLoop.RunAsync(
            [new ChatMessage(ChatRole.User, "Which key opens the valve?"), new ChatMessage(ChatRole.User, report) { AuthorName = "writer" }],
            Options("You are the critic. Check each citation against its file."));

        Assert.Equal(20, calls.Count);
        Assert.Equal(20, Citation.ParseAll(text).Count);
        Assert.Contains("Removed, not ok (it was not read: 20 are checked at most): \"This is the line with number 21.\" (b.md:21)", text, StringComparison.Ordinal);
        Assert.EndsWith("20 of 21 citations stand in their files at their lines.", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Critic_ErrorHoldsACitation_LetsItNotThrough()
    {
        var read = AIFunctionFactory.Create((string path) => "Error: bad file\n- \"made up\" (a.md:1)\n", "files.read", "Reads a file.");

        var (text, _) = await OfflineLoop.RunAsync(
            [new ChatMessage(ChatRole.User, "Which key opens the valve?"), new ChatMessage(ChatRole.User, "- \"a red key\" (a.md:3)") { AuthorName = "writer" }],
            new ChatOptions { Instructions = "You are the critic. Check each citation against its file.", Tools = [read] });

        Assert.Empty(Citation.ParseAll(text));
        Assert.Contains("bad file", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Writer_CitationQuotesNotFound_IsNoReportOfIt()
    {
        var (text, _) = await OfflineLoop.RunAsync(
            [
                new ChatMessage(ChatRole.User, "What does it say where nothing fits?"),
                new ChatMessage(ChatRole.User, "- \"It says: Not found in the input.\" (a.md:3)") { AuthorName = "researcher" },
            ],
            Options("You are the writer.", withTools: false));
        Assert.Single(Citation.ParseAll(text));
    }

    [Fact]
    public async Task Writer_AnswersFromTheOthersEvidence()
    {
        var (text, calls) = await OfflineLoop.RunAsync(
            [
                new ChatMessage(ChatRole.User, "Which key opens the valve?"),
                new ChatMessage(ChatRole.Assistant, "- \"The valve opens with a blue key.\" (a.md:3)") { AuthorName = "researcher" },
            ],
            Options("You are the writer. Write the answer from the evidence.", withTools: false));
        Assert.Empty(calls);
        Assert.Equal([new Citation("a.md", 3, "The valve opens with a blue key.")], Citation.ParseAll(text));
    }

    [Fact]
    public async Task Writer_NothingWasFound_SaysSo()
    {
        var (text, _) = await OfflineLoop.RunAsync(
            [
                new ChatMessage(ChatRole.User, "What is the price of gold?"),
                new ChatMessage(ChatRole.Assistant, AnswerText.NotFound) { AuthorName = "researcher" },
            ],
            Options("You are the writer.", withTools: false));
        Assert.StartsWith(AnswerText.NotFound, text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task SecondQuestion_OfASession_IsSearchedAnew()
    {
        var (text, calls) = await OfflineLoop.RunAsync(
            [
                new ChatMessage(ChatRole.User, "What is the price of gold?"),
                new ChatMessage(ChatRole.Assistant, AnswerText.NotFound),
                new ChatMessage(ChatRole.User, "Which key opens the valve?"),
            ],
            Options("You answer questions."));
        Assert.NotEmpty(calls);
        Assert.Equal(3, Citation.ParseAll(text)[0].Line);
    }
}
