using System.CommandLine;
using AgentCore.Checkpoints;
using AgentCore.Runner.Output;
using AgentCore.Runs;

namespace AgentCore.Runner.Commands;

/// <summary><c>agentcore runs resume ID</c>.</summary>
internal static class RunsResumeCommand
{
    public static Command Create(Terminal terminal)
    {
        var id = RunsCommand.Id();
        var command = new Command("resume", "Go on with a run: finished steps are not done again.") { id };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            await using var session = Session.Open(parsed, terminal);
            var store = await ExistingStore.OpenAsync(session, cancellationToken);
            var run = await new RunHistory(store).FindAsync(parsed.GetRequiredValue(id), cancellationToken);
            return await new AgentRun(session).ResumeAsync(run, cancellationToken);
        });
        return command;
    }
}

/// <summary>The store of a workspace that has one.</summary>
internal static class ExistingStore
{
    public static async Task<ICheckpointStore> OpenAsync(Session session, CancellationToken cancellationToken)
    {
        ThrowIfNone(session);
        return await session.Workspace.OpenStoreAsync(cancellationToken);
    }

    public static async Task<ICheckpointStore> ReadAsync(Session session, CancellationToken cancellationToken)
    {
        ThrowIfNone(session);
        return await session.ReadStoreAsync(cancellationToken) ?? throw None(session);
    }

    private static void ThrowIfNone(Session session)
    {
        if (!session.Workspace.Store().Exists)
            throw None(session);
    }

    private static UsageException None(Session session) =>
        new($"The workspace '{session.Workspace.Folder}' has no runs yet. Name the one that has with --workspace.", "unknown_run");
}
