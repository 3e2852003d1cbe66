using AgentCore.Agents;
using AgentCore.Runs;
using Microsoft.Extensions.AI;

namespace AgentCore;

// Scopes: nested agents and parallel branches.
public sealed partial class AgentContext
{
    /// <summary>Runs another agent within this run, as a scope of it: its steps are kept here, its tokens counted here.</summary>
    /// <param name="agent">The agent.</param>
    /// <param name="task">Its task; a text will do.</param>
    /// <param name="session">A conversation for it to go on with; null for none.</param>
    /// <returns>Its outcome.</returns>
    /// <exception cref="RunStoppedException">The run was stopped, in the agent or before it.</exception>
    public AgentResult RunAgent(BaseAgent agent, AgentTask task, AgentSession? session = null) =>
        BlockingBridge.Run(() => ScopeAsync(agent, task, session, "agent", null, synchronous: true));

    /// <summary>Runs another agent within this run, as a scope of it: its steps are kept here, its tokens counted here.</summary>
    /// <param name="agent">The agent.</param>
    /// <param name="task">Its task; a text will do.</param>
    /// <param name="session">A conversation for it to go on with; null for none. This run's own <see cref="Session"/> gets what
    /// the agent adds when this run is done.</param>
    /// <returns>Its outcome.</returns>
    /// <exception cref="RunStoppedException">The run was stopped, in the agent or before it.</exception>
    public Task<AgentResult> RunAgentAsync(BaseAgent agent, AgentTask task, AgentSession? session = null) =>
        ScopeAsync(agent, task, session, "agent", null, _synchronous).AsTask();

    /// <summary>Does several things at once, each in a branch of its own, and waits for all of them.</summary>
    /// <typeparam name="T">What a branch returns.</typeparam>
    /// <param name="branches">The branches, each given a context of its own. Their order is part of the run.</param>
    /// <returns>What they returned, in their order.</returns>
    /// <exception cref="Exception">The first (in their order) that a branch threw, when all have ended.</exception>
    public async Task<IReadOnlyList<T>> ParallelAsync<T>(IReadOnlyList<Func<AgentContext, Task<T>>> branches)
    {
        ArgumentNullException.ThrowIfNull(branches);
        if (branches.Count == 0)
            return [];

        var first = Begin(branches.Count);
        try
        {
            // Every branch has its place before any starts, so that a resumed run gives them the same ones.
            var contexts = new AgentContext[branches.Count];
            for (var i = 0; i < contexts.Length; i++)
                contexts[i] = Branch(first + i, first);

            var running = new Task<T>[contexts.Length];
            for (var i = 0; i < contexts.Length; i++)
                running[i] = InBranchAsync(contexts[i], branches[i]);
            await System.Threading.Tasks.Task.WhenAll(running).ContinueWith(
                static _ => { }, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default).ConfigureAwait(false);
            _now = Math.Max(_now, contexts.Max(c => c._now));

            Run.ThrowIfStopped();
            var results = new T[running.Length];
            for (var i = 0; i < running.Length; i++)
                results[i] = await running[i].ConfigureAwait(false);
            return results;
        }
        finally
        {
            End();
        }
    }

    /// <summary>The scope that ended last: its place, empty where nobody asks, and whether the journal had its end already.</summary>
    internal (string Path, bool Replayed) LastScope { get; private set; }

    /// <summary>Runs an agent as a scope.</summary>
    /// <remarks>How a scope ends follows from its steps, so that a resumed run need not keep it. Only what the clock ended is
    /// kept with its result: done again, it might end otherwise. And what had ended in time is not cut short when it is replayed,
    /// however slowly.</remarks>
    internal async ValueTask<AgentResult> ScopeAsync(
        BaseAgent agent, AgentTask task, AgentSession? session, string kind, string? name, bool synchronous, ScopeBound? bound = null)
    {
        ArgumentNullException.ThrowIfNull(agent);
        ArgumentNullException.ThrowIfNull(task);
        var ordinal = Begin();
        try
        {
            name ??= agent.Metadata.Name;
            var path = "";
            RunRecord? closed = null;
            if (Run.Journal is not null || Run.HasWatcher)
            {
                path = StepTable.Join(Path, ordinal);
                closed = Run.Journal?.FindScope(path)?.Closed;
                OpenScope(path, ordinal, name, kind, agent);
            }

            LastScope = (path, closed is not null);
            if (closed is { Value.IsEmpty: false })
                return Recall(closed, path, name);

            var before = bound is not null && Run.Journal is not null && _usage is not null ? Since(_usage, null) : null;
            var result = bound is null
                ? await agent.NestedAsync(this, ordinal, task, session, synchronous, CancellationToken).ConfigureAwait(false)
                : await bound.RunAsync(this, agent, ordinal, task, session, synchronous, timed: closed is null).ConfigureAwait(false);
            Run.ThrowIfStopped();
            if (result.IsDone && session is not null && !ReferenceEquals(session, Session))
                CommitSession(session);
            else if (bound is not null && Run.Journal is not null && _usage is not null && IsByClock(result))
                result.Usage = Since(_usage, before); // What was left behind has told of none.
            CloseScope(path, name, result.Status, result, closed);
            return result;
        }
        finally
        {
            End();
        }
    }

