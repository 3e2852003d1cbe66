namespace AgentCore.Checkpoints.Files;

/// <summary>A log: where its records lie.</summary>
internal sealed class LogEntry(string name)
{
    public string Name { get; } = name;

    public Location[] Records { get; private set; } = [];

    /// <summary>How many records readers see.</summary>
    public int Count { get; private set; }

    /// <summary>The position that the next append must expect.</summary>
    public int Assigned { get; set; }

    /// <summary>Changes when the log is deleted, so that a reader in its middle finds out.</summary>
    public int Generation { get; private set; }

    /// <summary>Which records are missing; null where none is.</summary>
    public string? Damage { get; set; }

    public string? DamageFile { get; set; }

    public void Add(Location location)
    {
        if (Count == Records.Length)
        {
            var grown = new Location[Math.Max(4, Count * 2)];
            Records.CopyTo(grown, 0);
            Records = grown;
        }
        Records[Count++] = location;
    }

    public void Reset()
    {
        Records = [];
        Count = 0;
        Damage = null;
        Generation++;
    }
}

/// <summary>A document: where its newest version lies.</summary>
internal sealed class DocumentEntry(DocumentTable table, string key)
{
    public DocumentTable Table { get; } = table;

    public string Key { get; } = key;

    public Location Location { get; set; }

    /// <summary>The version that readers see; 0 for none.</summary>
    public long Version { get; set; }

    /// <summary>The version that the next put must expect.</summary>
    public long Assigned { get; set; }
}
