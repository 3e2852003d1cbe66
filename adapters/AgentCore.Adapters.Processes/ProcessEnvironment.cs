using System.Collections;

namespace AgentCore.Adapters.Processes;

/// <summary>What a child process sees of the environment. Only variables that are named here reach it.</summary>
public sealed record ProcessEnvironment
{
    /// <summary>Marks every process that descends from a child, so that those which left its group are found too.</summary>
    internal const string Mark = "AGENTCORE_CHILD";

    /// <summary>How the marks of this process's children begin.</summary>
    internal static string HostMark { get; } = Guid.NewGuid().ToString("n");

    /// <summary>The variables that are handed on by default: where programs, the home and temporary files are, and the
    /// language.</summary>
    public static IReadOnlyList<string> Default { get; } =
    [
        "PATH", "HOME", "USER", "LOGNAME", "LANG", "LC_ALL", "LC_CTYPE", "TZ", "TMPDIR", "TMP", "TEMP",
        "SYSTEMROOT", "WINDIR", "COMSPEC", "PATHEXT", "USERPROFILE",
    ];

    /// <summary>The names of this process's variables that the child sees; <see cref="Default"/> by default.</summary>
    public IReadOnlyList<string> Inherit { get; init; } = Default;

    /// <summary>The names of this process's variables that the child sees and that hold secrets: their values are replaced by
    /// <c>***</c> in whatever the child writes.</summary>
    public IReadOnlyList<string> Secrets { get; init; } = [];

    /// <summary>Variables that are set for the child; not for secrets.</summary>
    public IReadOnlyDictionary<string, string> Variables { get; init; } = new Dictionary<string, string>();

    /// <summary>Sets a child's environment.</summary>
    internal void Apply(IDictionary<string, string?> target)
    {
        target.Clear();
        var mine = System.Environment.GetEnvironmentVariables();
        var comparer = OperatingSystem.IsWindows() ? StringComparer.OrdinalIgnoreCase : StringComparer.Ordinal;
        var allowed = new HashSet<string>(Inherit.Concat(Secrets), comparer);
        foreach (DictionaryEntry variable in mine)
        {
            if (allowed.Contains((string)variable.Key))
                target[(string)variable.Key] = (string?)variable.Value;
        }

        foreach (var (name, value) in Variables)
            target[name] = value;
    }

    internal SecretMask Mask() => new([.. Secrets
        .Select(System.Environment.GetEnvironmentVariable)
        .Where(v => v is { Length: >= 4 })
        .Select(v => v!)]);
}
