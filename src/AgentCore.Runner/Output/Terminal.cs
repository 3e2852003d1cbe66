using System.Text;
using AgentCore.Adapters.Objects.Migration;
using Spectre.Console;

namespace AgentCore.Runner.Output;

/// <summary>Where the program writes: results to standard output, everything else to standard error.</summary>
internal sealed class Terminal
{
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

    public static Terminal OfProcess()
    {
        var output = new StreamWriter(Console.OpenStandardOutput(), new UTF8Encoding(false)) { AutoFlush = true };
        var error = new StreamWriter(Console.OpenStandardError(), new UTF8Encoding(false)) { AutoFlush = true };
        return new Terminal(output, error, Console.IsOutputRedirected, Console.IsErrorRedirected, !Console.IsInputRedirected);
    }

    public static Terminal OfWriters(TextWriter output, TextWriter error) => new(output, error, true, true, false);

    /// <summary>Writes a line of plain text to standard error, without what a terminal would obey.</summary>
    public void Note(string text) => Error.WriteLine(PlainText.Of(text));

    /// <summary>Text for a table's cell or a coloured line: no markup, and nothing that a terminal would obey.</summary>
    public static string Escape(string text) => Markup.Escape(PlainText.OfLine(text));

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
