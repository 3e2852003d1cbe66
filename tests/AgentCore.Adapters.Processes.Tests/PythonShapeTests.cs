using System.Text.Json;
using Microsoft.Extensions.AI;

namespace AgentCore.Adapters.Processes.Tests;

/// <summary>Agents of every shape, called without a binding.</summary>
public sealed class PythonShapeTests
{
    [PythonTheory]
    [InlineData("sync_agents:RunText", "ran hello")]
    [InlineData("sync_agents:ChatUntyped", "chat HELLO")]
    [InlineData("sync_agents:HandleMessageDict", "handled hello")]
    [InlineData("sync_agents:OnMessages", "1 messages, last hello")]
    [InlineData("sync_agents:InvokeState", "invoked hello")]
    [InlineData("sync_agents:GetResponseDataclass", "response to hello")]
    [InlineData("sync_agents:StepNothing", "{\"steps\": 1}")]
    [InlineData("sync_agents:GeneratorAgent", "one two hello")]
    [InlineData("sync_agents:MutatesArgument", "mutated hello")]
    [InlineData("sync_agents:ContentObject", "object hello")]
    [InlineData("sync_agents:NamedTupleAgent", "named hello")]
    [InlineData("sync_agents:EnumAgent", "CALM hello")]
    [InlineData("sync_agents:NeedsContext", "nobody said hello")]
    [InlineData("sync_agents:CallableAgent", "called hello")]
    [InlineData("sync_agents:Lifecycle", "py started=True hello!")]
    [InlineData("sync_agents:Remembers", "hello")]
    [InlineData("sync_agents:Connection", "not connected, hello")]
    [InlineData("sync_agents:TemplateMethod", "[template hello]")]
    [InlineData("sync_agents:CallbackAgent", "done hello")]
    [InlineData("sync_agents:PydanticLike", "hello from user")]
    [InlineData("sync_agents:OrderedResult", "ordered hello")]
    [InlineData("sync_agents:EnumsWithin", """{"warm": [{"tone": "warm", "rank": 1}, 3]}""")]
    [InlineData("sync_agents:EnumLast", "warm")]
    [InlineData("sync_agents:Collections", """{"user": {"a": 1}, "proxy": {"b": 2}, "deque": [3], "list": [4], "range": "range(0, 2)", "chars": "text", "view": "cmF3", "items": [["c", 5]]}""")]
    [InlineData("sync_agents:LazySequences", """{"numbers": "range(0, 1000000000000000000000000000000)", "words": "a billion"}""")]
    [InlineData("sync_agents:AnswersARange", "range(0, 1000000000000000000000000000000)")]
    [InlineData("sync_agents:AnswersALazySequence", "a billion")]
    [InlineData("sync_agents:AnswerInAMapping", "one\ntwo")]
    [InlineData("sync_agents:function_agent", "function hello")]
    [InlineData("sync_agents.py:RunText", "ran hello")]
    [InlineData("async_agents:AChat", "async hello")]
    [InlineData("async_agents:AsyncGenerator", "abhello")]
    [InlineData("async_agents:HandleMessageContext", "hello on default")]
    [InlineData("async_agents:AwaitsItsCallback", "awaited hello")]
    [InlineData("async_agents:AsyncLifecycle", "ready hello")]
    [InlineData("async_agents:ReturnsCoroutine", "coroutine hello")]
    [InlineData("async_agents:RunsItsOwnLoop", "own loop hello")]
    [InlineData("async_agents:Gathers", "hello?")]
    public async Task Execute_Shape_CalledByConvention(string target, string expected)
    {
        using var agent = Python.Agent(target, p => p with { WorkingDirectory = Python.Folder });

        var result = await agent.ExecuteAsync("hello");

        Assert.Equal("", result.Error?.Message ?? "");
        Assert.Equal(expected, result.Output);
    }

    [PythonTheory]
    [InlineData("sync_agents:ExecuteByName", """{"city":"Bern","days":3}""", "Bern for 3 days")]
    [InlineData("sync_agents:ExecuteByName", """{"city":"Bern"}""", "Bern for 1 days")]
    [InlineData("sync_agents:EnumAgent", """{"mood":"loud"}""", "LOUD go")]
    [InlineData("sync_agents:KeywordAgent", """{"b":1,"a":2}""", "go a,b")]
    [InlineData("sync_agents:NumberAgent", """{"data":[1.5,2]}""", "3.5")]
    [InlineData("sync_agents:NeedsContext", """{"ctx":{"user":"Ada"}}""", "Ada said go")]
    [InlineData("sync_agents:TypedValues", """{"pair":["a",5],"count":3.0}""", "(('a', 5), 3, None, None)")]
    [InlineData("sync_agents:TypedValues", """{"prices":{"tea":3},"grid":{"1":["2"]}}""", "(('', 0), 0, {'tea': 3.0}, {1: [2]})")]
    [InlineData("sync_agents:TypedData", """{"tea":"3","rum":2.0}""", "[('rum', 2), ('tea', 3)]")]
    [InlineData("async_agents:Gathers", """{"items":["x","y"]}""", "x?\ny?")]
    public async Task Execute_NamedData_GivenByName(string target, string data, string expected)
    {
        using var agent = Python.Agent(target);
        var task = new AgentTask("go") { Data = JsonSerializer.Deserialize<Dictionary<string, JsonElement>>(data)! };

        var result = await agent.ExecuteAsync(task);

        Assert.Equal("", result.Error?.Message ?? "");
        Assert.Equal(expected, result.Output);
    }

