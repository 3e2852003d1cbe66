using System.Globalization;
using System.IO.Pipes;
using System.Text.Json;
using AgentCore.Runs;
using AgentCore.Testing;

namespace AgentCore.Adapters.Processes.Tests;

/// <summary>Any program, over JSON lines and over plain text.</summary>
public sealed class ProgramTests
{
    // A server of the protocol in the smallest language there is.
    private const string Server = """
        while read -r line; do
          id=$(printf '%s' "$line" | sed -n 's/.*"id":"\([^"]*\)".*/\1/p')
          case $line in
            *'"type":"hello"'*) echo starting; echo '{"type":"hello","version":1}' ;;
            *'"type":"ping"'*) echo "{\"type\":\"pong\",\"id\":\"$id\"}" ;;
            *'"type":"shutdown"'*) exit 0 ;;
            *'"input":"crash"'*) echo 'the last words' >&2; exit 7 ;;
            *'"input":"term"'*) kill -TERM $$ ;;
            *'"input":"flood"'*) while :; do echo 'noise noise noise noise noise noise noise noise'; done ;;
            *'"input":"error"'*) echo "{\"type\":\"error\",\"id\":\"$id\",\"error\":{\"type\":\"Bad\",\"message\":\"no luck\"}}" ;;
            *) echo '{"not":"a message"}'; echo '{broken'; echo '{"type":"result","id":"other","output":"not mine"}'
               echo "{\"type\":\"event\",\"id\":\"$id\",\"name\":\"phase\",\"text\":\"two\"}"
               echo "{\"type\":\"result\",\"id\":\"$id\",\"output\":\"pid $$\",\"data\":{\"n\":1}}" ;;
          esac
        done
        """;

    // Gives one answer to every task.
    private const string Answering = """
        echo '{"type":"hello"}'
        while read -r line; do
          id=$(printf '%s' "$line" | sed -n 's/.*"id":"\([^"]*\)".*/\1/p')
          case $line in
            *'"type":"task"'*) printf '%s\n' "$0" | sed "s/ID/$id/" ;;
          esac
        done
        """;

    // More than a pipe holds is written before what comes in is read.
    private const string Talkative = """
        noise() { head -c 200000 /dev/zero | tr '\0' x; echo; }
        noise
        read -r hello
        echo '{"type":"hello","version":1}'
        noise
        read -r task
        id=$(printf '%s' "$task" | sed 's/.*"id":"\([^"]*\)".*/\1/')
        printf '{"type":"result","id":"%s","output":"ok"}\n' "$id"
        """;

    private static readonly ProcessLimits Quick = new() { RestartDelay = TimeSpan.Zero, TaskTimeout = TimeSpan.FromSeconds(60) };

    [UnixFact]
    public async Task JsonLines_NoiseAround_Answered()
    {
        using var agent = Serve();
        var notes = new List<string>();

        var result = await agent.ExecuteAsync("hi", new RunOptions { OnEvent = e => { if (e is NoteEvent note) notes.Add(note.Message); } });

        Assert.Equal("", result.Error?.Message ?? "");
        Assert.Equal($"pid {agent.ProcessId}", result.Output);
        Assert.Equal(["phase: two"], notes);
        Assert.Equal(result.Output, (await agent.ExecuteAsync("hi")).Output);
    }

    [UnixFact]
    public async Task JsonLines_LargeTaskForAChildThatTalksFirst_IsDone()
    {
        var much = new string('y', 300_000);
        using var agent = new ProcessAgent(new AgentMetadata("talkative"),
            new ProcessOptions("sh", "-c", Talkative) { Limits = Quick, Configuration = JsonSerializer.SerializeToElement(much) });
        Assert.Equal("ok", (await agent.ExecuteAsync(much)).ToString());
    }

    [UnixFact]
    public async Task JsonLines_Crash_NamesCodeAndLastLinesThenRestarts()
    {
        using var agent = Serve();

        var result = await agent.ExecuteAsync("crash");

        Assert.Equal(RunStatus.Failed, result.Status);
        Assert.Contains("exit code 7", result.Error!.Message, StringComparison.Ordinal);
        Assert.Contains("the last words", result.Error.Message, StringComparison.Ordinal);
        Assert.True((await agent.ExecuteAsync("hi")).IsDone);
    }

