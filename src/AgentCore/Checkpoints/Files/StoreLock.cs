using System.Globalization;
using System.Text;

namespace AgentCore.Checkpoints.Files;

/// <summary>One writer per store: a locked file, which the system unlocks with the end of the process, however it ends. Who
/// holds it is in a second file, since a locked one can't be read everywhere.</summary>
internal static class StoreLock
{
    public static IDisposable Take(IStoreFiles files, string folder)
    {
        var path = Path.Combine(folder, "store.lock");
        var owner = Path.Combine(folder, "store.owner");
        var held = files.TryLock(path) ?? throw new StoreInUseException(
            $"The store '{folder}' is in use by {Owner(files, owner)}. Wait for it to end, or open the store with ReadOnly.");
        try
        {
            using var file = files.Create(owner);
            file.Write(0, Encoding.ASCII.GetBytes(Environment.ProcessId.ToString(CultureInfo.InvariantCulture)));
        }
        catch (Exception e) when (StoreErrors.IsFull(e))
        {
            // The name is a courtesy; a full disk must not keep anyone from reading.
        }
        catch
        {
            held.Dispose();
            throw;
        }
        return held;
    }

    private static string Owner(IStoreFiles files, string path)
    {
        try
        {
            using var file = files.Open(path, write: false);
            var content = new byte[16];
            var text = Encoding.ASCII.GetString(content, 0, file.Read(0, content));
            return int.TryParse(text, CultureInfo.InvariantCulture, out var pid)
                ? pid == Environment.ProcessId ? "this process" : $"process {pid}"
                : "another process";
        }
        catch (Exception e) when (StoreErrors.IsDisk(e))
        {
            return "another process";
        }
    }
}