    [PythonTheory]
    [InlineData("""{"pair":["a"]}""", "['a'] has 1 values, not 2")]
    [InlineData("""{"pair":["a","b"]}""", "'b' is not a int")]
    [InlineData("""{"count":3.7}""", "'3.7' is not a int")]
    [InlineData("""{"count":1e999}""", "'inf' is not a int")]
    [InlineData("""{"prices":{"tea":"dear"}}""", "tea: 'dear' is not a float")]
    public async Task Execute_DataOfAnotherType_Refused(string data, string expected)
    {
        using var agent = Python.Agent("sync_agents:TypedValues");
        var task = new AgentTask("go") { Data = JsonSerializer.Deserialize<Dictionary<string, JsonElement>>(data)! };

        Assert.Contains(expected, (await agent.ExecuteAsync(task)).Error?.Message, StringComparison.Ordinal);
    }

    [PythonFact]
    public async Task Execute_HalfOfASurrogatePair_ReplacedAlikeWhenComparedAndWhenRun()
    {
        using var agent = Python.Agent("sync_agents:HalfCharacter");

        var direct = await PythonDirect.RunAsync("half", agent.Python, new AgentTask("x"), false, TimeSpan.FromSeconds(60), default);
        var result = await agent.ExecuteAsync("x");

        Assert.Equal("""{"half": "\ufffd", "whole": "\ud83d\ude00"}""", JsonEncodedText.Encode(result.Output).ToString().Replace("\\u0022", "\"").ToLowerInvariant());
        Assert.Equal(result.Output, direct.Output);
    }

    [PythonFact]
    public async Task Execute_Conversation_HandedOn()
    {
        using var agent = Python.Agent("sync_agents:OnMessages");
        var task = new AgentTask("third") { Messages = [new(ChatRole.User, "first"), new(ChatRole.Assistant, "second")] };

        var result = await agent.ExecuteAsync(task);

        Assert.Equal("3 messages, last third", result.Output);
        Assert.Equal("assistant", result.GetData<JsonElement>().GetProperty("role").GetString());
    }

    [PythonFact]
    public async Task Execute_Progress_ToldAsNotes()
    {
        using var agent = Python.Agent("sync_agents:CallbackAgent");
        var notes = new List<string>();

        await agent.ExecuteAsync("x", new RunOptions { OnEvent = e => { if (e is NoteEvent note) notes.Add(note.Message); } });

        Assert.Equal(["half way"], notes);
    }

    [PythonTheory]
    [InlineData("EndsWithNone", "Hello world", null)]
    [InlineData("EndsWithNoneAsync", "Hello world", null)]
    [InlineData("Bytes", "Grüße", "\"R3LDvMOfZQ==\"")]
    [InlineData("Contents", "Hello world", """[{"content":"Hello "},{"content":"world"},{"content":""}]""")]
    [InlineData("Tokens", "ab", """[{"type":"token","text":"a"},{"type":"token","text":"b"}]""")]
    [InlineData("Deltas", "ab", """[{"delta":"a"},{"delta":"b"},{"delta":null}]""")]
    [InlineData("DeltasOfNone", "Hello world", """[{"delta":null,"text":"Hello"},{"delta":null,"text":"Hello world"}]""")]
    [InlineData("DeltaOfNone", "answer", """[{"delta":null,"content":"answer"}]""")]
    [InlineData("TokensWithDeltasOfNone", "ab", """[{"type":"token","delta":null,"text":"a"},{"type":"token","delta":null,"text":"b"}]""")]
    [InlineData("Messages", "answer", """[{"content":"thought"},{"content":"answer"}]""")]
    [InlineData("EmptyEnd", "answer", """[{"answer":"answer"},""]""")]
    [InlineData("Returns", "42", null)]
    [InlineData("ReturnsAnObject", "42", """{"answer":"42","cost":1}""")]
    [InlineData("OnlyNone", "", null)]
    public async Task Execute_Stream_PartsTogetherElseItsLast(string agentName, string output, string? data)
    {
        using var agent = Python.Agent("streams:" + agentName);

        var result = await agent.ExecuteAsync("x");

        Assert.Equal((null, output), (result.Error?.Message, result.Output));
        Assert.Equal(data, result.GetData<JsonElement?>() is { } given ? given.GetRawText() : null);
    }

