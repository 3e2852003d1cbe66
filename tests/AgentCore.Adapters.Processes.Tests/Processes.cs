namespace AgentCore.Adapters.Processes.Tests;

/// <summary>Whether processes are there.</summary>
internal static class Processes
{
    /// <summary>Waits until a killed process is gone: the kernel takes a moment on a busy machine.</summary>
    public static async Task GoneAsync(int id)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        while (IsAlive(id))
            await Task.Delay(10, patience.Token);
    }

    /// <summary>Whether a process runs; one that has ended and waits for its parent doesn't.</summary>
    public static bool IsAlive(int id)
    {
        try
        {
            if (OperatingSystem.IsLinux())
                return File.ReadAllText($"/proc/{id}/stat").Split(')')[^1].Trim()[0] is not ('Z' or 'X');
            using var process = System.Diagnostics.Process.GetProcessById(id);
            return !process.HasExited;
        }
        catch (Exception e) when (e is IOException or ArgumentException)
        {
            return false;
        }
    }
}
