using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using AgentCore.Agents;
using AgentCore.Runs;
using AgentCore.Tools;
using Microsoft.Extensions.AI;

namespace AgentCore;

// Tools: the one gate. Every call, whoever makes it, comes through here.
public sealed partial class AgentContext
{
    /// <summary>Calls a tool of <see cref="AgentOptions.Tools"/> as a step.</summary>
    /// <param name="name">The tool's name.</param>
    /// <param name="arguments">Its arguments by name; null for none.</param>
    /// <returns>What the tool returned, as JSON where a journal is kept.</returns>
    /// <exception cref="ArgumentException">There is no such tool.</exception>
    /// <exception cref="ToolDeniedException">The agent lacks a capability, or a person refused.</exception>
    /// <exception cref="StepFailedException">The tool failed.</exception>
    /// <exception cref="RunStoppedException">The run may do no further step.</exception>
    public Task<object?> CallToolAsync(string name, IDictionary<string, object?>? arguments = null) =>
        CallToolAsync(FindTool(name), Arguments(arguments), _synchronous).AsTask();

    /// <summary>Calls a tool of <see cref="AgentOptions.Tools"/> as a step, and waits for it.</summary>
    /// <param name="name">The tool's name.</param>
    /// <param name="arguments">Its arguments by name; null for none.</param>
    /// <returns>What the tool returned, as JSON where a journal is kept.</returns>
    /// <exception cref="ArgumentException">There is no such tool.</exception>
    /// <exception cref="ToolDeniedException">The agent lacks a capability, or a person refused.</exception>
    /// <exception cref="StepFailedException">The tool failed.</exception>
    /// <exception cref="RunStoppedException">The run may do no further step.</exception>
    public object? CallTool(string name, IDictionary<string, object?>? arguments = null)
    {
        var tool = FindTool(name);
        return BlockingBridge.Run(() => CallToolAsync(tool, Arguments(arguments), synchronous: true));
    }

    /// <summary>Calls a tool through the gate, as a step of this run: for code that finds its tools elsewhere than in
    /// <see cref="AgentOptions.Tools"/>, such as a kernel's functions.</summary>
    /// <param name="tool">The tool.</param>
    /// <param name="arguments">Its arguments.</param>
    /// <returns>What the tool returned, as JSON where a journal is kept.</returns>
    /// <exception cref="ToolDeniedException">The agent lacks a capability, or a person refused.</exception>
    /// <exception cref="StepFailedException">The tool failed.</exception>
    /// <exception cref="RunStoppedException">The run may do no further step.</exception>
    public Task<object?> CallToolAsync(Tool tool, AIFunctionArguments arguments)
    {
        ArgumentNullException.ThrowIfNull(tool);
        ArgumentNullException.ThrowIfNull(arguments);
        return CallToolAsync(tool, arguments, _synchronous).AsTask();
    }

    internal ValueTask<object?> CallToolAsync(Tool tool, AIFunctionArguments arguments, bool synchronous)
    {
        if (tool.FirstMissing(Agent.Metadata.Capabilities) is { } missing)
            throw ToolDeniedException.Missing(tool.Name, missing, Agent.Metadata.Name);
        if (Run.LogsCalls)
            return LoggedCallAsync(tool, arguments, synchronous);

        return AllowedCallAsync(tool, arguments, synchronous);
    }

    private ValueTask<object?> AllowedCallAsync(Tool tool, AIFunctionArguments arguments, bool synchronous)
    {
        if (tool.Agent is { } agent)
            return CallAgentAsync(tool, agent, arguments, synchronous);
        if (tool.NeedsContext)
            ContextFunction.Attach(this, arguments);
        return Run.Journal is null && !Run.IsObserved && !tool.NeedsApproval && !tool.Options.CountsTokens
            ? BareCallAsync(tool, arguments)
            : StepCallAsync(tool, arguments, synchronous);
    }

