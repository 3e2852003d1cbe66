using System.Collections;

namespace AgentCore.Tools;

/// <summary>What an agent may do: dotted names such as <c>files.read</c>, or a prefix with a trailing wildcard such as
/// <c>files.*</c> (all below <c>files</c>) or <c>*</c> (all). Names are compared by ordinal, ignoring case.</summary>
public sealed class CapabilitySet : IReadOnlyCollection<string>
{
    private readonly HashSet<string> _exact = new(StringComparer.OrdinalIgnoreCase);
    private readonly List<string> _prefixes = [];
    private readonly string[] _all;

    /// <summary>Creates a set.</summary>
    /// <param name="capabilities">Names and wildcards.</param>
    /// <exception cref="ArgumentException">One is neither a dotted name nor a prefix with a trailing <c>.*</c>.</exception>
    public CapabilitySet(IEnumerable<string> capabilities)
    {
        ArgumentNullException.ThrowIfNull(capabilities);
        _all = [.. capabilities];
        foreach (var capability in _all)
        {
            if (capability == "*")
            {
                _prefixes.Add("");
            }
            else if (capability is not null && capability.EndsWith(".*", StringComparison.Ordinal))
            {
                ThrowIfNotName(capability[..^2], "A capability");
                _prefixes.Add(capability[..^1]);
            }
            else
            {
                ThrowIfNotName(capability, "A capability");
                _exact.Add(capability!);
            }
        }
    }

    /// <summary>A set that allows nothing.</summary>
    public static CapabilitySet None { get; } = new([]);

    /// <inheritdoc/>
    public int Count => _all.Length;

    /// <summary>Whether the set allows a capability.</summary>
    /// <param name="capability">A dotted name without a wildcard.</param>
    public bool Allows(string capability)
    {
        if (_exact.Contains(capability))
            return true;

        foreach (var prefix in _prefixes)
        {
            if (capability.StartsWith(prefix, StringComparison.OrdinalIgnoreCase))
                return true;
        }

        return false;
    }

    /// <summary>The first of the capabilities that the set does not allow, or null where it allows all.</summary>
    /// <param name="required">Dotted names without wildcards.</param>
    public string? FirstMissing(IReadOnlyList<string> required)
    {
        ArgumentNullException.ThrowIfNull(required);
        for (var i = 0; i < required.Count; i++)
        {
            if (!Allows(required[i]))
                return required[i];
        }

        return null;
    }

    /// <inheritdoc/>
    public IEnumerator<string> GetEnumerator() => ((IEnumerable<string>)_all).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <inheritdoc/>
    public override string ToString() => _all.Length == 0 ? "none" : string.Join(", ", _all);

    internal static void ThrowIfNotName(string? name, string what)
    {
        if (!IsName(name))
            throw new ArgumentException($"{what} is '{name}'; use letters, digits, '_' and '-' in parts joined by dots, such as files.read.");
    }

    private static bool IsName(string? name)
    {
        if (string.IsNullOrEmpty(name) || name.Length > 200)
            return false;

        var atStart = true;
        foreach (var c in name)
        {
            if (c == '.')
            {
                if (atStart)
                    return false;
                atStart = true;
            }
            else if (char.IsLetterOrDigit(c) || c is '_' or '-')
            {
                atStart = false;
            }
            else
            {
                return false;
            }
        }

        return !atStart;
    }
}
