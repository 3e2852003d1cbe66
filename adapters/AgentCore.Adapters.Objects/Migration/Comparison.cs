namespace AgentCore.Adapters.Objects.Migration;

/// <summary>Compares what an agent and its wrapping gave for a task.</summary>
internal static class Comparison
{
    /// <summary>What parts them; null where they are alike.</summary>
    /// <param name="direct">What the original gave.</param>
    /// <param name="shadow">What the wrapped one gave.</param>
    /// <param name="task">For which task.</param>
    /// <param name="limit">How long each had.</param>
    /// <param name="canStop">Whether it can be told to stop.</param>
    public static Verification? Of(Side direct, Side shadow, AgentTask task, TimeSpan limit, bool canStop)
    {
        if (direct.TimedOut || shadow.TimedOut)
            return new Verification(MigrationStatus.TimedOut, $"it did not end within {limit.TotalSeconds:0.#} s{(canStop ? "" : ", and nothing can end it: it takes no CancellationToken")}");
        if (direct.Error is null != shadow.Error is null)
            return new Verification(MigrationStatus.Different, direct.Error is null ? $"only the wrapped one failed: {shadow.Error}" : $"only the original failed: {direct.Error}");
        if (direct.Error is { } unfit && unfit.StartsWith(nameof(ArgumentMappingException), StringComparison.Ordinal))
        {
            var needs = unfit[(nameof(ArgumentMappingException).Length + 2)..];
            return new Verification(MigrationStatus.Gaps, direct.Refused.Count > 0 ? $"{string.Join(", ", direct.Refused)}: {needs}" : $"a task that fits: {needs}") { Refused = direct.Refused };
        }

        if (direct.Error is not null)
            return IsSame(direct.Error, shadow.Error!) ? null : new Verification(MigrationStatus.Different, $"original: {direct.Error}; wrapped: {shadow.Error}");
        return direct.Text == shadow.Text && direct.Data == shadow.Data
            ? null
            : new Verification(MigrationStatus.Different, $"for '{Short(task.Input)}' the original gave '{Short(direct.Text ?? "")}', the wrapped one '{Short(shadow.Text ?? "")}'");
    }

    /// <summary>After a timeout of the agent's own, the wrapped one's run stops and asks what became of the call.</summary>
    private static bool IsSame(string direct, string shadow) => direct == shadow || shadow.Contains($"it ended with {direct}.", StringComparison.Ordinal);

    private static string Short(string text) => text.Length <= 80 ? text : text[..80] + "…";
}