    private ValueTask<object?> StepCallAsync(Tool tool, AIFunctionArguments arguments, bool synchronous)
    {
        var isTold = Run.Journal is not null || Run.IsObserved || tool.NeedsApproval;
        var json = isTold ? JsonSerializer.SerializeToUtf8Bytes<IDictionary<string, object?>>(arguments, AgentJson.Options) : null;
        var call = new StepCall("tool", tool.Name, json is null ? null : Hash(json), tool.Options.Repeatable, null)
        {
            Arguments = json,
            NeedsApproval = tool.NeedsApproval,
        };
        return LeafAsync(call, Body, ObjectCodec.Instance, synchronous);

        ValueTask<object?> Body(StepContext step)
        {
            if (step.IdempotencyKey.Length > 0 || tool.Options.CountsTokens)
                step.AttachTo(arguments);
            return ToolCall.InvokeAsync(tool, arguments, Run.Time, step.CancellationToken, Changes);
        }
    }

    /// <summary>The call, written into the logs of the turns that it is a part of.</summary>
    private async ValueTask<object?> LoggedCallAsync(Tool tool, AIFunctionArguments arguments, bool synchronous)
    {
        object? outcome = null;
        try
        {
            return outcome = await AllowedCallAsync(tool, arguments, synchronous).ConfigureAwait(false);
        }
        catch (StepFailedException e)
        {
            outcome = e.Error;
            throw;
        }
        finally
        {
            CallLog.Write(this, tool.Name, arguments, outcome);
        }
    }

    /// <summary>The call without a journal and a watcher: nothing is written and nothing is told.</summary>
    private ValueTask<object?> BareCallAsync(Tool tool, AIFunctionArguments arguments)
    {
        Begin();
        var call = ToolCall.InvokeAsync(tool, arguments, Run.Time, CancellationToken);
        if (!call.IsCompletedSuccessfully)
            return AwaitAsync(call, tool);

        End();
        return call;

        async ValueTask<object?> AwaitAsync(ValueTask<object?> pending, Tool called)
        {
            try
            {
                var work = pending.AsTask();
                return CancellationToken.CanBeCanceled
                    ? await Bounded.WaitAsync(work, Grace, Run.Time, CancellationToken).ConfigureAwait(false)
                    : await work.ConfigureAwait(false);
            }
            catch (Exception e) when (e is not RunStoppedException)
            {
                Throw(e, called);
                throw;
            }
            finally
            {
                End();
            }
        }
    }

    private void Throw(Exception e, Tool tool)
    {
        if (Failure(e, new StepCall("tool", tool.Name, null, tool.Options.Repeatable, null), "", ObjectCodec.Instance) is { } failure)
            throw new StepFailedException(tool.Name, failure);
    }

    private async ValueTask<object?> CallAgentAsync(Tool tool, AgentTool agent, AIFunctionArguments arguments, bool synchronous)
    {
        if (tool.NeedsApproval)
        {
            // An agent is a scope; its approval is a leaf before it.
            var json = JsonSerializer.SerializeToUtf8Bytes<IDictionary<string, object?>>(arguments, AgentJson.Options);
            var call = new StepCall("tool", tool.Name, Hash(json), Repeatable: true, null) { Arguments = json, NeedsApproval = true };
            await LeafAsync(call, static _ => new ValueTask<bool>(true), JsonCodec<bool>.For(null), synchronous).ConfigureAwait(false);
        }

        var result = await ScopeAsync(agent.Agent, TaskOf(tool, agent, arguments), null, "agent", null, synchronous).ConfigureAwait(false);
        return AgentTool.TextOf(result);
    }

    /// <summary>The task that arguments make; those that make none fail the call, as they do with any other tool.</summary>
    private AgentTask TaskOf(Tool tool, AgentTool agent, AIFunctionArguments arguments)
    {
        try
        {
            return agent.TaskOf(arguments);
        }
        catch (Exception e)
        {
            // In runs from before they failed the agent that called.
            if (!IsNewHere("agentcore.task"))
                throw;
            throw new StepFailedException(tool.Name, AgentError.From(e));
        }
    }

    private Tool FindTool(string name)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        var tools = Agent.Options.Tools ?? throw new InvalidOperationException($"Agent '{Agent.Metadata.Name}' has no tools: set AgentOptions.Tools.");
        return tools.TryGet(name, out var tool)
            ? tool
            : throw new ArgumentException($"There is no tool '{name}'. The registry has: {string.Join(", ", tools.All.Select(t => t.Name))}.", nameof(name));
    }

    private static AIFunctionArguments Arguments(IDictionary<string, object?>? arguments) => arguments is null ? [] : new AIFunctionArguments(arguments);
}
