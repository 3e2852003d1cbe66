using System.Text;
using AgentCore.Adapters.Objects.Bindings;

namespace AgentCore.Adapters.Objects;

/// <summary>What an adapter would do, and why, told without running anything.</summary>
public sealed record Explanation
{
    /// <summary>The wrapped class.</summary>
    public required string Type { get; init; }

    /// <summary>How much it takes to wrap it.</summary>
    public required AgentClass Class { get; init; }

    /// <summary>The chosen method's signature; null where there is none.</summary>
    public string? Method { get; init; }

    /// <summary>Why this method, or why none.</summary>
    public required string Why { get; init; }

    /// <summary>What fills each parameter.</summary>
    public IReadOnlyList<string> Passes { get; init; } = [];

    /// <summary>Where the result comes from.</summary>
    public string Result { get; init; } = "";

    /// <summary>Methods that were left, with the reason.</summary>
    public IReadOnlyList<string> Ignores { get; init; } = [];

    /// <summary>How the object is made.</summary>
    public IReadOnlyList<string> Makes { get; init; } = [];

    /// <summary>The lifecycle members that are called, by role.</summary>
    public IReadOnlyList<string> Lifecycle { get; init; } = [];

    /// <summary>What the agent can do.</summary>
    public IReadOnlyList<string> Abilities { get; init; } = [];

    /// <summary>What nobody has filled yet.</summary>
    public IReadOnlyList<BindingGap> Gaps { get; init; } = [];

    /// <inheritdoc/>
    public override string ToString()
    {
        var text = new StringBuilder();
        text.AppendLine($"{Type}: class {Class}");
        text.AppendLine($"  calls    {Method ?? "nothing"}");
        text.AppendLine($"  because  {Why}");
        Section("makes", Makes);
        Section("passes", Passes);
        if (Result.Length > 0)
            text.AppendLine($"  result   {Result}");
        Section("life", Lifecycle);
        Section("can", Abilities.Count > 0 ? [string.Join(", ", Abilities)] : []);
        Section("ignores", Ignores);
        Section("gaps", [.. Gaps.Select(g => g.ToString())]);
        return text.ToString().TrimEnd();

        void Section(string name, IReadOnlyList<string> lines)
        {
            for (var i = 0; i < lines.Count; i++)
                text.AppendLine($"  {(i == 0 ? name : ""),-8} {lines[i]}");
        }
    }
}
