using AgentCore.Checkpoints;
using AgentCore.Hosting;
using AgentCore.Hosting.Definitions;
using AgentCore.Models;

namespace AgentCore.Runner.Output;

/// <summary>An error as the program tells it.</summary>
/// <param name="Code">What scripts can tell it by.</param>
/// <param name="Message">What went wrong and what to do.</param>
/// <param name="ExitCode">The program's exit code.</param>
internal sealed record ErrorReport(string Code, string Message, int ExitCode)
{
    /// <summary>The names that there are, where one was unknown.</summary>
    public IReadOnlyList<string>? Known { get; init; }

    /// <summary>The name that was meant, most likely.</summary>
    public string? DidYouMean { get; init; }

    /// <summary>The errors in definition files.</summary>
    public IReadOnlyList<DefinitionError>? Errors { get; init; }

    /// <summary>An unexpected exception with its trace, for a bug report.</summary>
    public string? Trace { get; init; }

    public static ErrorReport From(Exception exception) => exception switch
    {
        UsageException e => new(e.Code, e.Message, Runner.ExitCode.Usage),
        UnknownNameException e => new($"unknown_{e.Kind.Replace(' ', '_')}", e.Message, Runner.ExitCode.Usage) { Known = e.Known, DidYouMean = e.Nearest },
        DefinitionErrorsException e => new("bad_definition", e.Message, Runner.ExitCode.Usage) { Errors = e.Errors },
        DirectoryNotFoundException or FileNotFoundException => new("missing_folder", exception.Message, Runner.ExitCode.Usage),
        StoreInUseException => new("store_in_use", exception.Message, Runner.ExitCode.Failed),
        StoreDamagedException => new("store_damaged", exception.Message, Runner.ExitCode.Failed),
        StoreException => new("store", exception.Message, Runner.ExitCode.Failed),
        ModelException => new("model_unavailable", exception.Message, Runner.ExitCode.Failed),
        AgentException => new("failed", exception.Message, Runner.ExitCode.Failed),
        OperationCanceledException => new("cancelled", "Cancelled.", Runner.ExitCode.Cancelled),
        ArgumentException => new("usage", PlainMessage.Of(exception), Runner.ExitCode.Usage),
        InvalidOperationException => new("failed", exception.Message, Runner.ExitCode.Failed),
        IOException or UnauthorizedAccessException => new("io", exception.Message, Runner.ExitCode.Failed),
        _ => new("internal", $"{exception.GetType().Name}: {exception.Message} This is a fault of the program; please report it.", Runner.ExitCode.Failed) { Trace = exception.ToString() },
    };

    public void Write(Terminal terminal, bool json)
    {
        if (json)
            JsonOutput.Write(terminal, new { Error = new { Code, Message, DidYouMean, Known, Errors } });

        if (!json || terminal.OutputProblem is not null)
        {
            foreach (var line in Message.Split('\n'))
                terminal.Note($"agentcore: {line}");
        }

        if (Trace is not null)
            terminal.Note(Trace);
    }
}