    [UnixFact]
    public async Task JsonLines_Signal_Named()
    {
        using var agent = Serve();

        Assert.Contains("signal 15, SIGTERM", (await agent.ExecuteAsync("term")).Error!.Message, StringComparison.Ordinal);
    }

    [UnixFact]
    public async Task JsonLines_EndlessNoise_Ended()
    {
        using var agent = Serve(Quick with { MaxOutputBytes = 200_000 });

        var result = await agent.ExecuteAsync("flood");

        Assert.Contains("200,000 bytes that ProcessLimits.MaxOutputBytes allows", result.Error!.Message, StringComparison.Ordinal);
        Assert.Null(agent.ProcessId);
    }

    [UnixFact]
    public async Task JsonLines_ReportedError_FailsAndProcessStays()
    {
        using var agent = Serve();
        await agent.InitializeAsync();
        var id = agent.ProcessId;

        var result = await agent.ExecuteAsync("error");

        Assert.Equal("Bad: no luck", result.Error!.Message);
        Assert.Equal(id, agent.ProcessId);
    }

    [UnixTheory]
    [InlineData("""{"type":"result","id":"ID","output":5}""", "its 'output' must be a text")]
    [InlineData("""{"type":"error","id":"ID","error":"bad"}""", "its 'error' must be an object")]
    [InlineData("""{"type":"result","id":"ID","output":"","data":NaN}""", "its 'data' must be JSON")]
    [InlineData("""{"type":"result","data":[1,Infinity],"id":"ID"}""", "its 'data' must be JSON")]
    [InlineData("""{"type":"result","id":"ID","state":["\ud800"]}""", "its 'state' must be JSON")]
    [InlineData("""{"type":"result","id":"ID","output":"\ud800"}""", "its 'output' must be a text")]
    public async Task JsonLines_AnswerThatIsNone_FieldNamedAndProcessStays(string answer, string expected)
    {
        using var agent = Answer(answer);
        await agent.InitializeAsync();
        var id = agent.ProcessId;

        var result = await agent.ExecuteAsync("x");

        Assert.Contains(expected, result.Error?.Message ?? result.Output, StringComparison.Ordinal);
        Assert.Equal(id, agent.ProcessId);
    }

    [UnixTheory]
    [InlineData(63, true)]
    [InlineData(64, false)]
    public async Task JsonLines_DeepData_TakenOrRefused(int levels, bool taken)
    {
        await using var store = new MemoryCheckpointStore();
        using var agent = Answer($$"""{"type":"result","id":"ID","output":"deep","data":{{new string('[', levels)}}{{new string(']', levels)}}}""");

        var result = await agent.ExecuteAsync("x", new RunOptions { Store = store });

        Assert.Contains(taken ? "deep" : "its 'data' must be JSON in UTF-8, at most 63 levels deep", result.Error?.Message ?? result.Output, StringComparison.Ordinal);
    }

    [UnixFact]
    public async Task JsonLines_ByteOrderMarkAhead_Greeted()
    {
        using var agent = Program("sh", ["-c", $"printf '\\357\\273\\277'\n{Answering}", """{"type":"result","id":"ID","output":"marked"}"""], Quick);

        var result = await agent.ExecuteAsync("x");

        Assert.Equal("marked", result.Error?.Message ?? result.Output);
    }

    [UnixFact]
    public async Task JsonLines_SecretThatIsAWordOfTheProtocol_Answered()
    {
        Environment.SetEnvironmentVariable("AGENTCORE_TEST_RESULT", "result");
        using var agent = Answer("""{"type":"result","id":"ID","output":"the re\u0073ult"}""", new ProcessEnvironment { Secrets = ["AGENTCORE_TEST_RESULT"] });

        Assert.Equal("the ***", (await agent.ExecuteAsync("x")).Output);
    }

    [UnixFact]
    public async Task JsonLines_FaultyEvents_PassedOver()
    {
        Environment.SetEnvironmentVariable("AGENTCORE_TEST_TOKEN", "s3cret-token");
        using var agent = Answer(
            """
            {"type":"event","id":"ID","text":"token is s3cret-token","data":{"t":"cut \ud83d"}}
            {"type":"event","id":"ID","data":"cut \ud83d"}
            {"type":"event","id":"ID","data":{"type":"result","score":NaN}}
            {"type":"event","id":"ID","text":"a s3cret-token"}
            {"type":"result","id":"ID","output":"done"}
            """,
            new ProcessEnvironment { Secrets = ["AGENTCORE_TEST_TOKEN"] });
        var notes = new List<string>();

        var result = await agent.ExecuteAsync("x", new RunOptions { OnEvent = e => { if (e is NoteEvent note) notes.Add(note.Message); } });

        Assert.Equal("done", result.Error?.Message ?? result.Output);
        Assert.Equal(["event: a ***"], notes);
    }

