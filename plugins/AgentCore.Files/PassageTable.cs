namespace AgentCore.Files;

/// <summary>Where each passage of an index stands. Holds places, not text.</summary>
internal sealed class PassageTable
{
    private readonly List<Place> _places = [];
    private readonly List<string> _headings = [];
    private int _file = -1;

    /// <summary>Begins a file; passages and sections that follow are in it.</summary>
    public void BeginFile(int file) => _file = file;

    /// <summary>Begins a section.</summary>
    /// <param name="path">Its headings, the outermost first.</param>
    public void BeginSection(string path)
    {
        if (_headings.Count == 0 || _headings[^1] != path) _headings.Add(path);
    }

    /// <summary>Adds the next passage.</summary>
    public void Add(int number, int firstLine, int lastLine, long offset, int length)
    {
        if (number != _places.Count) throw new InvalidOperationException("Passages and their places are out of step.");
        _places.Add(new Place(_file, _headings.Count - 1, firstLine, lastLine, offset, length));
    }

    /// <summary>Gives back the room that growing left over.</summary>
    public void Trim()
    {
        _places.TrimExcess();
        _headings.TrimExcess();
    }

    /// <summary>Where a passage stands.</summary>
    public Place this[int passage] => _places[passage];

    /// <summary>The headings above a passage.</summary>
    public string HeadingOf(int passage) => _headings[_places[passage].Heading];

    /// <summary>A passage's place in its file: lines counted from 1, bytes from 0.</summary>
    internal readonly record struct Place(int File, int Heading, int FirstLine, int LastLine, long Offset, int Length);
}
