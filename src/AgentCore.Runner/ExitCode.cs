namespace AgentCore.Runner;

/// <summary>The program's exit codes; scripts rely on them.</summary>
internal static class ExitCode
{
    public const int Done = 0;
    public const int Failed = 1;
    public const int Usage = 2;
    public const int Limited = 3;
    public const int NeedsDecision = 4;
    public const int Cancelled = 130;

    public static int Of(RunStatus status) => status switch
    {
        RunStatus.Done => Done,
        RunStatus.Limited => Limited,
        RunStatus.NeedsDecision => NeedsDecision,
        RunStatus.Cancelled => Cancelled,
        _ => Failed,
    };
}

/// <summary>The command line asks for something that can't be; the message says what to write instead.</summary>
internal sealed class UsageException(string message, string code = "usage") : Exception(message)
{
    public string Code { get; } = code;
}