    [UnixFact]
    public async Task JsonLines_DiesBetweenTasks_StartedAgain()
    {
        using var agent = Serve();
        await agent.InitializeAsync();
        using (var process = System.Diagnostics.Process.GetProcessById(agent.ProcessId!.Value))
        {
            process.Kill();
            await process.WaitForExitAsync();
        }

        Assert.True((await agent.ExecuteAsync("hi")).IsDone);
    }

    [UnixFact]
    public async Task JsonLines_IdleAndDeaf_StartedAgain()
    {
        const string deaf = "echo '{\"type\":\"hello\"}'; sleep 3600";
        using var agent = Program("sh", ["-c", deaf], Quick with { HealthAfter = TimeSpan.Zero, HealthTimeout = TimeSpan.FromMilliseconds(200) });
        await agent.InitializeAsync();
        var before = agent.ProcessId;

        Assert.False(await agent.CheckHealthAsync());
        using var cancel = new CancellationTokenSource();
        await agent.ExecuteAsync("x", new RunOptions { OnEvent = e => { if (e is StepStartedEvent) cancel.CancelAfter(1000); } }, cancel.Token);

        Assert.NotEqual(before, agent.ProcessId);
    }

    [UnixFact]
    public async Task JsonLines_EndsAtOnce_StartFailureNamed()
    {
        using var agent = Program("sh", ["-c", "echo no config >&2; exit 5"], Quick);

        var result = await agent.ExecuteAsync("x");

        Assert.Contains("exit code 5", result.Error!.Message, StringComparison.Ordinal);
        Assert.Contains("before it greeted", result.Error.Message, StringComparison.Ordinal);
        Assert.Contains("no config", result.Error.Message, StringComparison.Ordinal);
    }

    [UnixFact]
    public async Task JsonLines_NewerProtocol_Refused()
    {
        using var agent = Program("sh", ["-c", "echo '{\"type\":\"hello\",\"version\":9}'; cat"], Quick);

        Assert.Contains("version 9", (await agent.ExecuteAsync("x")).Error!.Message, StringComparison.Ordinal);
    }

    [UnixFact]
    public async Task Text_Input_OnStandardInput()
    {
        using var agent = Text("cat", []);
        var large = new string('y', 3_000_000);

        Assert.Equal("hello", (await agent.ExecuteAsync("hello")).Output);
        Assert.Equal(large, (await agent.ExecuteAsync(large)).Output);
    }

    [UnixFact]
    public async Task Text_Input_AsArgument()
    {
        using var agent = Text("printf", ["%s.", "{input}"]);

        Assert.Equal("$(id) `id`; rm *.", (await agent.ExecuteAsync("$(id) `id`; rm *")).Output);
    }

    [UnixTheory]
    [InlineData("{input}", "--help")]
    [InlineData("{input}1", "-")]
    [InlineData("{input}{input}", "-")]
    public async Task Text_InputLikeAnOption_Refused(string argument, string input)
    {
        using var agent = Text("echo", [argument]);

        var result = await agent.ExecuteAsync(input);

        Assert.Contains("begins with '-'", result.Error?.Message ?? result.Output, StringComparison.Ordinal);
    }

    [UnixTheory]
    [InlineData("--", "{input}1")]
    [InlineData("x", "of={input}")]
    public async Task Text_InputLikeAnOptionThatIsNone_Taken(string first, string second)
    {
        using var agent = Text("printf", ["%s ", first, second]);

        var result = await agent.ExecuteAsync("-");

        Assert.Equal($"{first} {second.Replace("{input}", "-", StringComparison.Ordinal)}", result.Error?.Message ?? result.Output);
    }

    [UnixFact]
    public async Task Text_ByteOrderMarkAhead_LeftOut()
    {
        using var agent = Text("sh", ["-c", "printf '\\357\\273\\277marked'"]);

        Assert.Equal("marked", (await agent.ExecuteAsync("x")).Output);
    }

