using System.Globalization;

namespace AgentCore.Hosting.Definitions;

/// <summary>Something wrong in a definition file.</summary>
/// <param name="File">The file, as it is shown: relative to the workspace where it is in it.</param>
/// <param name="Line">The line, from 1; 0 where it is the file as a whole.</param>
/// <param name="Column">The column, from 1; 0 where it is the file as a whole.</param>
/// <param name="Field">The field, such as <c>limits.maxTurns</c>; empty where it is none.</param>
/// <param name="Message">What is wrong, and what would be right.</param>
public sealed record DefinitionError(string File, int Line, int Column, string Field, string Message)
{
    /// <inheritdoc/>
    public override string ToString()
    {
        var place = Line > 0 ? string.Create(CultureInfo.InvariantCulture, $"{File}:{Line}:{Column}") : File;
        return Field.Length > 0 ? $"{place}: {Field}: {Message}" : $"{place}: {Message}";
    }
}

/// <summary>Definition files have errors; all of them are in here.</summary>
public sealed class DefinitionErrorsException : AgentException
{
    /// <summary>Creates the exception.</summary>
    /// <param name="errors">The errors, one or more.</param>
    public DefinitionErrorsException(IReadOnlyList<DefinitionError> errors) : base(string.Join('\n', errors)) => Errors = errors;

    /// <summary>The errors.</summary>
    public IReadOnlyList<DefinitionError> Errors { get; }
}
