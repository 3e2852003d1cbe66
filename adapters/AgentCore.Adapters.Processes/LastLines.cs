using System.Text;

namespace AgentCore.Adapters.Processes;

/// <summary>The last lines of a stream that may be endless.</summary>
internal sealed class LastLines(int most, SecretMask mask)
{
    private const int LongestLine = 2000;

    private readonly Lock _lock = new();
    private readonly Queue<string> _lines = new();
    private readonly StringBuilder _line = new();

    /// <summary>Reads a stream to its end.</summary>
    public async Task DrainAsync(Stream stream, CancellationToken cancellationToken)
    {
        var bytes = new byte[4096];
        // A read may end a character that another began, and so have one more than bytes.
        var chars = new char[Encoding.UTF8.GetMaxCharCount(bytes.Length)];
        var decoder = Encoding.UTF8.GetDecoder();
        try
        {
            int read;
            while ((read = await stream.ReadAsync(bytes, cancellationToken).ConfigureAwait(false)) > 0)
                Add(chars.AsSpan(0, decoder.GetChars(bytes, 0, read, chars, 0)));
        }
        catch (Exception e) when (e is IOException or OperationCanceledException or ObjectDisposedException)
        {
            // The process was ended; what was read is kept.
        }
    }

    /// <summary>Whether a character of a line is kept.</summary>
    public static bool Keeps(char c) => c == '\t' || !char.IsControl(c);

    public void Add(ReadOnlySpan<char> text)
    {
        lock (_lock)
        {
            foreach (var c in text)
            {
                if (c == '\n')
                    EndLine();
                else if (_line.Length < LongestLine + mask.Longest && Keeps(c))
                    _line.Append(c);
            }
        }
    }

    /// <summary>Adds a line, without its end.</summary>
    public void AddLine(ReadOnlySpan<byte> utf8)
    {
        // No character takes more than four bytes; what is over the longest line isn't kept.
        Add(Encoding.UTF8.GetString(utf8[..Math.Min(utf8.Length, 4 * (LongestLine + mask.Longest))]));
        Add("\n");
    }

    /// <summary>The lines, secrets masked, as the end of an error message; empty where there are none.</summary>
    public string Describe(string of)
    {
        lock (_lock)
        {
            var lines = _line.Length > 0 ? _lines.Append(Line()) : _lines;
            var text = mask.Apply(string.Join('\n', lines.TakeLast(most)));
            return text.Length == 0 ? "" : $" Last lines of {of}:\n{text}";
        }
    }

    private void EndLine()
    {
        if (_line.Length > 0)
        {
            _lines.Enqueue(Line());
            if (_lines.Count > most)
                _lines.Dequeue();
        }

        _line.Clear();
    }

    /// <summary>A line of bearable length. A secret that the cut would leave a part of is masked before it; one that isn't there to its end goes
    /// with the end.</summary>
    private string Line()
    {
        var line = _line.ToString();
        if (line.Length <= LongestLine)
            return line;

        var masked = mask.Apply(line);
        var cut = line.Length == LongestLine + mask.Longest ? mask.Longest : 0;
        return masked[..Math.Clamp(masked.Length - cut, 0, LongestLine)];
    }
}
