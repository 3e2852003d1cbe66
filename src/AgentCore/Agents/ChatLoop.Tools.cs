using AgentCore.Tools;
using Microsoft.Extensions.AI;

namespace AgentCore.Agents;

// The tool calls of a reply.
internal sealed partial class ChatLoop
{
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
            contents.Add(results[i].ToContent(calls[i].CallId));
            slipped |= results[i].IsSlip;
        }

        _added.Add(new ChatMessage(ChatRole.Tool, contents));
        _slips = slipped ? _slips + 1 : 0;
        if (_slips > _agent.Chat.MaxSlips)
        {
            var last = results.First(r => r.IsSlip).Value?.ToString() ?? "";
            return text => AgentResult.Failed(new AgentError("AgentCore.ModelSlip", $"The model slipped {_slips} times in a row, more than ChatAgentOptions.MaxSlips allows. The last: {last}"), text);
        }

        if (_repeats.IsOver || (_repeats.WasOver && !_warnsAnew))
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

        // Runs from before were told so, whatever the tool had returned, and ended within the reply; both must stay the same.
        _warnsAnew = _context.IsNewHere("agentcore.repeats");
        var why = _warnsAnew ? "; this time it was not called" : ", and returned the same";
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
            return ToolReply.Failed(e.Error.Message, slip);
        }
    }

    private readonly record struct ToolReply(object? Value, bool IsSlip, string? Failure = null)
    {
        public static ToolReply Slip(string message) => Failed(message, isSlip: true);

        public static ToolReply Failed(string message, bool isSlip) => new($"Error: {message}", isSlip, message);

        /// <summary>What the model is told. The exception is for chat clients, which can't tell a failure by its text: what a
        /// tool returned may begin like one.</summary>
        public FunctionResultContent ToContent(string callId) =>
            new(callId, Value) { Exception = Failure is null ? null : new AgentException(Failure) };
    }
}
