using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;
using AgentCore.Text;
using Microsoft.Extensions.AI;

namespace AgentCore.Offline;

/// <summary>
/// The model <c>offline/extractive</c>: a chat client that needs no model, server or key. It makes no text up. It calls the
/// tools that fit a request, and answers with sentences quoted from what they returned, each with its file and line; where
/// nothing fits it says <c>Not found in the input.</c> The same request always gets the same reply.
/// </summary>
/// <remarks>Stateless; safe from any thread. docs/offline-model.md tells how it ranks and when it declines.</remarks>
public sealed partial class ExtractiveChatClient : IChatClient
{
    /// <summary>The full id of the model.</summary>
    public const string ModelId = "offline/extractive";

    private const int SearchLimit = 30;
    private const int MaxSearches = 2;
    private const int MaxCitations = 3;

    private static readonly ChatClientMetadata Metadata = new("offline", defaultModelId: ModelId);

    /// <inheritdoc/>
    public Task<ChatResponse> GetResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(messages);
        cancellationToken.ThrowIfCancellationRequested();
        var history = messages as IReadOnlyList<ChatMessage> ?? [.. messages];
        var reply = new ChatMessage(ChatRole.Assistant, Reply(history, options));
        var calls = reply.Contents.OfType<FunctionCallContent>().Any();
        var (input, output) = (TokenEstimate.Of(history), TokenEstimate.Of(reply));
        return Task.FromResult(new ChatResponse(reply)
        {
            ModelId = ModelId,
            FinishReason = calls ? ChatFinishReason.ToolCalls : ChatFinishReason.Stop,
            Usage = new UsageDetails { InputTokenCount = input, OutputTokenCount = output, TotalTokenCount = input + output },
        });
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var response = await GetResponseAsync(messages, options, cancellationToken).ConfigureAwait(false);
        foreach (var content in response.Messages[0].Contents)
        {
            IEnumerable<AIContent> pieces = content is TextContent text ? Line().Matches(text.Text).Select(line => new TextContent(line.Value)) : [content];
            foreach (var piece in pieces)
            {
                cancellationToken.ThrowIfCancellationRequested();
                yield return new ChatResponseUpdate(ChatRole.Assistant, [piece]) { ModelId = ModelId };
            }
        }
        yield return new ChatResponseUpdate(ChatRole.Assistant, [new UsageContent(response.Usage!)]) { ModelId = ModelId, FinishReason = response.FinishReason };
    }

    /// <inheritdoc/>
    public object? GetService(Type serviceType, object? serviceKey = null)
    {
        ArgumentNullException.ThrowIfNull(serviceType);
        if (serviceKey is not null) return null;
        return serviceType == typeof(ChatClientMetadata) ? Metadata : serviceType.IsInstanceOfType(this) ? this : null;
    }

    /// <summary>Holds nothing; does nothing.</summary>
    public void Dispose()
    {
    }

    private static List<AIContent> Reply(IReadOnlyList<ChatMessage> messages, ChatOptions? options)
    {
        var conversation = Conversation.Read(messages, options);
        var tools = ToolPlan.ShapesOf(options);
        if (conversation.Question.Length == 0) return [new TextContent(AnswerText.NotFound + " No question was asked.")];
        if (IsCritic(conversation, tools) is { } reader) return Check(conversation, reader);

        var search = tools.Where(tool => tool.IsSearch).OrderByDescending(tool => tool.IsNamedSearch).FirstOrDefault();
        var answersFromReports = conversation.Reported.Pieces.Count > 0 || conversation.ReportedNotFound;
        if (search is not null && !answersFromReports) return SearchAndAnswer(conversation, search);
        if (answersFromReports) return [new TextContent(FromReports(conversation))];
        if (conversation.Results.Count == 0 && ToolPlan.Match(tools, conversation.Question, "call-1") is { } call) return [call];
        return [new TextContent(FromResults(conversation))];
    }

    private static ToolShape? IsCritic(Conversation conversation, IReadOnlyList<ToolShape> tools) =>
        conversation.LastCitations.Count > 0 && Checks().IsMatch(conversation.Instructions) ? tools.FirstOrDefault(tool => tool.IsRead && !tool.IsSearch) : null;

    private static List<AIContent> Check(Conversation conversation, ToolShape reader)
    {
        var citations = conversation.LastCitations;
        if (conversation.Results.Any(result => result.CallId.StartsWith("check-", StringComparison.Ordinal)))
        {
            var results = conversation.Results.GroupBy(result => result.CallId).ToDictionary(group => group.Key, group => group.Last(), StringComparer.Ordinal);
            return [new TextContent(CitationCheck.Report(conversation.LastCited, citations, results))];
        }
        return [.. citations.Take(CitationCheck.Most).Select((citation, i) => ToolPlan.Read(reader, citation.File, citation.Line, citation.Line + CitationCheck.LinesRead - 1, CitationCheck.CallId(i)))];
    }

    private static List<AIContent> SearchAndAnswer(Conversation conversation, ToolShape search)
    {
        if (conversation.Rounds == 0) return [ToolPlan.Search(search, conversation.Question, SearchLimit, "search-1")];
        var question = new QuestionWeights(TextQuery.Parse(conversation.Question), conversation.Found);
        var ranked = AnswerRanker.Rank(question, conversation.Found);
        if (conversation.Rounds < MaxSearches && Reformulation.Of(question, ranked) is { } again)
        {
            var call = ToolPlan.Search(search, again, SearchLimit, $"search-{conversation.Rounds + 1}");
            if (!conversation.HasCalled(call.Name, Conversation.KeyOf(call.Arguments))) return [call];
        }
        return [new TextContent(Answer(question, ranked, conversation.Found.Errors))];
    }

    private static string Answer(QuestionWeights question, List<RankedAnswer> ranked, IReadOnlyList<string> errors) =>
        Answerability.IsAnswered(question, ranked) ? AnswerText.Answer([.. ranked.Take(MaxCitations)]) : AnswerText.Decline(question, errors);

    // The reports are in order of merit: the last one with citations is the most considered. A short one is given as it is.
    private static string FromReports(Conversation conversation)
    {
        if (conversation.LastCitations.Count == 0 || conversation.ReportedNotFound) return AnswerText.Decline(null, conversation.Reported.Errors);
        return conversation.LastCitations.Count <= MaxCitations ? conversation.LastCited : AnswerText.Cite(conversation.LastCitations.Take(MaxCitations));
    }

    private static string FromResults(Conversation conversation)
    {
        if (conversation.Found.Pieces.Count > 0)
        {
            var question = new QuestionWeights(TextQuery.Parse(conversation.Question), conversation.Found);
            return Answer(question, AnswerRanker.Rank(question, conversation.Found), conversation.Found.Errors);
        }
        // A tool that returned no passages: its own words are the answer.
        var texts = conversation.Results.Where(result => result.Exception is null).Select(result => JsonText.Of(result.Result))
            .Where(text => !string.IsNullOrWhiteSpace(text) && !EvidenceReader.IsError(text)).ToList();
        return texts.Count > 0 ? string.Join('\n', texts) : AnswerText.Decline(null, conversation.Found.Errors);
    }

    [GeneratedRegex(@"\b(critic|check|verif|review)\w*\b[\s\S]*\b(citation|quote|cite|source)", RegexOptions.IgnoreCase)]
    private static partial Regex Checks();

    [GeneratedRegex(@"[^\n]*\n|[^\n]+$")]
    private static partial Regex Line();
}
