using System.Globalization;
using AgentCore.Runs;
using AgentCore.Text;

namespace AgentCore.Learning;

/// <summary>Tells whoever watches a run that it waits before it is tried again, and why: else it would seem to hang.</summary>
internal static class RetryNote
{
    // Shorter waits nobody wonders about.
    private static readonly TimeSpan Least = TimeSpan.FromSeconds(3);

    public static void Tell(Run run, string path, BaseAgent agent, AgentError error, TimeSpan wait, string? remedy)
    {
        if (wait < Least || !run.HasWatcher)
            return;

        var seconds = wait.TotalSeconds.ToString("#,0", CultureInfo.InvariantCulture);
        run.Emit(new NoteEvent($"{agent.Metadata.Name} is tried again in {seconds} s{(remedy is null ? "" : $", with {remedy}")}, as it failed: {ShortText.Cut(error.Message, 200)}"), null, path);
    }
}