    /// <summary>Adds to a nested agent's session; each attempt around it remembers how it stood, so that the next one finds it so.</summary>
    private void CommitSession(AgentSession session)
    {
        for (var context = this; context is not null; context = context.Parent)
        {
            if (context.Agent.Options is { Retry: null, Learner: null })
                continue;
            lock (Run.UsageLock)
                (context._sessions ??= []).TryAdd(session, session.Mark());
        }

        session.Commit();
    }

    private AgentContext Branch(int ordinal, int group)
    {
        if (Run.Journal is not null || Run.HasWatcher)
            OpenScope(StepTable.Join(Path, ordinal), group, $"branch {ordinal - group}", "branch", null);
        return new AgentContext(Run, this, ordinal, Agent, Task, Session, _state, synchronous: false, CancellationToken) { IsBranch = true };
    }

    private static async Task<T> InBranchAsync<T>(AgentContext branch, Func<AgentContext, Task<T>> body)
    {
        var status = RunStatus.Failed;
        try
        {
            var result = await body(branch).ConfigureAwait(false);
            status = RunStatus.Done;
            return result;
        }
        finally
        {
            if (branch.Run.Stop is null)
                branch.Parent!.CloseScope(branch.Path, "branch", status, null, branch.Run.Journal?.FindScope(branch.Path)?.Closed);
        }
    }

    private void OpenScope(string path, int group, string name, string kind, BaseAgent? agent)
    {
        if (Run.Journal is { } journal)
        {
            if (journal.FindScope(path)?.Opened is { } opened)
            {
                if (opened.Name != name || opened.Type != kind)
                    throw Mismatch(path, Describe(opened.Type, opened.Name, null), Describe(kind, name, null));
            }
            else if (journal.Find(path) is { } step)
            {
                throw Mismatch(path, Describe(step.Intent.Type, step.Intent.Name, null), Describe(kind, name, null));
            }
            else
            {
                journal.Defer(new RunRecord(RunRecord.Scope)
                {
                    Path = path,
                    At = Run.NowMilliseconds(),
                    Name = name,
                    Type = kind,
                    Number = group,
                    Hash = agent?.Metadata.DefinitionHash,
                });
            }
        }

        Run.Emit(new ScopeOpenedEvent(name, kind), this, path);
    }

    private void CloseScope(string path, string name, RunStatus status, AgentResult? result, RunRecord? closed)
    {
        if (path.Length == 0)
            return;

        if (closed is null || closed.Type != status.ToString())
        {
            var byClock = result is not null && IsByClock(result);
            Run.Journal?.Defer(new RunRecord(RunRecord.Close)
            {
                Path = path,
                At = Run.NowMilliseconds(),
                Type = status.ToString(),
                Usage = byClock ? result!.Usage : null,
                Value = byClock ? RunLog.ValueOf(result!) : default(ReadOnlyMemory<byte>),
            });
            if (byClock && Run.Journal?.FindScope(path) is { } scope)
                scope.CountedIn = this;
        }

        Run.Emit(new ScopeClosedEvent(name, result), this, path, closed is not null);
    }

    private static bool IsByClock(AgentResult result) => result is { Status: RunStatus.Limited, Stop.Kind: StopKind.MaxTime };

    /// <summary>What was used since an earlier count.</summary>
    private static UsageDetails Since(UsageDetails now, UsageDetails? before) => new()
    {
        InputTokenCount = now.InputTokenCount - (before?.InputTokenCount ?? 0),
        OutputTokenCount = now.OutputTokenCount - (before?.OutputTokenCount ?? 0),
        TotalTokenCount = now.TotalTokenCount - (before?.TotalTokenCount ?? 0),
    };

    private AgentResult Recall(RunRecord closed, string path, string name)
    {
        var result = RunLog.Result(closed);
        if (result.Usage is { } usage)
        {
            var scope = Run.Journal!.FindScope(path)!;
            Recount(usage, scope.CountedIn);
            scope.CountedIn = this;
        }

        _now = Math.Max(_now, closed.At);
        Run.Emit(new ScopeClosedEvent(name, result), this, path, replayed: true);
        return result;
    }
}
