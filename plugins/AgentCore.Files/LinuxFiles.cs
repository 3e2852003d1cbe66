using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using Microsoft.Win32.SafeHandles;

namespace AgentCore.Files;

/// <summary>
/// Opens a file below a folder so that nothing can be swapped in between check and use: each part of the path is opened
/// relative to the one before it, and a symbolic link at any part fails (<c>openat</c> with <c>O_NOFOLLOW</c>).
/// </summary>
internal static partial class LinuxFiles
{
    private const int WriteOnly = 0x1;
    private const int Create = 0x40;
    private const int Exclusive = 0x80;
    private const int NonBlocking = 0x800;
    private const int CloseOnExec = 0x80000;
    private const int EmptyPath = 0x1000;
    private const uint TypeMask = 0xF000;
    private const uint RegularFile = 0x8000;
    private const int NoEntry = 2;
    private const int AlreadyExists = 17;

    private static readonly bool IsArm = RuntimeInformation.ProcessArchitecture is Architecture.Arm or Architecture.Arm64;
    private static readonly int DirectoryOnly = IsArm ? 0x4000 : 0x10000;
    private static readonly int NoFollow = IsArm ? 0x8000 : 0x20000;

    /// <summary>Whether this way of opening works here.</summary>
    [SupportedOSPlatformGuard("linux")]
    public static bool IsSupported => OperatingSystem.IsLinux() &&
        RuntimeInformation.ProcessArchitecture is Architecture.X64 or Architecture.X86 or Architecture.Arm or Architecture.Arm64;

    /// <summary>Opens a regular file for reading.</summary>
    /// <returns>The handle, or <see langword="null"/> with the reason.</returns>
    public static SafeFileHandle? OpenRead(string root, ReadOnlySpan<string> parts, out string reason)
    {
        using var folder = OpenFolder(root, parts[..^1], create: false, out reason);
        if (folder is null) return null;
        var file = openat(folder, parts[^1], NoFollow | NonBlocking | CloseOnExec, 0);
        if (file.IsInvalid)
        {
            reason = Explain(Marshal.GetLastPInvokeError());
            file.Dispose();
            return null;
        }
        if (IsRegular(file)) return file;
        file.Dispose();
        reason = "not a regular file.";
        return null;
    }

    /// <summary>Writes a file whole or not at all: a new file beside it takes its name when it is complete, and its rights.</summary>
    /// <returns><see langword="null"/>, or why it failed.</returns>
    [SupportedOSPlatform("linux")]
    public static string? Write(string root, ReadOnlySpan<string> parts, ReadOnlySpan<byte> content)
    {
        using var folder = OpenFolder(root, parts[..^1], create: true, out var reason);
        if (folder is null) return reason;
        UnixFileMode? rights = null;
        using (var present = openat(folder, parts[^1], NoFollow | NonBlocking | CloseOnExec, 0))
        {
            var error = Marshal.GetLastPInvokeError();
            if (present.IsInvalid && error != NoEntry) return Explain(error);
            if (!present.IsInvalid && !IsRegular(present)) return "not a regular file.";
            if (!present.IsInvalid) rights = File.GetUnixFileMode(present);
        }
        var temporary = $".{Guid.NewGuid():N}.tmp";
        var failure = WriteNew(folder, temporary, content, rights);
        if (failure is null && renameat(folder, temporary, folder, parts[^1]) != 0) failure = Explain(Marshal.GetLastPInvokeError());
        if (failure is not null) _ = unlinkat(folder, temporary, 0);
        return failure;
    }

    [SupportedOSPlatform("linux")]
    private static string? WriteNew(SafeFileHandle folder, string name, ReadOnlySpan<byte> content, UnixFileMode? rights)
    {
        // Until it has the rights of the file that it replaces, nobody else may open it.
        using var file = openat(folder, name, WriteOnly | Create | Exclusive | NoFollow | CloseOnExec, Convert.ToInt32(rights is null ? "644" : "600", 8));
        if (file.IsInvalid) return Explain(Marshal.GetLastPInvokeError());
        try
        {
            if (rights is { } mode) File.SetUnixFileMode(file, mode);
            RandomAccess.Write(file, content, 0);
            RandomAccess.FlushToDisk(file);
            return null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return $"it can't be written: {e.Message}";
        }
    }

    private static SafeFileHandle? OpenFolder(string root, ReadOnlySpan<string> parts, bool create, out string reason)
    {
        reason = "";
        var folder = open(root, DirectoryOnly | CloseOnExec, 0);
        foreach (var part in parts)
        {
            if (folder.IsInvalid) break;
            if (create && mkdirat(folder, part, Convert.ToInt32("755", 8)) != 0 && Marshal.GetLastPInvokeError() is var error and not AlreadyExists)
            {
                reason = Explain(error);
                folder.Dispose();
                return null;
            }
            var next = openat(folder, part, DirectoryOnly | NoFollow | CloseOnExec, 0);
            var failure = Marshal.GetLastPInvokeError();
            folder.Dispose();
            folder = next;
            Marshal.SetLastPInvokeError(failure);
        }
        if (!folder.IsInvalid) return folder;
        reason = Explain(Marshal.GetLastPInvokeError());
        folder.Dispose();
        return null;
    }

    private static unsafe bool IsRegular(SafeFileHandle file)
    {
        // struct statx is 256 bytes on every architecture; stx_mode is a 16-bit number at offset 28.
        var status = stackalloc byte[256];
        return statx(file, "", EmptyPath, 0x1, status) == 0 && (*(ushort*)(status + 28) & TypeMask) == RegularFile;
    }

    private static string Explain(int error) => error switch
    {
        NoEntry => "there is no such file; files.list names those there are.",
        20 => "a part of the path is a file or a symbolic link, not a folder.",
        40 => "symbolic links are refused.",
        13 or 1 => "this program has no permission to open it.",
        21 => "it is a folder.",
        36 => "the name is too long.",
        _ => Marshal.GetPInvokeErrorMessage(error) + ".",
    };

    [LibraryImport("libc", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial SafeFileHandle open(string path, int flags, int mode);

    [LibraryImport("libc", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial SafeFileHandle openat(SafeFileHandle folder, string path, int flags, int mode);

    [LibraryImport("libc", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int mkdirat(SafeFileHandle folder, string path, int mode);

    [LibraryImport("libc", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int renameat(SafeFileHandle folder, string path, SafeFileHandle newFolder, string newPath);

    [LibraryImport("libc", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int unlinkat(SafeFileHandle folder, string path, int flags);

    [LibraryImport("libc", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static unsafe partial int statx(SafeFileHandle folder, string path, int flags, uint mask, byte* status);
}
