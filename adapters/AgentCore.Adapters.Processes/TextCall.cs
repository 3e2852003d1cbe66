using System.Text;

namespace AgentCore.Adapters.Processes;

/// <summary>A task done by a process of its own: input as an argument or on standard input, answer on standard output.</summary>
internal static class TextCall
{
    private const string Placeholder = "{input}";

    /// <summary>Has a task done.</summary>
    /// <exception cref="ProcessException">It can't be started, ended with another code than 0, or wrote too much.</exception>
    /// <exception cref="TimeoutException">It took too long.</exception>
    public static async Task<ProcessReply> RunAsync(ProcessOptions options, string input, TimeProvider time, CancellationToken cancellationToken) =>
        new(options.Environment.Mask().Apply(await ReadAsync(options, input, time, cancellationToken).ConfigureAwait(false)), null, null);

    /// <summary>Has a task done, and gives what the program wrote as it is: for JSON, whose words are masked when it is read.</summary>
    /// <exception cref="ProcessException">It can't be started, ended with another code than 0, or wrote too much.</exception>
    /// <exception cref="TimeoutException">It took too long.</exception>
    public static async Task<string> ReadAsync(ProcessOptions options, string input, TimeProvider time, CancellationToken cancellationToken)
    {
        var asArgument = options.Arguments.Any(a => a.Contains(Placeholder, StringComparison.Ordinal));
        var process = ChildProcess.Start(options, Fill(options.Arguments, input));
        await using (process.ConfigureAwait(false))
        {
            using var deadline = new CancellationTokenSource(options.Limits.TaskTimeout, time);
            using var linked = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, cancellationToken);
            try
            {
                var most = options.Limits.MaxOutputBytes;
                process.Output.Allow(most);
                var writing = WriteAsync(process.Input, asArgument ? "" : input, linked.Token);
                var output = await process.Output.ReadToEndAsync(linked.Token).ConfigureAwait(false);
                await writing.ConfigureAwait(false);
                await process.WaitAsync(options.Limits.TaskTimeout, time, linked.Token).ConfigureAwait(false);
                if (await process.ExitAsync().ConfigureAwait(false) is not 0)
                    throw await process.EndedAsync(ProcessFailure.Exit, "while it did the task").ConfigureAwait(false);
                return Encoding.UTF8.GetString(output.Span).TrimEnd();
            }
            catch (OutputLimitException e)
            {
                throw new ProcessException(ProcessFailure.Output,
                    $"Process '{process.Name}' wrote more than the {e.Most:N0} bytes that ProcessLimits.MaxOutputBytes allows, and was ended; raise it if that much is right.{process.Errors.Describe("its standard error")}");
            }
            catch (OperationCanceledException) when (deadline.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
            {
                process.Kill();
                throw new TimeoutException($"Process '{process.Name}' took longer than ProcessLimits.TaskTimeout, {options.Limits.TaskTimeout}, and was ended.{process.Errors.Describe("its standard error")}");
            }
        }
    }

    private static List<string> Fill(IReadOnlyList<string> arguments, string input)
    {
        var filled = new List<string>(arguments.Count);
        var optionsEnded = false;
        foreach (var argument in arguments)
        {
            optionsEnded |= argument == "--";
            if (argument.StartsWith(Placeholder, StringComparison.Ordinal) && input.StartsWith('-') && !optionsEnded)
            {
                throw new ProcessException(ProcessFailure.Start,
                    "The input begins with '-', so that the program would take it for an option. Put \"--\" before \"{input}\" in ProcessOptions.Arguments, or hand the input over on standard input.");
            }

            if (argument.Contains(Placeholder, StringComparison.Ordinal) && input.Contains('\0', StringComparison.Ordinal))
                throw new ProcessException(ProcessFailure.Start, "The input has a zero character, which no argument can hold. Hand it over on standard input.");
            filled.Add(argument.Replace(Placeholder, input, StringComparison.Ordinal));
        }

        return filled;
    }

    private static async Task WriteAsync(Stream stream, string input, CancellationToken cancellationToken)
    {
        try
        {
            await stream.WriteAsync(Encoding.UTF8.GetBytes(input), cancellationToken).ConfigureAwait(false);
            await stream.DisposeAsync().ConfigureAwait(false);
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException or OperationCanceledException)
        {
            // A program need not read its input to the end; a cancelled one is ended.
        }
    }
}
