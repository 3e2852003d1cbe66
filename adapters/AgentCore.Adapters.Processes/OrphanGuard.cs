using System.Diagnostics;
using System.Globalization;

namespace AgentCore.Adapters.Processes;

/// <summary>Ends the children when this process ends without doing so itself (kill -9, a crash): a shell that is told which
/// process groups there are, and kills those that are left when its standard input closes, and on Linux what left its group but
/// carries the host's mark. One serves the whole process; it needs <c>sh</c> and <c>setsid</c>, and does nothing where they are
/// missing.</summary>
internal static class OrphanGuard
{
    internal const string Script = """
        trap '' INT TERM HUP
        groups=
        while read -r sign id; do
          case $sign in
            +) groups="$groups $id" ;;
            -) left=; for g in $groups; do [ "$g" = "$id" ] || left="$left $g"; done; groups=$left ;;
          esac
        done
        for g in $groups; do kill -s KILL -- "-$g" 2>/dev/null; done
        for f in $(grep -ls "$1" /proc/[0-9]*/environ 2>/dev/null); do f=${f#/proc/}; kill -s KILL "${f%/environ}" 2>/dev/null; done
        """;

    private static readonly Lock Gate = new();
    private static readonly HashSet<int> Groups = [];
    private static Process? _guard;

    /// <summary>The program that starts another one in a group of its own; null where there is none.</summary>
    public static string? SetSid { get; } = OperatingSystem.IsWindows() ? null : Executable.TryFind("setsid");

    public static void Add(int group)
    {
        lock (Gate)
        {
            Groups.Add(group);
            Tell('+', group);
        }
    }

    public static void Remove(int group)
    {
        lock (Gate)
        {
            if (Groups.Remove(group))
                Tell('-', group);
        }
    }

    private static void Tell(char sign, int group)
    {
        try
        {
            if (_guard is null or { HasExited: true })
            {
                Start();
                return;
            }

            Write(sign, group);
            _guard.StandardInput.Flush();
        }
        catch (IOException)
        {
            Start();
        }
    }

    private static void Start()
    {
        _guard?.Dispose();
        _guard = null;
        if (SetSid is null || Executable.TryFind("sh") is not { } shell)
            return;

        var start = new ProcessStartInfo(SetSid, [shell, "-c", Script, "guard", $"{ProcessEnvironment.Mark}={ProcessEnvironment.HostMark}"]) { RedirectStandardInput = true, WorkingDirectory = "/" };
        start.Environment.Clear();
        _guard = Process.Start(start);
        foreach (var group in Groups)
            Write('+', group);
        _guard!.StandardInput.Flush();
    }

    private static void Write(char sign, int group) =>
        _guard!.StandardInput.Write(string.Create(CultureInfo.InvariantCulture, $"{sign} {group}\n"));
}
