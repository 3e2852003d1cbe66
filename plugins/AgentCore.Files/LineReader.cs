using System.Buffers;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace AgentCore.Files;

/// <summary>Reads a file line by line in bounded memory, with the line's place in bytes. A huge line comes cut.</summary>
internal sealed class LineReader
{
    /// <summary>A longer line is cut here, in bytes.</summary>
    public const int MaxLine = 32 * 1024;
    private const int HeadSize = 8192;
    private const int BufferSize = 128 * 1024;

    private readonly byte[] _buffer = GC.AllocateUninitializedArray<byte>(BufferSize);
    private readonly char[] _chars = GC.AllocateUninitializedArray<char>(MaxLine);
    private SafeFileHandle _file = null!;
    private long _fileAt;
    private int _start;
    private int _end;
    private int _length;

    /// <summary>The line's number, counted from 1.</summary>
    public int Number { get; private set; }

    /// <summary>Where the line starts in the file, in bytes.</summary>
    public long Offset { get; private set; }

    /// <summary>Where the next line starts, in bytes.</summary>
    public long NextOffset { get; private set; }

    /// <summary>The line without its end.</summary>
    public ReadOnlySpan<char> Text => _chars.AsSpan(0, _length);

    /// <summary>How many lines were longer than <see cref="MaxLine"/>.</summary>
    public int CutLines { get; private set; }

    /// <summary>Whether the line was longer.</summary>
    public bool IsCut { get; private set; }

    /// <summary>Whether the line isn't UTF-8, and read as Latin-1.</summary>
    public bool IsLatin1 { get; private set; }

    /// <summary>Whether a line so far wasn't UTF-8.</summary>
    public bool HasLatin1 { get; private set; }

    /// <summary>Whether a file is text, by its beginning.</summary>
    public static bool IsText(SafeFileHandle file)
    {
        Span<byte> head = stackalloc byte[HeadSize];
        return Refusal(head[..RandomAccess.Read(file, head, 0)]) is null;
    }

    /// <summary>Starts on another file. The handle stays its opener's to close.</summary>
    /// <returns>Why the file isn't text, or <see langword="null"/>.</returns>
    public string? Open(SafeFileHandle file)
    {
        _file = file;
        (_fileAt, _start, _end, Number, Offset, NextOffset, CutLines, HasLatin1) = (0, 0, 0, 0, 0, 0, 0, false);
        Fill();
        var head = _buffer.AsSpan(0, Math.Min(_end, HeadSize));
        if (Refusal(head) is { } reason) return reason;
        if (head.StartsWith((ReadOnlySpan<byte>)[0xEF, 0xBB, 0xBF])) (_start, NextOffset) = (3, 3);
        return null;
    }

    private static string? Refusal(ReadOnlySpan<byte> head)
    {
        if (head.IsEmpty) return "empty";
        if (head.StartsWith((ReadOnlySpan<byte>)[0xFF, 0xFE]) || head.StartsWith((ReadOnlySpan<byte>)[0xFE, 0xFF])) return "UTF-16 text; save it as UTF-8";
        return head.Contains((byte)0) ? "binary" : null;
    }

    /// <summary>Moves to the next line.</summary>
    /// <returns><see langword="false"/> at the end of the file.</returns>
    public bool Next()
    {
        Offset = NextOffset;
        var isCut = false;
        _length = 0;
        while (true)
        {
            if (_start == _end && !Fill())
            {
                if (NextOffset == Offset) return false;
                break;
            }
            var unread = _buffer.AsSpan(_start, _end - _start);
            var newline = unread.IndexOf((byte)'\n');
            if (newline < 0 && _start > 0 && !isCut && unread.Length < MaxLine)
            {
                unread.CopyTo(_buffer);
                (_start, _end) = (0, unread.Length);
                if (Fill()) continue;
                unread = _buffer.AsSpan(_start, _end - _start);
            }
            var line = newline < 0 ? unread : unread[..newline];
            if (!isCut) Decode(line.Length > MaxLine ? Cut(line) : line);
            isCut |= newline < 0 || line.Length > MaxLine;
            var consumed = newline < 0 ? unread.Length : newline + 1;
            _start += consumed;
            NextOffset += consumed;
            if (newline >= 0) break;
        }
        Number++;
        // Only a line with more than the limit was cut; the file's last line may just lack its end.
        IsCut = isCut && NextOffset - Offset > MaxLine;
        if (IsCut) CutLines++;
        if (_length > 0 && _chars[_length - 1] == '\r') _length--;
        return true;
    }

    private bool Fill()
    {
        if (_start == _end) _start = _end = 0;
        var read = RandomAccess.Read(_file, _buffer.AsSpan(_end), _fileAt);
        _fileAt += read;
        _end += read;
        return read > 0;
    }

    // Not within a character.
    private static ReadOnlySpan<byte> Cut(ReadOnlySpan<byte> line)
    {
        var kept = line[..MaxLine];
        return Rune.DecodeLastFromUtf8(kept, out _, out var length) == OperationStatus.NeedMoreData ? kept[..^length] : kept;
    }

    private void Decode(ReadOnlySpan<byte> bytes)
    {
        _length = TextDecoder.Decode(bytes, _chars, out var latin1);
        IsLatin1 = latin1;
        HasLatin1 |= latin1;
    }
}

/// <summary>Decodes UTF-8, and as Latin-1 what is not.</summary>
internal static class TextDecoder
{
    /// <summary>Decodes bytes; never fails.</summary>
    public static int Decode(ReadOnlySpan<byte> bytes, Span<char> target, out bool isLatin1)
    {
        isLatin1 = !System.Text.Unicode.Utf8.IsValid(bytes);
        return isLatin1 ? Encoding.Latin1.GetChars(bytes, target) : Encoding.UTF8.GetChars(bytes, target);
    }

    /// <summary>Decodes line by line, as <see cref="LineReader"/> does.</summary>
    public static string Decode(ReadOnlySpan<byte> bytes)
    {
        if (System.Text.Unicode.Utf8.IsValid(bytes)) return Encoding.UTF8.GetString(bytes);
        var text = new StringBuilder();
        while (!bytes.IsEmpty)
        {
            var newline = bytes.IndexOf((byte)'\n');
            var line = newline < 0 ? bytes : bytes[..(newline + 1)];
            text.Append(System.Text.Unicode.Utf8.IsValid(line) ? Encoding.UTF8.GetString(line) : Encoding.Latin1.GetString(line));
            bytes = bytes[line.Length..];
        }
        return text.ToString();
    }
}
