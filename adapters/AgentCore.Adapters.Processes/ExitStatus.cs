using System.Globalization;

namespace AgentCore.Adapters.Processes;

/// <summary>How a process ended, in words.</summary>
internal static class ExitStatus
{
    private static readonly Dictionary<int, string> Signals = new()
    {
        [1] = "SIGHUP",
        [2] = "SIGINT",
        [3] = "SIGQUIT",
        [4] = "SIGILL",
        [5] = "SIGTRAP",
        [6] = "SIGABRT",
        [8] = "SIGFPE",
        [9] = "SIGKILL",
        [11] = "SIGSEGV",
        [13] = "SIGPIPE",
        [14] = "SIGALRM",
        [15] = "SIGTERM",
    };

    public static string Describe(int code)
    {
        var text = string.Create(CultureInfo.InvariantCulture, $"exit code {code}");
        if (OperatingSystem.IsWindows() || code <= 128)
            return text;

        var signal = code - 128;
        return Signals.TryGetValue(signal, out var name) ? $"{text} (signal {signal}, {name})" : text;
    }
}
