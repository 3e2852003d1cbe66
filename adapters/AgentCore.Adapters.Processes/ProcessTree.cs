using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;

namespace AgentCore.Adapters.Processes;

/// <summary>Ends a child with everything that it started: its process group, its descendants, and on Linux those that left
/// both but carry the mark in their environment.</summary>
internal static class ProcessTree
{
    private const int SigKill = 9;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    public static void Kill(Process process, int? group, string mark)
    {
        try
        {
            process.Kill(entireProcessTree: true);
        }
        catch (Exception e) when (e is InvalidOperationException or System.ComponentModel.Win32Exception or AggregateException)
        {
            // It has ended by itself.
        }

        if (group is { } id)
            _ = SendSignal(-id, SigKill);
        if (OperatingSystem.IsLinux())
            KillMarked(mark);
    }

    /// <summary>Whether a process group has a process that can be ended.</summary>
    public static bool HasGroup(int group) => SendSignal(-group, 0) == 0;

    /// <summary>Ends the processes that carry a mark, until a look finds none: one may start another while it is looked for, and on a busy
    /// machine one that was killed is there for a moment.</summary>
    private static void KillMarked(string mark)
    {
        var wanted = Encoding.ASCII.GetBytes($"{ProcessEnvironment.Mark}={mark}");
        for (var watch = Stopwatch.StartNew(); watch.Elapsed < Patience;)
        {
            var found = false;
            foreach (var folder in Directory.EnumerateDirectories("/proc"))
            {
                if (int.TryParse(Path.GetFileName(folder.AsSpan()), NumberStyles.None, CultureInfo.InvariantCulture, out var id)
                    && id != Environment.ProcessId && HasMark(folder, wanted))
                    found |= SendSignal(id, SigKill) == 0;
            }

            if (!found)
                return;
        }
    }

    private static bool HasMark(string folder, ReadOnlySpan<byte> mark)
    {
        try
        {
            // A process that has ended and waits for its parent has no environment any more.
            return File.ReadAllBytes(Path.Combine(folder, "environ")).AsSpan().IndexOf(mark) >= 0;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    [DllImport("libc", EntryPoint = "kill")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int SendSignal(int id, int signal);
}
