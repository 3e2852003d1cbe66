using Microsoft.Win32.SafeHandles;

namespace AgentCore.Files;

/// <summary>Opens and writes files below a root, and nothing outside it.</summary>
internal static class SafeFiles
{
    /// <summary>Opens a regular file for reading. Symbolic links, devices, pipes and folders are refused.</summary>
    /// <exception cref="FileAccessException">It isn't there or isn't allowed.</exception>
    public static SafeFileHandle OpenRead(FileRoot root, string[] parts)
    {
        var (folder, inside) = root.IsFile ? (Path.GetDirectoryName(root.RealPath)!, [Path.GetFileName(root.RealPath)]) : (root.RealPath, parts);
        var shown = string.Join('/', inside);
        if (LinuxFiles.IsSupported)
            return LinuxFiles.OpenRead(folder, inside, out var reason) ?? throw new FileAccessException(shown, reason);

        RefuseLinks(folder, inside, shown);
        var path = Path.Combine([folder, .. inside]);
        if (Directory.Exists(path)) throw new FileAccessException(shown, "it is a folder.");
        try
        {
            var handle = File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            // Once more: a link swapped in while it was being opened is found here.
            RefuseLinks(folder, inside, shown);
            return handle;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new FileAccessException(shown, "it can't be opened; files.list names the files there are.");
        }
    }

    /// <summary>Writes a file whole or not at all, and the folders above it.</summary>
    /// <exception cref="FileAccessException">It isn't allowed or fails.</exception>
    public static void Write(FileRoot root, string[] parts, byte[] content)
    {
        var shown = string.Join('/', parts);
        if (LinuxFiles.IsSupported)
        {
            if (LinuxFiles.Write(root.RealPath, parts, content) is { } reason) throw new FileAccessException(shown, reason);
            return;
        }
        RefuseLinks(root.RealPath, parts, shown);
        var path = Path.Combine([root.RealPath, .. parts]);
        var temporary = $"{path}.{Guid.NewGuid():N}.tmp";
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.WriteAllBytes(temporary, content);
            if (!OperatingSystem.IsWindows() && File.Exists(path)) File.SetUnixFileMode(temporary, File.GetUnixFileMode(path));
            RefuseLinks(root.RealPath, parts, shown);
            File.Move(temporary, path, overwrite: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new FileAccessException(shown, $"it can't be written: {e.Message}");
        }
        finally
        {
            if (File.Exists(temporary)) File.Delete(temporary);
        }
    }

    private static void RefuseLinks(string folder, string[] parts, string shown)
    {
        var at = folder;
        foreach (var part in parts)
        {
            at = Path.Combine(at, part);
            var entry = new FileInfo(at);
            if (entry.LinkTarget is not null || (entry.Exists && entry.Attributes.HasFlag(FileAttributes.ReparsePoint)))
                throw new FileAccessException(shown, "symbolic links are refused.");
        }
    }
}
