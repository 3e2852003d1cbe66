using System.Diagnostics;
using System.Text.Json;

namespace AgentCore.Endurance.Kill;

/// <summary>The real program in a process of its own, in a workspace of its own.</summary>
internal sealed class RunnerProcess : IDisposable
{
    private static readonly string Root = FindRoot();
    private static readonly string Configuration = AppContext.BaseDirectory.Contains($"{Path.DirectorySeparatorChar}Release{Path.DirectorySeparatorChar}", StringComparison.Ordinal) ? "Release" : "Debug";

    public RunnerProcess()
    {
        Workspace = Directory.CreateTempSubdirectory("agentcore-kill-").FullName;
        Ledger = Path.Combine(Workspace, "ledger.txt");
        File.WriteAllText(Ledger, "");
        var plugins = Directory.CreateDirectory(Path.Combine(Workspace, "plugins", "AgentCore.Endurance.Plugin")).FullName;
        foreach (var file in Directory.GetFiles(Output("tests/AgentCore.Endurance.Plugin"), "AgentCore.Endurance.Plugin.*"))
            File.Copy(file, Path.Combine(plugins, Path.GetFileName(file)));
    }

    public string Workspace { get; }

    public string Ledger { get; }

    /// <summary>Starts the program.</summary>
    public Process Start(string? killAt, params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet")
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
        };
        foreach (var argument in (string[])[Path.Combine(Output("src/AgentCore.Runner"), "AgentCore.Runner.dll"), .. arguments, "--workspace", Workspace, "--json", "--no-input"])
            start.ArgumentList.Add(argument);
        start.Environment["LEDGER_FILE"] = Ledger;
        if (killAt is not null)
            start.Environment["KILL_AT"] = killAt;
        var process = Process.Start(start)!;
        process.StandardInput.Close();
        return process;
    }

    /// <summary>Runs the program to its end.</summary>
    public async Task<RunnerExit> RunAsync(string? killAt, params string[] arguments)
    {
        using var process = Start(killAt, arguments);
        return await EndAsync(process);
    }

    public static async Task<RunnerExit> EndAsync(Process process)
    {
        var output = process.StandardOutput.ReadToEndAsync();
        var error = process.StandardError.ReadToEndAsync();
        using var late = new CancellationTokenSource(TimeSpan.FromMinutes(2));
        try
        {
            await process.WaitForExitAsync(late.Token);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw new TimeoutException($"The program hangs: {await error}");
        }

        var text = await output;
        return new RunnerExit(process.ExitCode, text.Length == 0 ? default : JsonSerializer.Deserialize<JsonElement>(text), await error);
    }

    public void Dispose() => Directory.Delete(Workspace, recursive: true);

    private static string Output(string project) => Path.Combine(Root, project, "bin", Configuration, "net10.0");

    private static string FindRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "AgentCore.sln")))
            folder = folder.Parent;
        return folder?.FullName ?? throw new InvalidOperationException("AgentCore.sln is in no folder above the program.");
    }
}

/// <summary>How the program ended.</summary>
internal sealed record RunnerExit(int Code, JsonElement Document, string Error);
