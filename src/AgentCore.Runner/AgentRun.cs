using AgentCore.Checkpoints;
using AgentCore.Runner.Decisions;
using AgentCore.Runner.Output;
using AgentCore.Runs;
using AgentCore.Teams;

namespace AgentCore.Runner;

/// <summary>Starts and resumes runs, shows how they go, and tells how they ended.</summary>
internal sealed class AgentRun(Session session)
{
    /// <summary>Starts a run.</summary>
    /// <param name="name">The agent or team.</param>
    /// <param name="team">Whether it must be a team; null for either.</param>
    /// <param name="task">The task.</param>
    /// <param name="cancellationToken">Cancels the run.</param>
    /// <returns>The program's exit code.</returns>
    public async Task<int> StartAsync(string name, bool? team, AgentTask task, CancellationToken cancellationToken)
    {
        var workspace = session.Workspace;
        var agent = await workspace.CreateAsync(name, team, cancellationToken);
        if (workspace.Errors is [var fault, ..] faults)
            session.Terminal.Note($"agentcore: not used by this run, but wrong: {fault}{(faults.Count == 1 ? "" : $" 'agentcore doctor' shows all {faults.Count} faults.")}");
        var inputs = session.Inputs.Select(Path.GetFullPath).ToList();
        var labels = new RunLabels(agent.Metadata.Name, agent is Team, inputs, workspace.Model?.Id, session.Model is not null, session.MaxTurns, session.Budget);
        var options = await OptionsAsync(labels, cancellationToken);
        return await FinishAsync(agent, progress => agent.ExecuteAsync(task, options with { OnEvent = progress }, cancellationToken), cancellationToken);
    }

    /// <summary>Goes on with a run, by the same agent with the same inputs and model.</summary>
    public async Task<int> ResumeAsync(RunSummary run, CancellationToken cancellationToken)
    {
        var (agent, labels) = await AgentOfAsync(run, cancellationToken);
        var options = await OptionsAsync(labels with { Budget = session.Budget ?? labels.Budget }, cancellationToken);
        return await FinishAsync(agent, progress => agent.ResumeAsync(run.Id, options with { OnEvent = progress }, cancellationToken), cancellationToken);
    }

    /// <summary>Runs a run's agent again from its journal alone.</summary>
    public async Task<RunReplay> ReplayAsync(RunSummary run, ICheckpointStore store, CancellationToken cancellationToken)
    {
        var (agent, _) = await AgentOfAsync(run, cancellationToken);
        return await agent.ReplayAsync(run.Id, new RunOptions { Store = store }, cancellationToken);
    }

    private async Task<(BaseAgent Agent, RunLabels Labels)> AgentOfAsync(RunSummary run, CancellationToken cancellationToken)
    {
        var workspace = session.Workspace;
        var labels = RunLabels.Read(run.Agent, run.Labels);
        var missing = labels.Inputs.FirstOrDefault(i => !File.Exists(i) && !Directory.Exists(i));
        if (missing is not null)
            throw new UsageException($"Run {run.Id} reads '{missing}', which isn't there any more. Put it back, or begin a new run.", "missing_folder");

        workspace.TakeOver(labels.Inputs, session.Model ?? (labels.IsModelGiven ? labels.Model : null), labels.Model, session.MaxTurns ?? labels.MaxTurns);
        return (await workspace.CreateAsync(labels.Name, labels.IsTeam ? true : null, cancellationToken), labels);
    }

    private async Task<RunOptions> OptionsAsync(RunLabels labels, CancellationToken cancellationToken) => new()
    {
        Store = await session.Workspace.OpenStoreAsync(cancellationToken),
        Labels = labels.Write(session.Workspace.Folder),
        Decider = Decider.For(session),
        MaxTokens = labels.Budget ?? session.Workspace.Settings.Budget,
    };

    private async Task<int> FinishAsync(BaseAgent agent, Func<Action<AgentEvent>, Task<AgentResult>> run, CancellationToken cancellationToken)
    {
        var progress = new RunProgress(session.Terminal, agent, session.Workspace.Model);
        var result = await run(progress.Show);
        var report = await RunReport.OfAsync(agent, result, session.Workspace, cancellationToken.IsCancellationRequested ? CancellationToken.None : cancellationToken);
        progress.End(report);
        report.Write(session.Terminal, session.IsJson);
        return ExitCode.Of(result.Status);
    }
}