    [UnixFact]
    public async Task Text_ExitCode_FailsWithLastLines()
    {
        using var agent = Text("sh", ["-c", "echo partial; echo why >&2; exit 2"]);

        var result = await agent.ExecuteAsync("x");

        Assert.Contains("exit code 2", result.Error!.Message, StringComparison.Ordinal);
        Assert.Contains("why", result.Error.Message, StringComparison.Ordinal);
    }

    [UnixFact]
    public async Task Text_OutputHeldOpenByWhatItLeft_Answered()
    {
        using var agent = Text("sh", ["-c", "sleep 3600 & echo hi"]);

        var result = await agent.ExecuteAsync("x");

        Assert.Equal("hi", result.Error?.Message ?? result.Output);
    }

    [UnixFact]
    public async Task JsonLines_EndsWithOutputHeldOpen_CodeNamed()
    {
        using var agent = Program("sh", ["-c", "echo '{\"type\":\"hello\"}'; read -r a; read -r b; sleep 3600 & exit 7"], Quick);

        Assert.Contains("exit code 7", (await agent.ExecuteAsync("x")).Error?.Message, StringComparison.Ordinal);
    }

    [UnixFact]
    public async Task Child_DisposedOf_StreamsClosed()
    {
        var child = ChildProcess.Start(new ProcessOptions("cat"), []);
        child.Output.Allow(1024);
        var reading = child.Output.ReadLineAsync(CancellationToken.None).AsTask();

        await child.DisposeAsync();

        Assert.Null(await reading);
        Assert.All(child.Streams, s => Assert.Throws<ObjectDisposedException>(() => ((PipeStream)s).SafePipeHandle));
    }

    [UnixFact]
    public async Task Text_TooMuch_LimitNamed()
    {
        using var agent = Text("sh", ["-c", "yes"], Quick with { MaxOutputBytes = 100_000 });

        Assert.Contains("ProcessLimits.MaxOutputBytes", (await agent.ExecuteAsync("x")).Error!.Message, StringComparison.Ordinal);
    }

    [UnixFact]
    public async Task Text_Hangs_EndedAndOutcomeUnknown()
    {
        using var agent = Text("sleep", ["3600"], Quick with { TaskTimeout = TimeSpan.FromMilliseconds(300) });

        Assert.Equal(RunStatus.NeedsDecision, (await agent.ExecuteAsync("x")).Status);
    }

