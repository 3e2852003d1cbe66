using System.Text.Json;
using AgentCore.Runs;
using AgentCore.Tools;
using Microsoft.Extensions.AI;

namespace AgentCore.Agents;

/// <summary>One run of a <see cref="ChatAgent"/>: the loop of asking the model and calling tools.</summary>
internal sealed class ChatLoop
{
    /// <summary>The task's input that holds the schema of the answer.</summary>
    public const string SchemaInput = "agentcore.schema";

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

            JsonElement data = default;
            if (_structured && !StructuredOutput.TryParse(text, _context.Task.Data[SchemaInput], out data, out var problem))
            {
                if (++_slips > _agent.Chat.MaxSlips)
                    return AgentResult.Failed(new AgentError("AgentCore.ModelSlip", $"The model's answer did not fit the schema {_slips} times: {problem}"), text);
                _added.Add(new ChatMessage(ChatRole.User, $"Your answer does not fit the JSON schema: {problem} Answer again, with JSON alone."));
                continue;
            }

            _context.Stage(_added, _compacted);
            return AgentResult.Done(text, _structured ? data : null);
        }

        return AgentResult.Limited(new StopReason(StopKind.MaxTurns,
            $"Agent '{_agent.Metadata.Name}' made {_agent.Chat.MaxModelCalls} model calls, all that ChatAgentOptions.MaxModelCalls allows; raise it to go on."), text);
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

    /// <summary>Calls the tools that a reply asks for, several at once; what they return goes back to the model.</summary>
    /// <returns>What ends the run, given the last text; null to go on.</returns>
    private async ValueTask<Func<string, AgentResult>?> CallToolsAsync(List<FunctionCallContent> calls)
    {
        _repeats.NextReply();
        IReadOnlyList<ToolReply> results = calls.Count == 1
            ? [await CallToolAsync(_context, calls[0], RepeatWarning(calls[0])).ConfigureAwait(false)]
            : await CallTogetherAsync(calls).ConfigureAwait(false);

        var contents = new List<AIContent>(calls.Count);
        var slipped = false;
        for (var i = 0; i < calls.Count; i++)
        {
            contents.Add(new FunctionResultContent(calls[i].CallId, results[i].Value));
            slipped |= results[i].IsSlip;
        }

        _added.Add(new ChatMessage(ChatRole.Tool, contents));
        _slips = slipped ? _slips + 1 : 0;
        if (_slips > _agent.Chat.MaxSlips)
        {
            var last = results.First(r => r.IsSlip).Value?.ToString() ?? "";
            return text => AgentResult.Failed(new AgentError("AgentCore.ModelSlip", $"The model slipped {_slips} times in a row, more than ChatAgentOptions.MaxSlips allows. The last: {last}"), text);
        }

        if (_repeats.IsOver)
        {
            return text => AgentResult.Limited(new StopReason(StopKind.NoProgress,
                $"Agent '{_agent.Metadata.Name}' went on calling '{_repeats.Name}' with the same arguments ({_repeats.Count} times); ChatAgentOptions.MaxRepeats is {_agent.Chat.MaxRepeats}."), text);
        }

        return null;
    }

    private Task<IReadOnlyList<ToolReply>> CallTogetherAsync(List<FunctionCallContent> calls)
    {
        var branches = new List<Func<AgentContext, Task<ToolReply>>>(calls.Count);
        foreach (var call in calls)
        {
            var warning = RepeatWarning(call);
            branches.Add(branch => CallToolAsync(branch, call, warning).AsTask());
        }

        return _context.ParallelAsync(branches);
    }

    /// <summary>What to tell the model in place of making a call once more; null to make it.</summary>
    private string? RepeatWarning(FunctionCallContent call)
    {
        if (!_repeats.Add(call))
            return null;

        // Runs from before were told so, whatever the tool had returned; their conversation must stay the same.
        var why = _context.Version("agentcore.repeats", 1) > 0 ? "; this time it was not called" : ", and returned the same";
        return $"Error: '{call.Name}' was called with these arguments {_repeats.Count} times in a row{why}. Do something else, or answer with what you have.";
    }

    private async ValueTask<ToolReply> CallToolAsync(AgentContext context, FunctionCallContent call, string? warning)
    {
        if (call.Exception is not null)
            return ToolReply.Slip($"The arguments of '{call.Name}' could not be read: {call.Exception.Message} Send them as a JSON object.");
        if (_ending?.Name == call.Name)
            return _ending.Take(call.Arguments) is { } refusal ? ToolReply.Slip(refusal) : new ToolReply(_ending.Reply, false);
        if (!_agent.TryGetTool(call.Name, out var tool))
            return ToolReply.Slip($"There is no tool '{call.Name}'. The tools are: {string.Join(", ", _options.Tools?.Select(t => t.Name) ?? [])}.");
        if (warning is not null)
            return new ToolReply(warning, false);

        try
        {
            var arguments = call.Arguments is null ? [] : new AIFunctionArguments(call.Arguments);
            return new ToolReply(await context.CallToolAsync(tool, arguments, context.IsSynchronous).ConfigureAwait(false), false);
        }
        catch (ToolDeniedException e)
        {
            return ToolReply.Slip(e.Message);
        }
        catch (StepFailedException e)
        {
            var slip = e.Error.Type is "System.ArgumentException" or "System.ArgumentNullException" or "System.Text.Json.JsonException";
            return new ToolReply($"Error: {e.Error.Message}", slip);
        }
    }

    private string? NextHash()
    {
        if (_chain is null)
            return null;

        for (; _chained < _added.Count; _chained++)
            _chain.Add(_added[_chained]);
        return $"{_chain.Value[..32]}-{_hash}";
    }

    private readonly record struct ToolReply(object? Value, bool IsSlip)
    {
        public static ToolReply Slip(string message) => new($"Error: {message}", true);
    }
}
