namespace AgentCore.Files;

/// <summary>The headings that stand above the current line.</summary>
internal sealed class HeadingStack
{
    /// <summary>Stands between the headings of a path.</summary>
    public const string Separator = " > ";

    private readonly List<(int Level, string Text)> _open = [];
    private readonly List<char> _underlines = [];
    private int _count;

    /// <summary>The headings above, the outermost first, joined by " &gt; ".</summary>
    public string Path => string.Join(Separator, _open.Select(heading => heading.Text));

    /// <summary>The headings above the innermost one, without the file's title.</summary>
    public string Parents => string.Join(' ', _open.Skip(1).SkipLast(1).Select(heading => heading.Text));

    /// <summary>Whether the heading just entered is the file's title.</summary>
    public bool IsTitle => _count == 1;

    /// <summary>Starts a new file.</summary>
    public void Clear()
    {
        _open.Clear();
        _underlines.Clear();
        _count = 0;
    }

    /// <summary>Enters a heading, and leaves those it ends.</summary>
    public void Enter(int level, string text)
    {
        while (_open.Count > 0 && _open[^1].Level >= level) _open.RemoveAt(_open.Count - 1);
        _open.Add((level, text));
        _count++;
    }

    /// <summary>The level of an underline: their order of first use tells, as in reStructuredText.</summary>
    public int LevelOf(char underline)
    {
        var at = _underlines.IndexOf(underline);
        if (at >= 0) return at + 1;
        _underlines.Add(underline);
        return _underlines.Count;
    }
}
