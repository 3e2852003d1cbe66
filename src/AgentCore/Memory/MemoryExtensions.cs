namespace AgentCore.Memory;

/// <summary>Memory in an agent's code, as steps of its run.</summary>
public static class MemoryExtensions
{
    // The names of these steps are part of the journal's format.
    internal const string Remember = "memory.remember";
    internal const string Recall = "memory.recall";
    internal const string Forget = "memory.forget";

    /// <summary>Remembers a text as a step: done again after a crash it is still one memory. The author is the agent.</summary>
    /// <param name="context">The run.</param>
    /// <param name="memory">The memory.</param>
    /// <param name="scope">Whose memory it is.</param>
    /// <param name="text">What to remember.</param>
    /// <param name="tags">What it is about; null for nothing.</param>
    /// <exception cref="StepFailedException">It could not be kept.</exception>
    public static Task<MemoryEntry> RememberAsync(
        this AgentContext context, MemoryStore memory, MemoryScope scope, string text, IReadOnlyList<string>? tags = null)
    {
        ArgumentNullException.ThrowIfNull(context);
        ArgumentNullException.ThrowIfNull(memory);
        ArgumentNullException.ThrowIfNull(scope);
        return context.StepAsync(
            Remember, new { scope = scope.Name, text, tags },
            step => memory.RememberAsync(scope, text, context.Agent.Metadata.Name, tags, step.IdempotencyKey, step.CancellationToken), StepOptions.Repeat);
    }

    /// <summary>Recalls what fits a query as a step: a resumed run gets what it got at first.</summary>
    /// <param name="context">The run.</param>
    /// <param name="memory">The memory.</param>
    /// <param name="scope">Whose memories.</param>
    /// <param name="query">A question or some words.</param>
    /// <param name="count">How many at most: 1 to 100.</param>
    /// <exception cref="StepFailedException">It could not be read.</exception>
    public static Task<MemoryRecall> RecallAsync(this AgentContext context, MemoryStore memory, MemoryScope scope, string query, int count = 5)
    {
        ArgumentNullException.ThrowIfNull(context);
        ArgumentNullException.ThrowIfNull(memory);
        ArgumentNullException.ThrowIfNull(scope);
        return context.StepAsync(
            Recall, new { scope = scope.Name, query, count }, step => memory.RecallAsync(scope, query, count, step.CancellationToken), StepOptions.Repeat);
    }

    /// <summary>Forgets a memory as a step.</summary>
    /// <param name="context">The run.</param>
    /// <param name="memory">The memory.</param>
    /// <param name="scope">Whose memory it is.</param>
    /// <param name="id">Its id.</param>
    /// <returns>Whether there was one.</returns>
    /// <exception cref="StepFailedException">It could not be removed.</exception>
    public static Task<bool> ForgetAsync(this AgentContext context, MemoryStore memory, MemoryScope scope, string id)
    {
        ArgumentNullException.ThrowIfNull(context);
        ArgumentNullException.ThrowIfNull(memory);
        ArgumentNullException.ThrowIfNull(scope);
        return context.StepAsync(
            Forget, new { scope = scope.Name, id }, step => memory.ForgetAsync(scope, id, step.CancellationToken), StepOptions.Repeat);
    }
}
