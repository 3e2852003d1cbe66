using System.Buffers;
using AgentCore.Text;

namespace AgentCore.Files;

/// <summary>
/// Cuts a file into passages: paragraphs with the code, lists and tables that belong to them, under the headings above.
/// Knows Markdown, reStructuredText, AsciiDoc and plain text well enough for finding; it renders nothing.
/// </summary>
internal sealed class PassageSplitter(PassageIndex index, PassageTable passages)
{
    /// <summary>A passage of this many characters ends at the next paragraph.</summary>
    private const int Enough = 120;
    /// <summary>A passage of this many characters ends at the next paragraph even if code or a list goes on.</summary>
    private const int Plenty = 1000;
    /// <summary>A passage ends after this many characters, wherever.</summary>
    private const int Most = 2400;

    private readonly LineReader _lines = new();
    private readonly ArrayBufferWriter<char> _passage = new(4096);
    private readonly HeadingStack _headings = new();
    private Markup _markup;
    private string? _fence;
    private string _previous = "";
    private int _blockLines;
    private bool _afterBlank;
    private int _firstLine;
    private int _lastLine;
    private long _firstOffset;
    private long _endOffset;
    private long _previousOffset;
    private int _lengthBeforePrevious;

    /// <summary>Adds a file's passages to the index.</summary>
    /// <returns>Why the file, or a part of it, couldn't be read; <see langword="null"/> if all of it was.</returns>
    public string? Add(Microsoft.Win32.SafeHandles.SafeFileHandle file, string name, CancellationToken cancellationToken)
    {
        if (_lines.Open(file) is { } reason) return reason;
        var kind = FileKind.Of(name);
        _markup = kind.Markup;
        (_fence, _previous, _blockLines, _afterBlank) = (null, "", 0, true);
        _headings.Clear();
        index.BeginFile(name, kind.Prior);
        passages.BeginSection("");
        while (_lines.Next())
        {
            if ((_lines.Number & 0xFFF) == 0) cancellationToken.ThrowIfCancellationRequested();
            Take(_lines.Text);
        }
        EndPassage();
        if (_lines.CutLines > 0) return $"read in part: {_lines.CutLines} line(s) longer than {LineReader.MaxLine / 1024} KB were cut";
        return _lines.HasLatin1 ? "not UTF-8: read as Latin-1" : null;
    }

    private void Take(ReadOnlySpan<char> line)
    {
        var text = line.Trim();
        if (_fence is not null)
        {
            Append(line);
            if (Closes(text)) _fence = null;
            return;
        }
        if (_lines.Number == 1 && _markup == Markup.Markdown && text.SequenceEqual("---"))
        {
            ReadFrontMatter();
            return;
        }
        if (text.IsEmpty)
        {
            (_afterBlank, _blockLines, _previous) = (true, 0, "");
            return;
        }
        if (_markup != Markup.Code)
        {
            if (HeadingOf(line) is { } heading)
            {
                BeginSection(heading.Level, heading.Text);
                return;
            }
            if (IsUnderline(line, text)) return;
            _fence = FenceOf(text);
        }
        if (_afterBlank && EndsBefore(line, text)) EndPassage();
        _lengthBeforePrevious = _passage.WrittenCount;
        _previousOffset = _lines.Offset;
        Append(line);
        _blockLines++;
        _previous = _blockLines == 1 && !char.IsWhiteSpace(line[0]) ? text.ToString() : _blockLines == 2 && _markup == Markup.ReStructuredText ? text.ToString() : "";
        _afterBlank = false;
    }

    private bool EndsBefore(ReadOnlySpan<char> line, ReadOnlySpan<char> text)
    {
        var length = _passage.WrittenCount;
        if (length == 0) return false;
        if (length >= Plenty) return true;
        var written = _passage.WrittenSpan.TrimEnd();
        var goesOn = _fence is not null || char.IsWhiteSpace(line[0]) || written[^1] == ':' || (IsListItem(text) && length < Plenty / 2) || text is "+" || text[0] == '|';
        return length >= Enough && !goesOn;
    }

    private void Append(ReadOnlySpan<char> line)
    {
        if (_passage.WrittenCount > Most) EndPassage();
        if (_passage.WrittenCount == 0) (_firstLine, _firstOffset) = (_lines.Number, _lines.Offset);
        _passage.Write(line);
        _passage.Write("\n");
        (_lastLine, _endOffset) = (_lines.Number, _lines.NextOffset);
    }

