namespace AgentCore.Teams;

/// <summary>A person as an agent: it is asked, and its answer is the turn. With nobody there to answer
/// (<see cref="RunOptions.Decider"/>) the run stops as <see cref="RunStatus.NeedsDecision"/>, and goes on with the answer when
/// it is resumed.</summary>
/// <param name="metadata">Who the person is.</param>
public sealed class PersonAgent(AgentMetadata metadata) : AsyncAgent(metadata, new AgentOptions { MaxConcurrentRuns = 0 })
{
    // What a person can take in at a prompt; the conversation itself is shown as it goes on.
    private const int LongestQuestion = 4_000;

    /// <summary>Creates a person with a name.</summary>
    /// <param name="name">The name.</param>
    public PersonAgent(string name) : this(new AgentMetadata(name))
    {
    }

    /// <inheritdoc/>
    protected override async ValueTask<AgentResult> OnExecuteAsync(AgentContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        var question = context.Task.Input.Length == 0 ? "Your turn."
            : context.Task.Input.Length > LongestQuestion ? context.Task.Input[..LongestQuestion] + "…"
            : context.Task.Input;
        return AgentResult.Done(await context.AskPersonAsync(Metadata.Name, question).ConfigureAwait(false));
    }
}