    [PythonFact]
    public async Task Execute_SeveralTasks_OneProcess()
    {
        using var agent = Python.Agent("sync_agents:StepNothing");

        await agent.ExecuteAsync("");
        var before = agent.ProcessId;
        var result = await agent.ExecuteAsync("");

        Assert.Equal("{\"steps\": 2}", result.Output);
        Assert.Equal(before, agent.ProcessId);
    }

    [PythonFact]
    public async Task Execute_Session_KeepsState()
    {
        var session = new Agents.AgentSession();
        using (var agent = Python.Agent("sync_agents:Remembers"))
            await agent.ExecuteAsync("one", new RunOptions { Session = session });
        using var other = Python.Agent("sync_agents:Remembers");

        var result = await other.ExecuteAsync("two", new RunOptions { Session = session });

        Assert.Equal("one two", result.Output);
    }

    [PythonTheory]
    [InlineData("sync_agents:Remembers")]
    [InlineData("sync_agents:RemembersInPlace")]
    [InlineData("sync_agents:SavesNothingFirst")]
    [InlineData("sync_agents:CannotSaveFirst")]
    [InlineData("sync_agents:SavesToFilesToo")]
    [InlineData("async_agents:RemembersAsync")]
    public async Task Execute_AnotherSession_KnowsNothingOfTheFirst(string target)
    {
        using var agent = Python.Agent(target);
        var first = new Agents.AgentSession();
        await agent.ExecuteAsync("one", new RunOptions { Session = first });

        var second = await agent.ExecuteAsync("two", new RunOptions { Session = new Agents.AgentSession() });
        var third = await agent.ExecuteAsync("three", new RunOptions { Session = first });
        var fourth = await agent.ExecuteAsync("four", new RunOptions { Session = new Agents.AgentSession() });

        Assert.Equal(("two", "one three", "four"), (second.Output, third.Output, fourth.Output));
    }

    [PythonTheory]
    [InlineData("sync_agents:SavesToFiles")]
    [InlineData("sync_agents:LoadsWithAKey")]
    public async Task Execute_StateThatNeedsMore_LeftAsItIs(string target)
    {
        using var agent = Python.Agent(target);
        var session = new Agents.AgentSession();
        await agent.ExecuteAsync("one", new RunOptions { Session = session });

        var result = await agent.ExecuteAsync("two", new RunOptions { Session = session });

        Assert.Equal((null, "one two"), (result.Error?.Message, result.Output));
    }

    [PythonFact]
    public async Task Execute_AnotherSessionAfterAFailure_KnowsNothingOfTheFirst()
    {
        using var agent = Python.Agent("sync_agents:Remembers");
        await agent.ExecuteAsync("fail", new RunOptions { Session = new Agents.AgentSession() });

        var result = await agent.ExecuteAsync("two", new RunOptions { Session = new Agents.AgentSession() });

        Assert.Equal("two", result.Output);
    }

    [PythonFact]
    public async Task Shutdown_Lifecycle_Stopped()
    {
        var folder = Directory.CreateTempSubdirectory("agentcore-");
        try
        {
            using var agent = Python.Agent("sync_agents:Lifecycle", p => p with { WorkingDirectory = folder.FullName, SearchPath = [Python.Folder] });
            Assert.True(await agent.InitializeAsync(), agent.LastError?.Message);
            Assert.True(await agent.CheckHealthAsync());

            Assert.True(await agent.ShutdownAsync());

            Assert.True(File.Exists(Path.Combine(folder.FullName, "stopped.txt")));
            Assert.Null(agent.ProcessId);
            Assert.False(await agent.CheckHealthAsync());
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [PythonTheory]
    [InlineData("EndsAtOnce", "written")]
    [InlineData("EndsThoughItHoldsItself", "written")]
    [InlineData("EndsWhileAThreadRuns", "written")]
    [InlineData("EndsWhileItStops", "")]
    public async Task Shutdown_FilesAndWhatWaitsForTheEnd_Written(string agentName, string written)
    {
        var folder = Directory.CreateTempSubdirectory("agentcore-").FullName;
        try
        {
            using var agent = Python.Agent("ends:" + agentName, p => p with { WorkingDirectory = folder, SearchPath = [Python.Folder] });
            Assert.Equal("done", (await agent.ExecuteAsync("x")).Output);

            await agent.ShutdownAsync();

            Assert.Equal("at the end", await File.ReadAllTextAsync(Path.Combine(folder, "end.txt")));
            Assert.Equal("logged\n", await File.ReadAllTextAsync(Path.Combine(folder, "log.txt")));
            // What it has open it writes when Python lets go of it.
            Assert.Equal(written, await File.ReadAllTextAsync(Path.Combine(folder, "open.txt")));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
