using System.CommandLine;
using System.Diagnostics;
using System.Text.Json;
using AgentCore.Runner.Output;

namespace AgentCore.Runner.Migration;

/// <summary>Runs a command that runs agents' code in a child process. Code that takes its process down (an exit, a stack overflow,
/// all memory) takes the child: it is started again and goes on where the log of progress ends.</summary>
internal static class MigrationWorker
{
    // Not by the command line: behind a '--' an option is an argument, and the child would take itself for a parent.
    private const string OutcomeVariable = "AGENTCORE_MIGRATE_OUTCOME";
    private const string AgainVariable = "AGENTCORE_MIGRATE_AGAIN";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    /// <summary>The file that the child writes its outcome to; null in the parent.</summary>
    private static readonly string? Outcome = Take(OutcomeVariable);

    /// <summary>Whether this is a child that goes on, rather than beginning anew.</summary>
    public static bool IsAgain { get; } = Take(AgainVariable) is not null;

    /// <summary>Does the work: by a child, or as the child.</summary>
    /// <param name="parsed">The command line, which the child gets too.</param>
    /// <param name="terminal">Where the outcome is told.</param>
    /// <param name="progress">The log of progress; a child that ends without growing it is not started again.</param>
    /// <param name="work">The work; gives the exit code and what goes to standard output.</param>
    /// <param name="cancellationToken">Stops.</param>
    public static async Task<int> RunAsync(
        ParseResult parsed, Terminal terminal, string progress, Func<CancellationToken, Task<(int ExitCode, string Output)>> work, CancellationToken cancellationToken)
    {
        if (Outcome is { } file)
        {
            await WorkAsync(parsed, file, work, cancellationToken);
            return ExitCode.Done;
        }

        var outcome = await SuperviseAsync(terminal, progress, cancellationToken);
        terminal.Out.Write(outcome.Output);
        if (outcome.Error.Length > 0)
            terminal.Note(outcome.Error.TrimEnd());
        return outcome.ExitCode;
    }

    private static async Task WorkAsync(ParseResult parsed, string file, Func<CancellationToken, Task<(int ExitCode, string Output)>> work, CancellationToken cancellationToken)
    {
        EndWithParent();
        Result result;
        try
        {
            var (code, output) = await work(cancellationToken);
            result = new Result(code, output, "");
        }
        catch (Exception e)
        {
            using var output = new StringWriter();
            using var error = new StringWriter();
            var report = ErrorReport.From(e);
            report.Write(Terminal.OfWriters(output, error), parsed.GetValue(GlobalOptions.Json));
            result = new Result(report.ExitCode, output.ToString(), error.ToString());
        }

        await File.WriteAllTextAsync(file, JsonSerializer.Serialize(result), CancellationToken.None);
    }

    private static async Task<Result> SuperviseAsync(Terminal terminal, string progress, CancellationToken cancellationToken)
    {
        var folder = Directory.CreateTempSubdirectory("agentcore-migrate-");
        try
        {
            var file = Path.Combine(folder.FullName, "outcome.json");
            for (var again = false; ; again = true)
            {
                var before = SizeOf(progress);
                var exitCode = await ChildAsync(file, again, cancellationToken);
                if (File.Exists(file))
                    return JsonSerializer.Deserialize<Result>(await File.ReadAllTextAsync(file, cancellationToken))!;
                if (SizeOf(progress) == before)
                    throw new InvalidOperationException($"The process that runs the agents ended with exit code {exitCode} before it ran any. Look at its messages above.");
                terminal.Note($"An agent ended the process that it ran in (exit code {exitCode}); the others go on.");
            }
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static async Task<int> ChildAsync(string file, bool again, CancellationToken cancellationToken)
    {
        var program = Environment.ProcessPath!;
        string[] self = Path.GetFileNameWithoutExtension(program) == "dotnet" ? [typeof(MigrationWorker).Assembly.Location] : [];
        var start = new ProcessStartInfo(program, [.. self, .. Environment.GetCommandLineArgs()[1..]])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        };
        start.Environment[OutcomeVariable] = file;
        if (again)
            start.Environment[AgainVariable] = "1";
        using var child = Process.Start(start)!;
        // Native code may write there; it is no result.
        child.OutputDataReceived += static (_, _) => { };
        child.BeginOutputReadLine();
        try
        {
            await child.WaitForExitAsync(cancellationToken);
        }
        catch (OperationCanceledException)
        {
            await EndAsync(child);
            throw;
        }

        return child.ExitCode;
    }

    private static async Task EndAsync(Process child)
    {
        child.StandardInput.Close();
        using var patience = new CancellationTokenSource(Patience);
        try
        {
            await child.WaitForExitAsync(patience.Token);
        }
        catch (OperationCanceledException)
        {
            child.Kill(entireProcessTree: true);
            await child.WaitForExitAsync(CancellationToken.None);
        }
    }

    /// <summary>The parent holds the other end of standard input: where it closes, the parent is gone or wants an end.</summary>
    private static void EndWithParent()
    {
        var watch = new Thread(static () =>
        {
            using var parent = Console.OpenStandardInput();
            while (parent.ReadByte() >= 0)
            {
            }

            Environment.Exit(ExitCode.Cancelled);
        })
        {
            IsBackground = true,
        };
        watch.Start();
    }

    /// <summary>What the parent set; taken away at once, as programs that agents start are no children of this kind.</summary>
    private static string? Take(string variable)
    {
        var value = Environment.GetEnvironmentVariable(variable);
        Environment.SetEnvironmentVariable(variable, null);
        return string.IsNullOrEmpty(value) ? null : value;
    }

    private static long SizeOf(string file) => File.Exists(file) ? new FileInfo(file).Length : 0;

    private sealed record Result(int ExitCode, string Output, string Error);
}
