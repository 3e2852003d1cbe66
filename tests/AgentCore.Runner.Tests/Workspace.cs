using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text.Json;

namespace AgentCore.Runner.Tests;

/// <summary>A workspace in a folder of its own, and the real program started in it as a child process.</summary>
internal sealed class Workspace : IDisposable
{
    public Workspace(bool plugin = true)
    {
        Folder = Directory.CreateTempSubdirectory("agentcore-test-").FullName;
        if (!plugin)
            return;

        var target = Directory.CreateDirectory(Path.Combine(Folder, "plugins", "AgentCore.SamplePlugin")).FullName;
        foreach (var file in Directory.EnumerateFiles(Path.Combine(AppContext.BaseDirectory, "sample-plugin")))
            File.Copy(file, Path.Combine(target, Path.GetFileName(file)));
    }

    public string Folder { get; }

    /// <summary>What the program's environment has beside this process's; null takes a name away.</summary>
    public Dictionary<string, string?> Environment { get; } = [];

    public IReadOnlyList<string> Ledger => File.Exists(PathOf("ledger.txt")) ? File.ReadAllLines(PathOf("ledger.txt")) : [];

    /// <summary>The replies that the scripted model gave, over all processes.</summary>
    public IReadOnlyList<string> Replies => File.Exists(PathOf("replies.txt")) ? File.ReadAllLines(PathOf("replies.txt")) : [];

    public string PathOf(string name) => Path.Combine(Folder, name);

    public void Write(string name, string text)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(PathOf(name))!);
        File.WriteAllText(PathOf(name), text);
    }

    /// <summary>Runs the program to its end.</summary>
    public async Task<Outcome> RunAsync(params string[] arguments)
    {
        using var running = Start(arguments);
        return await running.EndAsync();
    }

    /// <summary>Starts the program.</summary>
    public RunningProgram Start(params string[] arguments) => StartIn("dotnet", [], arguments);

    /// <summary>Starts the program, with a standard input that doesn't end.</summary>
    public RunningProgram StartReading(params string[] arguments) => new(StartProcess("dotnet", [], arguments), hasInput: true);

    /// <summary>Starts the program in another one, such as a shell, which gets its path and arguments after its own.</summary>
    public RunningProgram StartIn(string host, string[] own, params string[] arguments) => new(StartProcess(host, own, arguments), hasInput: false);

    public void Dispose() => Directory.Delete(Folder, recursive: true);

    private Process StartProcess(string host, string[] own, string[] arguments)
    {
        var start = new ProcessStartInfo(host, [.. own, Path.Combine(AppContext.BaseDirectory, "AgentCore.Runner.dll"), .. arguments])
        {
            WorkingDirectory = Folder,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["SCRIPT_LOG"] = PathOf("replies.txt");
        start.Environment["OLLAMA_HOST"] = "http://127.0.0.1:9";
        start.Environment.Remove("OPENAI_API_KEY");
        start.Environment.Remove("OPENAI_BASE_URL");
        foreach (var (name, value) in Environment)
            start.Environment[name] = value;
        return Process.Start(start)!;
    }
}

/// <summary>The program while it runs.</summary>
internal sealed partial class RunningProgram : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private readonly Process _process;
    private readonly Task<string> _output;
    private readonly Task<string> _error;

    public RunningProgram(Process process, bool hasInput)
    {
        _process = process;
        if (!hasInput)
            process.StandardInput.Close();
        _output = process.StandardOutput.ReadToEndAsync();
        _error = process.StandardError.ReadToEndAsync();
    }

    public int Id => _process.Id;

    /// <summary>Waits until something holds that the program brings about.</summary>
    public async Task UntilAsync(Func<bool> holds)
    {
        var waited = Stopwatch.StartNew();
        while (!holds())
        {
            if (_process.HasExited || waited.Elapsed > Patience)
                throw new InvalidOperationException($"It did not come about. Exit: {(_process.HasExited ? _process.ExitCode : null)}, error output: {(_process.HasExited ? await _error : "")}");
            await Task.Delay(20);
        }
    }

    /// <summary>Writes to the program's standard input. More than a pipe holds is written once the program reads it.</summary>
    public async Task WriteAsync(string text)
    {
        await _process.StandardInput.WriteAsync(text);
        await _process.StandardInput.FlushAsync();
    }

    /// <summary>Ends the program at once, as <c>kill -9</c> does.</summary>
    public void Kill() => _process.Kill();

    /// <summary>Sends a signal: 2 is Ctrl-C.</summary>
    public void Signal(int signal) => Assert.Equal(0, SendSignal(_process.Id, signal));

    public async Task<Outcome> EndAsync()
    {
        using var patience = new CancellationTokenSource(Patience);
        await _process.WaitForExitAsync(patience.Token);
        return new Outcome(_process.ExitCode, await _output, await _error);
    }

    public void Dispose()
    {
        if (!_process.HasExited)
            _process.Kill();
        _process.Dispose();
    }

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int SendSignal(int process, int signal);
}

/// <summary>How the program ended.</summary>
internal sealed record Outcome(int ExitCode, string Output, string Error)
{
    /// <summary>Standard output as the one JSON document that it must be.</summary>
    public JsonElement Json
    {
        get
        {
            using var document = JsonDocument.Parse(Output);
            return document.RootElement.Clone();
        }
    }

    /// <summary>This outcome, if it has an exit code; all that was written where it hasn't.</summary>
    public Outcome Expect(int exitCode)
    {
        Assert.True(ExitCode == exitCode, $"exit code {ExitCode} instead of {exitCode}\n{Output}\n{Error}");
        return this;
    }
}
