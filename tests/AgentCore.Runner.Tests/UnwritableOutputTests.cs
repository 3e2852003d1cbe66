using System.Diagnostics;

namespace AgentCore.Runner.Tests;

/// <summary>The program where its standard output or standard error can't be written.</summary>
public sealed class UnwritableOutputTests : IDisposable
{
    private const string Task = "call ledger.append {\"text\":\"first\"}\nall done";

    private readonly Workspace _workspace = new();

    public void Dispose() => _workspace.Dispose();

    [Theory]
    [InlineData(">/dev/full")]
    [InlineData(">&-")]
    public async Task Run_OutputThatTakesNothing_KeepsItsRunAndExits1(string redirection)
    {
        if (!OperatingSystem.IsLinux())
            return;

        foreach (var json in (string[])["--no-input", "--json"])
        {
            var run = (await ShellAsync(redirection, "run", "clerk", Task, json)).Expect(1);

            Assert.Contains("Not all results could be written to standard output: ", run.Error, StringComparison.Ordinal);
            Assert.DoesNotContain("   at ", run.Error, StringComparison.Ordinal);
            Assert.Equal("done", await StatusOfLastAsync());
        }
    }

    [Theory]
    [InlineData("2>/dev/full")]
    [InlineData("2>&-")]
    public async Task Run_ErrorThatTakesNothing_RunsToItsEnd(string redirection)
    {
        if (!OperatingSystem.IsLinux())
            return;

        var run = (await ShellAsync(redirection, "run", "clerk", Task)).Expect(0);

        Assert.Equal("all done\n", run.Output);
        Assert.Equal("done", await StatusOfLastAsync());
    }

    [Theory]
    [InlineData(">/dev/full 2>/dev/full")]
    [InlineData("<&- >&- 2>&-")]
    public async Task Run_NeitherTakesAnything_KeepsItsRunAndExits1(string redirection)
    {
        if (!OperatingSystem.IsLinux())
            return;

        (await ShellAsync(redirection, "run", "clerk", Task)).Expect(1);

        Assert.Equal("done", await StatusOfLastAsync());
        Assert.Equal(["first"], _workspace.Ledger);
    }

    [Theory]
    [InlineData("--help")]
    [InlineData("doctor")]
    [InlineData("models list")]
    [InlineData("tools list --json")]
    public async Task AnyCommand_FullDisk_SaysSoInALineAndExits1(string arguments)
    {
        if (!OperatingSystem.IsLinux())
            return;

        var outcome = (await ShellAsync(">/dev/full", arguments.Split(' '))).Expect(1);

        Assert.Contains("Not all results could be written", outcome.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", outcome.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AnyCommand_ErrorThatCannotBeTold_ExitsAsItWould()
    {
        if (!OperatingSystem.IsLinux())
            return;

        (await ShellAsync("2>/dev/full", "run", "nobody", "hello")).Expect(2);
        (await ShellAsync(">/dev/full", "run", "nobody", "hello", "--json")).Expect(2);
    }

    [Fact]
    public async Task AnyCommand_ErrorForAnOutputThatTakesNothing_IsToldOnStandardError()
    {
        if (!OperatingSystem.IsLinux())
            return;

        var outcome = (await ShellAsync(">/dev/full", "run", "nobody", "hello", "--json")).Expect(2);

        Assert.Contains("nobody", outcome.Error, StringComparison.Ordinal);
        Assert.Contains("Not all results could be written", outcome.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("carried out", outcome.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_ReaderThatIsGone_EndsQuietlyWithItsOwnExitCode()
    {
        if (!OperatingSystem.IsLinux())
            return;

        // The pipe's reader has ended before the program begins.
        using var running = _workspace.StartIn("sh", ["-c", "mkfifo pipe; : <pipe & exec 9>pipe; wait; exec dotnet \"$@\" >&9", "sh"], "run", "clerk", Task);
        var run = (await running.EndAsync()).Expect(0);

        Assert.DoesNotContain("could be written", run.Error, StringComparison.Ordinal);
        Assert.Equal("done", await StatusOfLastAsync());
    }

    [Fact]
    public async Task Run_TaskFromAClosedInput_SaysThatItIsEmpty()
    {
        if (!OperatingSystem.IsLinux())
            return;

        var run = (await ShellAsync("<&-", "run", "clerk", "-")).Expect(2);

        Assert.Contains("The task is empty", run.Error, StringComparison.Ordinal);
    }

    private async Task<string?> StatusOfLastAsync() =>
        (await _workspace.RunAsync("runs", "show", "last", "--json")).Expect(0).Json.GetProperty("status").GetString();

    private async Task<Outcome> ShellAsync(string redirection, params string[] arguments)
    {
        using var running = _workspace.StartIn("sh", ["-c", $"exec dotnet \"$@\" {redirection}", "sh"], arguments);
        return await running.EndAsync();
    }
}