    private void EndPassage()
    {
        if (_passage.WrittenCount == 0) return;
        var text = UrlFilter.Remove(_passage.WrittenSpan);
        var number = index.Add(text);
        passages.Add(number, _firstLine, _lastLine, _firstOffset, (int)(_endOffset - _firstOffset));
        _passage.ResetWrittenCount();
    }

    private void BeginSection(int level, string text)
    {
        EndPassage();
        _headings.Enter(level, text);
        if (_headings.IsTitle) index.AddTitle(text);
        index.BeginSection(text, _headings.Parents);
        passages.BeginSection(_headings.Path);
        (_afterBlank, _blockLines, _previous) = (true, 0, "");
    }

    private (int Level, string Text)? HeadingOf(ReadOnlySpan<char> line)
    {
        var mark = _markup switch { Markup.AsciiDoc => '=', Markup.ReStructuredText => '\0', _ => '#' };
        if (mark == '\0' || line[0] != mark) return null;
        var level = line.IndexOfAnyExcept(mark);
        if (level is < 1 or > 6 || line[level] is not (' ' or '\t')) return null;
        var text = line[level..].Trim();
        var tail = text.TrimEnd(mark);
        if (tail.Length < text.Length && tail.Length > 0 && tail[^1] == ' ') text = tail.Trim();
        // {#anchor} at the end names the heading for links.
        if (text.EndsWith("}") && text.LastIndexOf("{#") is var anchor and > 0) text = text[..anchor].Trim();
        return text.IsEmpty ? null : (level, text.ToString());
    }

    private bool IsUnderline(ReadOnlySpan<char> line, ReadOnlySpan<char> text)
    {
        var c = text[0];
        if (text.Length < 3 || char.IsLetterOrDigit(c) || char.IsWhiteSpace(line[0]) || text.ContainsAnyExcept(c)) return false;
        if (_markup == Markup.Markdown && c is not ('=' or '-')) return false;
        if (!"=-~^\"'`#*+.:_".Contains(c, StringComparison.Ordinal)) return false;
        var fits = _previous.Length > 0 && (_markup == Markup.Markdown || Math.Abs(_previous.Length - text.Length) <= 3
            || (text.Length > _previous.Length && _markup == Markup.ReStructuredText));
        if (_markup == Markup.AsciiDoc && _previous.Length > 0 && Math.Abs(_previous.Length - text.Length) > 3) fits = false;
        if (fits)
        {
            var title = _previous;
            // The title line was taken for prose: give it back.
            var kept = _passage.WrittenSpan[.._lengthBeforePrevious].ToArray();
            _passage.ResetWrittenCount();
            _passage.Write(kept);
            _endOffset = _previousOffset;
            _lastLine = _lines.Number - 2;
            BeginSection(_headings.LevelOf(c), title);
            return true;
        }
        // A line over a title, or a rule between paragraphs.
        if (_blockLines > 0 || (_markup == Markup.AsciiDoc && text.Length >= 4)) return false;
        return _markup is Markup.ReStructuredText or Markup.Plain or Markup.Markdown;
    }

    private string? FenceOf(ReadOnlySpan<char> text)
    {
        if (_markup is Markup.Markdown or Markup.Plain or Markup.AsciiDoc)
        {
            if (text.StartsWith("```")) return "```";
            if (text.StartsWith("~~~")) return "~~~";
        }
        if (_markup == Markup.AsciiDoc && text.Length >= 4 && text[0] is '-' or '.' && !text.ContainsAnyExcept(text[0])) return text.ToString();
        return null;
    }

    private bool Closes(ReadOnlySpan<char> text) => _fence!.Length == 3 && _fence[0] is '`' or '~' ? text.StartsWith(_fence) && text.TrimEnd(_fence[0]).IsEmpty : text.SequenceEqual(_fence);

    private static bool IsListItem(ReadOnlySpan<char> text) =>
        text.Length > 1 && ((text[0] is '-' or '*' or '+' or '•' && text[1] == ' ') || (char.IsAsciiDigit(text[0]) && text[1] is '.' or ')'));

    private void ReadFrontMatter()
    {
        while (_lines.Next())
        {
            var text = _lines.Text.Trim();
            if (text.SequenceEqual("---") || _lines.Number > 200) return;
            foreach (var key in (ReadOnlySpan<string>)["title:", "description:", "linkTitle:"])
                if (text.StartsWith(key)) index.AddTitle(text[key.Length..].Trim().Trim('"').Trim('\'').ToString());
        }
    }
}
