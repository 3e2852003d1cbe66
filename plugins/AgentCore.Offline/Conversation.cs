using System.Text;
using AgentCore.Text;
using Microsoft.Extensions.AI;

namespace AgentCore.Offline;

/// <summary>A request as this client understands it: who it is told to be, what is asked, what is known, and what was tried.</summary>
internal sealed class Conversation
{
    private readonly List<(string Name, string Arguments)> _calls = [];

    private Conversation(string instructions, string question)
    {
        Instructions = instructions;
        Question = question;
    }

    /// <summary>What the system messages and options tell.</summary>
    public string Instructions { get; }

    /// <summary>What is asked: the last message of the user that isn't another agent's report.</summary>
    public string Question { get; }

    /// <summary>What the tools returned in this turn.</summary>
    public EvidenceSet Found { get; } = new();

    /// <summary>The citations in the other agents' messages, and in the user's.</summary>
    public EvidenceSet Reported { get; } = new();

    /// <summary>The citations of the message that was last to have any: what a critic checks.</summary>
    public IReadOnlyList<Citation> LastCitations { get; private set; } = [];

    /// <summary>The message that has those citations.</summary>
    public string LastCited { get; private set; } = "";

    /// <summary>The results of this turn's calls.</summary>
    public List<FunctionResultContent> Results { get; } = [];

    /// <summary>Whether someone reported that the input doesn't hold the answer.</summary>
    public bool ReportedNotFound { get; private set; }

    /// <summary>How many rounds of calls this turn has had.</summary>
    public int Rounds { get; private set; }

    /// <summary>Whether a call with the same arguments was made in this turn.</summary>
    public bool HasCalled(string name, string arguments) => _calls.Contains((name, arguments));

    /// <summary>Reads a request.</summary>
    public static Conversation Read(IReadOnlyList<ChatMessage> messages, ChatOptions? options)
    {
        var instructions = new StringBuilder(options?.Instructions);
        foreach (var message in messages)
            if (message.Role == ChatRole.System) instructions.Append('\n').Append(message.Text);

        var asked = LastQuestion(messages);
        var conversation = new Conversation(instructions.ToString(), asked < 0 ? "" : QuestionText.Of(messages[asked].Text));
        for (var i = 0; i < messages.Count; i++) conversation.Take(messages[i], inTurn: i >= asked);
        return conversation;
    }

    /// <summary>A key for a call's arguments, the same for the same arguments.</summary>
    public static string KeyOf(IDictionary<string, object?>? arguments) =>
        arguments is null ? "" : string.Join('&', arguments.OrderBy(pair => pair.Key, StringComparer.Ordinal).Select(pair => $"{pair.Key}={JsonText.Of(pair.Value)}"));

    private static int LastQuestion(IReadOnlyList<ChatMessage> messages)
    {
        var last = -1;
        for (var i = 0; i < messages.Count; i++)
            if (messages[i].Role == ChatRole.User && !IsReport(messages[i]) && !string.IsNullOrWhiteSpace(messages[i].Text)) last = i;
        if (last >= 0) return last;
        for (var i = 0; i < messages.Count; i++)
            if (messages[i].Role == ChatRole.User && !string.IsNullOrWhiteSpace(messages[i].Text)) return i;
        return -1;
    }

    // Another agent's message comes with its author's name, or with citations.
    private static bool IsReport(ChatMessage message) =>
        (message.AuthorName is { Length: > 0 } name && !string.Equals(name, "user", StringComparison.OrdinalIgnoreCase))
        || Citation.ParseAll(message.Text).Count > 0;

    private void Take(ChatMessage message, bool inTurn)
    {
        if (!inTurn) return;
        if (message.Role != ChatRole.System && message.Text is { Length: > 0 } text)
        {
            var citations = Citation.ParseAll(text);
            if (citations.Count > 0) (LastCitations, LastCited) = (citations, text);
            EvidenceReader.ReadCitations(text, Reported);
            // A question may speak of these words; only a report says them.
            if ((message.Role != ChatRole.User || IsReport(message)) && AnswerText.SaysNotFound(text))
            {
                ReportedNotFound = true;
                foreach (var error in AnswerText.ErrorsIn(text)) Reported.AddError(error);
            }
        }
        var calls = false;
        foreach (var content in message.Contents)
        {
            if (content is FunctionCallContent call)
            {
                _calls.Add((call.Name, KeyOf(call.Arguments)));
                calls = true;
            }
            else if (content is FunctionResultContent result)
            {
                Results.Add(result);
                EvidenceReader.Read(result, Found);
            }
        }
        if (calls) Rounds++;
    }
}
