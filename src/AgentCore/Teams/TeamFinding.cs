namespace AgentCore.Teams;

/// <summary>What the check of a team found.</summary>
/// <param name="Severity">How bad it is.</param>
/// <param name="Field">The place in the team's definition, such as <c>members[2].handoffs</c>.</param>
/// <param name="Message">What is wrong, and what to do.</param>
public sealed record TeamFinding(FindingSeverity Severity, string Field, string Message)
{
    /// <summary>The team that it is about.</summary>
    public string Team { get; init; } = "";

    /// <summary>Where that is defined; null where the team was made by code.</summary>
    public FindingLocation? Location { get; init; }

    /// <summary>An error: the team doesn't run.</summary>
    /// <param name="field">The place in the definition.</param>
    /// <param name="message">What is wrong, and what to do.</param>
    public static TeamFinding Error(string field, string message) => new(FindingSeverity.Error, field, message);

    /// <summary>A warning: the team runs, perhaps not as it was meant to.</summary>
    /// <param name="field">The place in the definition.</param>
    /// <param name="message">What may be wrong, and what to do.</param>
    public static TeamFinding Warning(string field, string message) => new(FindingSeverity.Warning, field, message);

    /// <inheritdoc/>
    public override string ToString() =>
        $"{(Location is null ? "" : $"{Location.File}:{Location.Line}: ")}{Severity.ToString().ToLowerInvariant()}: team '{Team}' {Message} ({Field})";
}

/// <summary>How bad a finding is.</summary>
public enum FindingSeverity
{
    /// <summary>Good to know.</summary>
    Note,

    /// <summary>The team runs, perhaps not as it was meant to.</summary>
    Warning,

    /// <summary>The team doesn't run.</summary>
    Error,
}

/// <summary>A place in a file.</summary>
/// <param name="File">The file's path.</param>
/// <param name="Line">The line, from 1.</param>
public sealed record FindingLocation(string File, int Line);
