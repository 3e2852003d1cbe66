using AgentCore.Files;
using AgentCore.Offline;
using AgentCore.Text;
using Microsoft.Extensions.AI;

namespace AgentCore.Endurance;

/// <summary>The offline model alone, with the file tools in a plain loop: no agent, no team.</summary>
internal sealed class ClientAnswerer(FileTools tools) : IAnswerer
{
    private const int MaxRounds = 6;

    private readonly ExtractiveChatClient _client = new();

    public async Task<IReadOnlyList<Cited>> AnswerAsync(string question, CancellationToken cancellationToken)
    {
        var options = new ChatOptions { Tools = [.. tools.Tools.Select(tool => tool.Function)] };
        var messages = new List<ChatMessage> { new(ChatRole.User, question) };
        for (var round = 0; round < MaxRounds; round++)
        {
            var response = await _client.GetResponseAsync(messages, options, cancellationToken);
            messages.AddRange(response.Messages);
            var calls = response.Messages.SelectMany(message => message.Contents).OfType<FunctionCallContent>().ToList();
            if (calls.Count == 0) return [.. Citation.ParseAll(response.Text).Select(citation => new Cited(citation.File, citation.Line, citation.Line, citation.Quote))];
            var results = new List<AIContent>();
            foreach (var call in calls)
            {
                var function = tools.Tools.First(tool => tool.Name == call.Name).Function;
                var result = await function.InvokeAsync(new AIFunctionArguments(call.Arguments), cancellationToken);
                results.Add(new FunctionResultContent(call.CallId, result));
            }
            messages.Add(new ChatMessage(ChatRole.Tool, results));
        }
        throw new InvalidOperationException($"No answer after {MaxRounds} rounds of tool calls.");
    }

    public int FindFaults(IReadOnlyList<Cited> citations) => CitationFaults.Count(tools, citations);

    public void Dispose()
    {
        _client.Dispose();
        tools.Dispose();
    }
}

/// <summary>Reads each cited line from its file and compares.</summary>
internal static class CitationFaults
{
    public static int Count(FileTools tools, IReadOnlyList<Cited> citations)
    {
        var faults = 0;
        foreach (var cited in citations)
        {
            var text = tools.Read(cited.File, cited.Line, cited.Line);
            if (text.Lines.Count == 1 && new Citation(cited.File, cited.Line, cited.Quote).IsIn([text.Lines[0].Text], cited.Line)) continue;
            faults++;
            Console.WriteLine($"not verbatim: {cited.File}:{cited.Line} {cited.Quote}");
        }
        return faults;
    }
}
