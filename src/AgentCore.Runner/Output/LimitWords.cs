namespace AgentCore.Runner.Output;

/// <summary>The limits that messages name as options of the library, as who uses the program can set them.</summary>
internal static class LimitWords
{
    private const string Turns = "--max-turns N";
    private const string Budget = "--budget TOKENS";

    private static readonly (string Option, string Words, string? Flag)[] Limits =
    [
        ("RunOptions.MaxTokens", "--budget (or budget in agentcore.yaml)", Budget),
        ("ChatAgentOptions.MaxModelCalls", "--max-turns (or maxModelCalls in its file)", Turns),
        ("TeamLimits.MaxTurns", "--max-turns (or limits.maxTurns in its file)", Turns),
        ("TeamLimits.MaxTokens", "limits.maxTokens in its file", null),
        ("TeamLimits.MaxCost", "limits.maxCost in its file", null),
        ("TeamLimits.MaxTime", "limits.maxTime in its file", null),
        ("TeamLimits.MaxTurnTime", "limits.maxTurnTime in the team's file", null),
        ("AgentOptions.Timeout", "timeout in its file", null),
        ("AgentOptions.Retry", "retry in its file", null),
        ("ProcessLimits.TaskTimeout", "taskTimeout in its file", null),
        ("ProcessLimits.StartTimeout", "startTimeout in its file", null),
        ("ProcessLimits.MaxOutputBytes", "maxOutputBytes in its file", null),
        ("ProcessLimits.MaxRestarts", "maxRestarts in its file", null),
    ];

    /// <summary>A message with the limits as they can be set here.</summary>
    /// <param name="message">The message.</param>
    /// <param name="isTeam">Whether it is of a team's run: <c>--max-turns</c> is the team's then, not its members'.</param>
    public static string Of(string message, bool isTeam)
    {
        foreach (var (option, words, _) in Limits)
            message = message.Replace(option, isTeam && IsMembers(option) ? "maxModelCalls in its file" : words, StringComparison.Ordinal);
        return message;
    }

    /// <summary>How a run that a limit stopped goes on.</summary>
    public static string Advice(string run, string message, bool isTeam)
    {
        var (option, _, flag) = Limits.FirstOrDefault(l => message.Contains(l.Option, StringComparison.Ordinal));
        return option is null ? $"To go on: agentcore runs resume {run}"
            : flag is null || (isTeam && IsMembers(option)) ? $"Raise it there, then go on with: agentcore runs resume {run}"
            : $"To go on with a higher limit: agentcore runs resume {run} {flag}";
    }

    private static bool IsMembers(string option) => option == "ChatAgentOptions.MaxModelCalls";
}
