namespace AgentCore.Checkpoints.Files;

/// <summary>A collection: its documents, and their keys in order.</summary>
internal sealed class DocumentTable
{
    private readonly List<string> _keys = [];

    public Dictionary<string, DocumentEntry> Entries { get; } = [];

    /// <summary>Puts all keys in order at once, after loading.</summary>
    public void SortKeys()
    {
        _keys.Clear();
        _keys.AddRange(Entries.Values.Where(entry => entry.Version > 0).Select(entry => entry.Key));
        _keys.Sort(StringComparer.Ordinal);
    }

    // Keys mostly come in order (run ids grow), so this mostly adds at the end.
    public void AddKey(string key) => _keys.Insert(LowerBound(key), key);

    public void RemoveKey(string key)
    {
        var index = _keys.BinarySearch(key, StringComparer.Ordinal);
        if (index >= 0)
            _keys.RemoveAt(index);
    }

    public void ListKeys(string prefix, bool descending, string? after, List<string> page, int pageSize)
    {
        var step = descending ? -1 : 1;
        for (var i = Start(prefix, descending, after); i >= 0 && i < _keys.Count && page.Count < pageSize; i += step)
        {
            if (!_keys[i].StartsWith(prefix, StringComparison.Ordinal))
                break;
            page.Add(_keys[i]);
        }
    }

    private int Start(string prefix, bool descending, string? after)
    {
        if (after is not null)
        {
            var index = _keys.BinarySearch(after, StringComparer.Ordinal);
            return descending ? (index >= 0 ? index : ~index) - 1 : index >= 0 ? index + 1 : ~index;
        }
        if (!descending || prefix.Length == 0)
            return descending ? _keys.Count - 1 : LowerBound(prefix);
        // Behind the last key with the prefix: the first key from there on that is larger and has it not.
        var (low, high) = (LowerBound(prefix), _keys.Count);
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (_keys[middle].StartsWith(prefix, StringComparison.Ordinal))
                low = middle + 1;
            else
                high = middle;
        }
        return low - 1;
    }

    private int LowerBound(string key)
    {
        if (_keys.Count == 0 || string.CompareOrdinal(_keys[^1], key) < 0)
            return _keys.Count;
        var index = _keys.BinarySearch(key, StringComparer.Ordinal);
        return index >= 0 ? index : ~index;
    }
}
