using System.ComponentModel;
using AgentCore.Teams;
using AgentCore.Tools;
using Microsoft.Extensions.AI;

namespace AgentCore.Memory;

/// <summary>Memory as tools for models.</summary>
public static class MemoryTools
{
    private const string Own = "agent";

    /// <summary>Adds <c>memory.remember</c> and <c>memory.forget</c>, which need the capability <c>memory.write</c>, and
    /// <c>memory.recall</c>, which needs <c>memory.read</c>. An agent reaches its own memories, those of the team that it works in
    /// and those of the run's session, and no others; it is the author of what it writes. All three may be repeated: writing
    /// goes by the step's idempotency key.</summary>
    /// <param name="registry">The tools.</param>
    /// <param name="memory">The memory.</param>
    /// <exception cref="InvalidOperationException">A name is taken.</exception>
    public static ToolRegistry AddMemory(this ToolRegistry registry, MemoryStore memory)
    {
        ArgumentNullException.ThrowIfNull(registry);
        ArgumentNullException.ThrowIfNull(memory);
        var functions = new Functions(memory);
        return registry
            .Add(Function(functions.RememberAsync, MemoryExtensions.Remember), May("memory.write"))
            .Add(Function(functions.RecallAsync, MemoryExtensions.Recall), May("memory.read"))
            .Add(Function(functions.ForgetAsync, MemoryExtensions.Forget), May("memory.write"));
    }

    private static ContextFunction Function(Delegate method, string name) => new(AIFunctionFactory.Create(method, name));

    private static ToolOptions May(string capability) => new() { Capabilities = [capability], Repeatable = true };

    /// <summary>The scopes that an agent reaches, by the names that models use.</summary>
    private static Dictionary<string, MemoryScope> ScopesOf(AgentContext context)
    {
        var scopes = new Dictionary<string, MemoryScope>(StringComparer.OrdinalIgnoreCase) { [Own] = MemoryScope.Agent(context.Agent.Metadata.Name) };
        var root = context;
        for (var outer = context; outer is not null; outer = outer.Parent)
        {
            root = outer;
            if (outer.Agent is Team team)
                scopes.TryAdd("team", MemoryScope.Team(team.Metadata.Name));
        }

        // The session is the run's: those that members of a team hold inside it come and go with it.
        if (root.Session is { } session)
            scopes["session"] = MemoryScope.Session(session.Id);
        return scopes;
    }

    // An argument that may be left out may be null too: strict schemas require them all.
    private sealed class Functions(MemoryStore memory)
    {
        [Description("Keeps a fact for later runs. Write it so that it can be understood by itself.")]
        public async Task<Written> RememberAsync(
            [Description("The fact, in one or a few sentences.")] string text,
            AIFunctionArguments arguments,
            [Description("Whose memory it is: agent (your own, the default), team (shared with your team) or session (this conversation).")] string? scope = null,
            [Description("A few words that say what it is about.")] string[]? tags = null,
            CancellationToken cancellationToken = default)
        {
            var context = ContextFunction.ContextOf(arguments);
            var key = StepContext.From(arguments)?.IdempotencyKey;
            var entry = await memory.RememberAsync(
                Scope(context, scope), text, context.Agent.Metadata.Name, tags, string.IsNullOrEmpty(key) ? null : key, cancellationToken).ConfigureAwait(false);
            return new Written(entry.Id, entry.Scope);
        }

        [Description("Finds what was kept in earlier runs, each with its id, author, time and scope.")]
        public async Task<Recalled> RecallAsync(
            [Description("A question, or words that it may contain.")] string query,
            AIFunctionArguments arguments,
            [Description("Where to look: agent, team or session; all of them where it is left out.")] string? scope = null,
            [Description("How many at most, 1 to 100; 5 where it is left out.")] int? count = null,
            CancellationToken cancellationToken = default)
        {
            var context = ContextFunction.ContextOf(arguments);
            MemoryScope[] scopes = string.IsNullOrWhiteSpace(scope) ? [.. ScopesOf(context).Values] : [Scope(context, scope)];
            var recall = await memory.RecallAsync(scopes, query, count ?? 5, cancellationToken).ConfigureAwait(false);
            return new Recalled(
                [.. recall.Hits.Select(h => new Found(h.Entry.Id, h.Entry.Text, h.Entry.Author, h.Entry.Scope, h.Entry.Time, h.Entry.Tags, h.FoundBy.ToString()))],
                recall.Warning);
        }

        [Description("Forgets something that was kept and is wrong or no longer needed.")]
        public async Task<string> ForgetAsync(
            [Description("Its id, as memory.recall tells it.")] string id,
            AIFunctionArguments arguments,
            [Description("Where it is: agent (the default), team or session.")] string? scope = null,
            CancellationToken cancellationToken = default)
        {
            var at = Scope(ContextFunction.ContextOf(arguments), scope);
            return await memory.ForgetAsync(at, id, cancellationToken).ConfigureAwait(false) ? "Forgotten." : $"There is no memory '{id}' in {at}.";
        }

        private static MemoryScope Scope(AgentContext context, string? name)
        {
            var scopes = ScopesOf(context);
            if (string.IsNullOrWhiteSpace(name))
                return scopes[Own];

            // As recall tells it, or as the parameters name it.
            return scopes.GetValueOrDefault(name)
                ?? scopes.Values.FirstOrDefault(s => s.Name == name)
                ?? throw new ArgumentException($"There is no scope '{name}' here. The scopes are: {string.Join(", ", scopes.Keys)}.", nameof(name));
        }
    }

    private sealed record Written(string Id, string Scope);

    private sealed record Found(string Id, string Text, string Author, string Scope, DateTimeOffset Time, IReadOnlyList<string> Tags, string FoundBy);

    private sealed record Recalled(IReadOnlyList<Found> Memories, string? Warning);
}