    [UnixTheory]
    [InlineData(ProcessProtocol.JsonLines)]
    [InlineData(ProcessProtocol.Text)]
    public async Task Dispose_WhileItStartsOrWorks_EndedWithTheAgent(ProcessProtocol protocol)
    {
        var folder = Directory.CreateTempSubdirectory("agentcore-");
        try
        {
            var agent = new ProcessAgent(
                new AgentMetadata("program"),
                new ProcessOptions("sh", "-c", "echo $$ > id.new; mv id.new id; sleep 3600") { Protocol = protocol, Limits = Quick, WorkingDirectory = folder.FullName });
            var running = agent.ExecuteAsync("x");
            var file = Path.Combine(folder.FullName, "id");
            while (!File.Exists(file))
                await Task.Yield();

            agent.Dispose();

            var result = await running;
            Assert.Equal(RunStatus.Failed, result.Status);
            Assert.Contains("was disposed of", result.Error!.Message, StringComparison.Ordinal);
            await Processes.GoneAsync(int.Parse(await File.ReadAllTextAsync(file), CultureInfo.InvariantCulture));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [UnixFact]
    public async Task Text_ProgramOrFolderMissing_SaysWhere()
    {
        using var program = Text("no-such-program", []);
        using var folder = new ProcessAgent(new AgentMetadata("p"), new ProcessOptions("cat") { WorkingDirectory = "/no/such/folder", Protocol = ProcessProtocol.Text });

        Assert.Contains("was not found in the child's PATH", (await program.ExecuteAsync("x")).Error!.Message, StringComparison.Ordinal);
        Assert.Contains("/no/such/folder", (await folder.ExecuteAsync("x")).Error!.Message, StringComparison.Ordinal);
    }

    [UnixFact]
    public async Task Resume_DoneStep_NotDoneAgain()
    {
        await using var store = new MemoryCheckpointStore();
        using var agent = Text("sh", ["-c", "echo $$"]);
        var first = await agent.ExecuteAsync("x", new RunOptions { Store = store });

        var again = await agent.ResumeAsync(first.RunId!, new RunOptions { Store = store });

        Assert.Equal(first.Output, again.Output);
    }

    [UnixTheory]
    [InlineData(null, "")]
    [InlineData("\"by hand\"", "by hand")]
    [InlineData("""{"output":"by hand"}""", "by hand")]
    [InlineData("""{"text":"by hand"}""", """{"text":"by hand"}""")]
    public async Task Resume_LostCallDecidedAsDone_AnswersWhatThePersonGave(string? given, string output)
    {
        await using var store = new MemoryCheckpointStore();
        var options = new RunOptions { Store = store };
        using var agent = Text("sh", ["-c", "exit 1"]);
        var id = (await agent.ExecuteAsync("x", options)).RunId!;

        await new RunHistory(store).DecideAsync(id, "0", new Decision(Verdict.Done, "me") { Result = given is null ? null : JsonSerializer.Deserialize<JsonElement>(given) });

        Assert.Equal(output, (await agent.ResumeAsync(id, options)).EnsureDone().Output);
    }

    [UnixFact]
    public async Task OrphanGuard_InputCloses_GroupsLeftAreEnded()
    {
        var mark = $"{ProcessEnvironment.Mark}={Guid.NewGuid():n}";
        using var kept = Sleep();
        using var ended = Sleep();
        using var escaped = System.Diagnostics.Process.Start("env", [mark, "setsid", "sleep", "3600"]);
        while (OperatingSystem.IsLinux() && !File.ReadAllText($"/proc/{escaped.Id}/cmdline").StartsWith("sleep", StringComparison.Ordinal))
            await Task.Yield();
        using var guard = System.Diagnostics.Process.Start(
            new System.Diagnostics.ProcessStartInfo("sh", ["-c", OrphanGuard.Script, "guard", mark]) { RedirectStandardInput = true })!;
        await guard.StandardInput.WriteAsync($"+ {kept.Id}\n+ {ended.Id}\n- {kept.Id}\n");

        guard.StandardInput.Close();

        await ended.WaitForExitAsync();
        await guard.WaitForExitAsync();
        if (OperatingSystem.IsLinux())
            await escaped.WaitForExitAsync();
        else
            escaped.Kill();
        Assert.Equal(137, ended.ExitCode);
        Assert.False(kept.HasExited);
        kept.Kill();

        static System.Diagnostics.Process Sleep() => System.Diagnostics.Process.Start("setsid", ["sleep", "3600"]);
    }

    [Theory]
    [InlineData(1, 500)]
    [InlineData(2, 1000)]
    [InlineData(3, 2000)]
    [InlineData(99, 30000)]
    public void DelayAfter_Failures_Doubled(int failures, int milliseconds)
    {
        Assert.Equal(milliseconds, new ProcessLimits().DelayAfter(failures).TotalMilliseconds);
    }

    [Fact]
    public void Limits_OutOfRange_Refused()
    {
        Assert.Contains("ProcessLimits.MaxOutputBytes is 0", Assert.Throws<ArgumentException>(() => new ProcessLimits { MaxOutputBytes = 0 }).Message, StringComparison.Ordinal);
        Assert.Contains("ProcessLimits.TaskTimeout", Assert.Throws<ArgumentException>(() => new ProcessLimits { TaskTimeout = TimeSpan.Zero }).Message, StringComparison.Ordinal);
        Assert.Contains("ProcessLimits.MaxRestarts is -1", Assert.Throws<ArgumentException>(() => new ProcessLimits { MaxRestarts = -1 }).Message, StringComparison.Ordinal);
    }

    private static ProcessAgent Serve(ProcessLimits? limits = null) => Program("sh", ["-c", Server], limits ?? Quick);

    private static ProcessAgent Answer(string answer, ProcessEnvironment? environment = null) =>
        new(new AgentMetadata("program"), new ProcessOptions("sh", "-c", Answering, answer) { Limits = Quick, Environment = environment ?? new() });

    private static ProcessAgent Program(string file, string[] arguments, ProcessLimits limits) =>
        new(new AgentMetadata("program"), new ProcessOptions(file, arguments) { Limits = limits });

    private static ProcessAgent Text(string file, string[] arguments, ProcessLimits? limits = null) =>
        new(new AgentMetadata("program"), new ProcessOptions(file, arguments) { Protocol = ProcessProtocol.Text, Limits = limits ?? Quick });
}
