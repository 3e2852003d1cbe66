using Microsoft.SemanticKernel.Agents;
using Microsoft.SemanticKernel.ChatCompletion;

namespace AgentCore.SemanticKernel;

/// <summary>Agents of ours in Semantic Kernel.</summary>
public static class AgentExtensions
{
    /// <summary>The agent as a Semantic Kernel agent, for its group chats and whatever else takes one. It is given the
    /// conversation so far, its last message as the task.</summary>
    /// <param name="agent">The agent.</param>
    /// <param name="context">The run that it is part of: then it is a scope of that run, resumed and counted with it. Null for
    /// a run of its own at each call.</param>
    /// <param name="options">How runs of its own are done; null for the defaults.</param>
    /// <returns>The agent. It throws <see cref="AgentRunException"/> where a run does not end well.</returns>
    public static Agent AsSemanticKernelAgent(this BaseAgent agent, AgentContext? context = null, RunOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(agent);
        return new PresentedAgent(agent.Metadata.Name, agent.Metadata.Description, AnswerAsync);

        async Task<string> AnswerAsync(ChatHistory history, CancellationToken cancellationToken)
        {
            var messages = history.Select(m => Messages.FromKernel(m, agent.Metadata.Name)).ToList();
            var task = messages.Count == 0
                ? new AgentTask("")
                : new AgentTask(messages[^1].Text) { Messages = messages[..^1] };
            var result = context is null
                ? await agent.ExecuteAsync(task, options ?? new RunOptions(), cancellationToken).ConfigureAwait(false)
                : await context.RunAgentAsync(agent, task).ConfigureAwait(false);
            return result.EnsureDone().Output;
        }
    }
}
