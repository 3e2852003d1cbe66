using System.Text.Json;
using AgentCore.Runs;
using Microsoft.Extensions.AI;

namespace AgentCore.Agents;

/// <summary>One run of a <see cref="ChatAgent"/>: the loop of asking the model and calling tools.</summary>
internal sealed partial class ChatLoop
{
    /// <summary>The task's input that holds the schema of the answer.</summary>
    public const string SchemaInput = "agentcore.schema";

    // Part of the journal's format.
    private const string ReadStep = "read answer";

    private readonly ChatAgent _agent;
    private readonly AgentContext _context;
    private readonly List<ChatMessage> _added = new(2);
    private readonly ChatOptions _options;
    private MessageChain? _chain;
    private readonly string _hash;
    private readonly bool _structured;
    private readonly EndingTool? _ending;
    private CompactedHead? _compacted;
    private RepeatGuard _repeats;
    private bool _warnsAnew;
    private int _chained;
    private int _slips;

    public ChatLoop(ChatAgent agent, AgentContext context)
    {
        _agent = agent;
        _context = context;
        (_options, _hash) = agent.Prepare();
        if (context.Task.Data.TryGetValue(SchemaInput, out var schema))
        {
            _structured = true;
            _options = _options.Clone();
            _options.ResponseFormat = ChatResponseFormat.ForJsonSchema(schema, "answer");
        }

        _ending = context.Parent?.Ending;
        if (_ending is not null)
        {
            _options = _options.Clone();
            _options.Tools = [.. _options.Tools ?? [], _ending];
        }

        if (context.Run.Journal is not null)
            _chain = context.Session?.Chain() ?? new MessageChain();
        _repeats = new RepeatGuard(agent.Chat.MaxRepeats);
    }

    public async ValueTask<AgentResult> RunAsync()
    {
        var before = _context.Session?.MessageList;
        if (before is not null && _agent.Chat.Compaction is { } compaction && _context.Session!.Tokens() > compaction.MaxTokens)
            before = await CompactAsync(compaction, before).ConfigureAwait(false);
        IReadOnlyList<ChatMessage> messages = before is null ? _added : new MessageView(before, _added);
        _added.AddRange(_context.Task.Messages);
        if (_context.Task.Input.Length > 0 || _added.Count == 0)
            _added.Add(new ChatMessage(ChatRole.User, _context.Task.Input));

        var text = "";
        for (var call = 0; call < _agent.Chat.MaxModelCalls; call++)
        {
            var response = await _context.ModelAsync(_agent.Client, _agent.ModelName, messages, _options, NextHash()).ConfigureAwait(false);
            var (said, calls) = Read(response);
            if (said.Length > 0)
                text = said;

            if (ReplyCheck.EndOf(response, said, calls is not null) is { } end && ChecksReplies())
                return end;

            if (calls is not null)
            {
                var stop = await CallToolsAsync(calls).ConfigureAwait(false);
                if (stop is not null)
                    return stop(text);
                if (_ending is not { Outcome: { } outcome })
                    continue;

                _context.Stage(_added, _compacted);
                return AgentResult.Done(text, outcome);
            }

            if (await AnswerAsync(response, said, text).ConfigureAwait(false) is { } result)
                return result;
        }

        return AgentResult.Limited(new StopReason(StopKind.MaxTurns,
            $"Agent '{_agent.Metadata.Name}' made {_agent.Chat.MaxModelCalls} model calls, all that ChatAgentOptions.MaxModelCalls allows; raise it to go on."), text);
    }

    /// <summary>Takes a reply without calls as the answer.</summary>
    /// <param name="response">The reply.</param>
    /// <param name="said">Its text.</param>
    /// <param name="last">The last text that was said in the run.</param>
    /// <returns>The run's result; null where the model is to answer again.</returns>
    private async ValueTask<AgentResult?> AnswerAsync(ChatResponse response, string said, string last)
    {
        if (string.IsNullOrWhiteSpace(said))
        {
            // Runs from before took what announced a tool call as the answer.
            if (!ChecksReplies())
                said = last;
            else if (ReplyCheck.IsEmpty(response))
                return Slip("Your reply is empty. Answer the request.", "The model's reply was empty");
        }

        JsonElement? data = null;
        if (_structured)
        {
            (data, var problem) = await ReadDataAsync(response, said).ConfigureAwait(false);
            if (problem is not null)
                return Slip($"Your answer does not fit the JSON schema: {problem} Answer again, with JSON alone.", "The model's answer did not fit the schema", problem, said);
        }

        _context.Stage(_added, _compacted);
        return AgentResult.Done(said, data, ReplyCheck.CutOff(response));
    }

    /// <summary>Tells the model of a slip in its last reply.</summary>
    /// <returns>The failed run where there were too many; null to go on.</returns>
    private AgentResult? Slip(string told, string what, string? problem = null, string text = "")
    {
        if (++_slips > _agent.Chat.MaxSlips)
            return AgentResult.Failed(new AgentError("AgentCore.ModelSlip", $"{what} {_slips} times{(problem is null ? "." : $": {problem}")}"), text);

        _added.Add(new ChatMessage(ChatRole.User, told));
        return null;
    }

    /// <summary>Whether empty and withheld replies are looked at: runs from before took them as answers.</summary>
    private bool ChecksReplies() => _context.IsNewHere("agentcore.replies");

    /// <summary>Reads an answer as data; what is wrong with it, or null.</summary>
    private async ValueTask<(JsonElement Data, string? Problem)> ReadDataAsync(ChatResponse response, string text)
    {
        if (!StructuredOutput.TryParse(text, _context.Task.Data[SchemaInput], out var data, out var problem))
            return (data, ReplyCheck.CutOff(response) is not null && ChecksReplies() ? $"{problem} It was cut off at the most tokens that a reply may have." : problem);

        // A resumed run doesn't know the type, and must tell the model the same: what was found is a step, where anything was.
        var unreadable = _context.Task.AnswerType is { } type ? StructuredOutput.Unreadable(data, type) : null;
        if (unreadable is not null || _context.HasNext(ReadStep))
            unreadable = await _context.StepAsync(ReadStep, null, _ => Task.FromResult(unreadable), StepOptions.Repeat).ConfigureAwait(false);
        return (data, unreadable);
    }

    /// <summary>Makes the conversation shorter for this run; the session takes it over when the run is done.</summary>
    private async ValueTask<List<ChatMessage>> CompactAsync(ChatCompaction compaction, List<ChatMessage> before)
    {
        _compacted = await ConversationCompactor.CompactAsync(_agent, _context, compaction, before).ConfigureAwait(false);
        if (_compacted is null)
            return before;

        var after = _compacted.Apply(before);
        if (_chain is not null)
        {
            _chain = new MessageChain();
            foreach (var message in after)
                _chain.Add(message);
        }

        return after;
    }

    /// <summary>Takes a reply's messages over; its text, and the tool calls where it has any.</summary>
    private (string Text, List<FunctionCallContent>? Calls) Read(ChatResponse response)
    {
        List<FunctionCallContent>? calls = null;
        foreach (var message in response.Messages)
        {
            _added.Add(message);
            foreach (var content in message.Contents)
            {
                if (content is FunctionCallContent { InformationalOnly: false } call)
                    (calls ??= []).Add(call);
            }
        }

        return (response.Messages.Count == 1 ? response.Messages[0].Text : response.Text, calls);
    }

    private string? NextHash()
    {
        if (_chain is null)
            return null;

        for (; _chained < _added.Count; _chained++)
            _chain.Add(_added[_chained]);
        return $"{_chain.Value[..32]}-{_hash}";
    }
}
