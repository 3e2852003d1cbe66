using System.Text;
using AgentCore.Adapters.Objects.Migration;
using Spectre.Console;

namespace AgentCore.Runner.Output;

/// <summary>Where the program writes: results to standard output, everything else to standard error.</summary>
internal sealed class Terminal
{
    private StandardStream? _output;

    private Terminal(TextWriter output, TextWriter error, bool outputIsPipe, bool errorIsPipe, bool canAsk)
    {
        Out = new PlainWriter(output);
        Table = Ansi(output, outputIsPipe);
        Error = Ansi(error, errorIsPipe);
        CanAsk = canAsk;
        IsWatched = !errorIsPipe;
    }

    /// <summary>Standard output, for plain text and JSON: without what a terminal would obey, whoever reads it.</summary>
    public TextWriter Out { get; }

    /// <summary>Standard output, for tables and colours; <see cref="Escape"/> makes text fit for it.</summary>
    public IAnsiConsole Table { get; }

    /// <summary>Standard error: progress, questions, errors.</summary>
    public IAnsiConsole Error { get; }

    /// <summary>Whether somebody is there to answer a question.</summary>
    public bool CanAsk { get; }

    /// <summary>Whether standard error is a terminal.</summary>
    public bool IsWatched { get; }

    /// <summary>Why not all results could be written to standard output; null where they could.</summary>
    public string? OutputProblem => _output?.Problem;

    /// <summary>The process's terminal. Agents' own code has its console too: what that writes is no result of the program's, and
    /// where it can't be written the code doesn't fail.</summary>
    public static Terminal OfProcess()
    {
        var (output, error) = (StandardStream.Output(), StandardStream.Error());
        Console.SetError(Writer(error));
        Console.SetOut(Console.Error);
        if (!StandardStream.HasInput)
            Console.SetIn(TextReader.Null);
        return new Terminal(Writer(output), Writer(error), Console.IsOutputRedirected, Console.IsErrorRedirected, !Console.IsInputRedirected) { _output = output };
    }

    public static Terminal OfWriters(TextWriter output, TextWriter error) => new(output, error, true, true, false);

    /// <summary>Writes a line of plain text to standard error, without what a terminal would obey.</summary>
    public void Note(string text) => Error.WriteLine(PlainText.Of(text));

    /// <summary>Text for a table's cell or a coloured line: no markup, and nothing that a terminal would obey.</summary>
    public static string Escape(string text) => Markup.Escape(PlainText.OfLine(text));

    private static StreamWriter Writer(StandardStream stream) => new(stream, new UTF8Encoding(false)) { AutoFlush = true };

    // Spectre.Console writes escape codes into a pipe unless it is told not to; NO_COLOR it honours by itself.
    private static IAnsiConsole Ansi(TextWriter writer, bool isPipe)
    {
        var console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Out = new AnsiConsoleOutput(writer),
            Ansi = isPipe ? AnsiSupport.No : AnsiSupport.Detect,
            ColorSystem = isPipe ? ColorSystemSupport.NoColors : ColorSystemSupport.Detect,
            Interactive = InteractionSupport.No,
        });
        // A pipe has no width: lines are whole there.
        if (isPipe)
            console.Profile.Width = 100_000;
        return console;
    }
}
