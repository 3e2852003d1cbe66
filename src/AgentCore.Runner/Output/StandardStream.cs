using System.Runtime.InteropServices;

namespace AgentCore.Runner.Output;

/// <summary>Standard output or standard error. What it can't take (its disk is full, it was closed) is dropped and remembered:
/// a run doesn't fail for what is told of it. A pipe that nobody reads any more drops it silently.</summary>
internal sealed class StandardStream : Stream
{
    private readonly Stream? _stream;

    private StandardStream(Stream? stream)
    {
        _stream = stream;
    }

    /// <summary>Why not all could be written; null where it could.</summary>
    public string? Problem { get; private set; }

    /// <summary>Whether there is a standard input to read from.</summary>
    public static bool HasInput => WasGiven(0);

    public override bool CanRead => false;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

    public static StandardStream Output() => new(WasGiven(1) ? Console.OpenStandardOutput() : null);

    public static StandardStream Error() => new(WasGiven(2) ? Console.OpenStandardError() : null);

    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    public override void Write(ReadOnlySpan<byte> buffer)
    {
        if (_stream is null)
        {
            Problem ??= "it is closed.";
            return;
        }

        try
        {
            _stream.Write(buffer);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            Problem ??= e.Message.EndsWith('.') ? e.Message : e.Message + ".";
        }
    }

    public override void Flush()
    {
    }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    // The number of one that the program was started without goes to a file or pipe of the runtime, which mustn't be written
    // to. Those are marked as not for child processes; what was given to this process can't be.
    private static bool WasGiven(int descriptor) => OperatingSystem.IsWindows() || NativeMethods.Control(descriptor, NativeMethods.GetMarks) == 0;

    private static class NativeMethods
    {
        public const int GetMarks = 1;

        [DllImport("libc", EntryPoint = "fcntl"), DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
        public static extern int Control(int descriptor, int command);
    }
}
