using System.Text;
using System.Text.Json;
using AgentCore.Runs;
using AgentCore.Testing;

namespace AgentCore.Tests.Runs;

public sealed class RunArchiveTests
{
    private const string Run = """{"k":"run","at":1,"i":1,"n":"a","v":{"input":"x"}}""";

    [Theory]
    [InlineData("its place in the run is 'abc'", Run, """{"k":"intent","at":2,"p":"abc","n":"s","t":"step"}""")]
    [InlineData("its place in the run is '1..2'", Run, """{"k":"scope","at":2,"p":"1..2","n":"s","t":"turn"}""")]
    [InlineData("its place in the run is ''", Run, """{"k":"done","at":2,"v":1}""")]
    [InlineData("its place in the run is ''", Run, """{"k":"done","at":2,"p":null,"v":1}""")]
    [InlineData("it has no name", Run, """{"k":"intent","at":2,"p":"0","t":"step"}""")]
    [InlineData("it has no error", Run, """{"k":"fail","at":2,"p":"0"}""")]
    [InlineData("its verdict is 'Perhaps'", Run, """{"k":"decide","at":2,"p":"0","t":"Perhaps"}""")]
    [InlineData("its status is 'Paused'", Run, """{"k":"end","at":2,"t":"Paused","v":{"output":"y"}}""")]
    [InlineData("its status is '1'", Run, """{"k":"end","at":2,"t":"1","v":{"output":"y"}}""")]
    [InlineData("it has no result", Run, """{"k":"end","at":2,"t":"Done","v":null}""")]
    [InlineData("damaged", Run, """{"k":"end","at":2,"t":"Done"}""")]
    [InlineData("its version is", Run, """{"k":"version","at":2,"n":"v"}""")]
    [InlineData("has no place", Run, """{"k":"attempt","at":2,"l":["0","x"]}""")]
    [InlineData("its time is", Run, """{"k":"resume","at":9223372036854775807,"n":"a"}""")]
    [InlineData("it has no task", """{"k":"run","at":1,"i":1,"n":"a","v":null}""")]
    [InlineData("damaged", """{"k":"run","at":1,"i":1,"n":"a","v":{"input":null}}""")]
    [InlineData("damaged", """{"k":"run","at":1,"i":1,"n":"a","v":{"input":"x"},"a":5}""")]
    [InlineData("it has no name", """{"k":"run","at":1,"i":1,"v":{"input":"x"}}""")]
    public async Task Import_RecordThatCantBeRead_IsRefusedWithItsLine(string what, params string[] records)
    {
        await using var store = new MemoryCheckpointStore();

        var error = await Assert.ThrowsAsync<ArgumentException>(() => RunArchive.ImportAsync(store, Archive(records)));

        Assert.Contains($"Line {records.Length + 1} of the archive is damaged", error.Message, StringComparison.Ordinal);
        Assert.Contains(what, error.Message, StringComparison.Ordinal);
        Assert.Null(await store.GetAsync("runs", "r"));
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("""{"id":"","agent":"a","status":"Done","input":"x"}""")]
    [InlineData("""{"id":"r","agent":"a","status":"Paused","input":"x"}""")]
    public async Task Import_SummaryThatCantBeRead_IsRefused(string summary)
    {
        await using var store = new MemoryCheckpointStore();

        var error = await Assert.ThrowsAsync<ArgumentException>(() => RunArchive.ImportAsync(store, Archive([Run], summary)));

        Assert.Contains("Line 1 of the archive is damaged", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Import_WholeRun_IsShownAndReplays()
    {
        await using var store = new MemoryCheckpointStore();

        await RunArchive.ImportAsync(store, Archive([Run, """{"k":"intent","at":2,"p":"0","n":"s","t":"step"}""", """{"k":"done","at":3,"p":"0","v":"well"}"""]));
        using var agent = new Async(async c => AgentResult.Done(await c.StepAsync("s", null, _ => Task.FromResult("again"))), name: "a");

        Assert.Equal("0", Assert.Single((await new RunHistory(store).ReadAsync("r")).Steps).Path);
        Assert.Equal("well", (await agent.ResumeAsync("r", new RunOptions { Store = store })).EnsureDone().Output);
    }

    private static StringReader Archive(string[] records, string summary = """{"id":"r","agent":"a","status":"Done","input":"x"}""")
    {
        var lines = records.Select(r => JsonSerializer.Serialize(new { record = Encoding.UTF8.GetBytes(r) }));
        return new StringReader(string.Join('\n', [$$"""{"format":"agentcore-run","version":1,"run":{{summary}}}""", .. lines]));
    }
}
