using System.Text.Json;

namespace AgentCore.Runner.Tests;

public sealed class TeamTests
{
    private const string Pair = """
        description: Two clerks and what they do.
        protocol: sequential
        members:
          - clerk
          - name: second
            role: helper
            description: Does the same again.
            instructions: Do what the task's script says.
            capabilities: [ledger.append]
            history: task
        """;

    [Fact]
    public async Task TeamRun_BuiltInResearch_CitesVerbatimAtFileAndLine()
    {
        using var workspace = new Workspace(plugin: false);
        workspace.Write("handbook/leave.md", "# Leave\n\nEvery employee has thirty days of paid leave per year.\n\nAsk your lead two weeks before you go.\n");
        workspace.Write("handbook/travel.md", "# Travel\n\nTrains are booked in second class.\n");

        var outcome = (await workspace.RunAsync("team", "run", "research", "How many days of paid leave do I have per year?", "--input", "handbook", "--model", "offline", "--json")).Expect(0);

        var document = outcome.Json;
        Assert.Equal("done", document.GetProperty("status").GetString());
        var first = document.GetProperty("citations")[0];
        var lines = await File.ReadAllLinesAsync(first.GetProperty("path").GetString()!);
        Assert.Contains(first.GetProperty("quote").GetString()!, lines[first.GetProperty("line").GetInt32() - 1], StringComparison.Ordinal);
        Assert.Contains("thirty days", first.GetProperty("quote").GetString(), StringComparison.Ordinal);
        Assert.Equal(["researcher", "analyst", "writer", "critic"], document.GetProperty("members").EnumerateArray().Select(m => m.GetProperty("name").GetString()));
        Assert.Equal(4, document.GetProperty("turns").GetArrayLength());
        Assert.True(document.GetProperty("usage").GetProperty("totalTokens").GetInt64() > 0);
    }

    [Fact]
    public async Task TeamRun_QuestionTheFolderCannotAnswer_SaysSoAndCitesNothing()
    {
        using var workspace = new Workspace(plugin: false);
        workspace.Write("handbook/travel.md", "# Travel\n\nTrains are booked in second class.\n");

        var outcome = (await workspace.RunAsync("team", "run", "research", "Who won the chess olympiad in 1972?", "--input", "handbook", "--model", "offline", "--json")).Expect(0);

        Assert.Contains("Not found in the input", outcome.Json.GetProperty("output").GetString(), StringComparison.Ordinal);
        Assert.Equal(0, outcome.Json.GetProperty("citations").GetArrayLength());
    }

    [Fact]
    public async Task TeamRun_KilledInATurn_ResumesInThatTurnWithTheSameInputs()
    {
        using var workspace = new Workspace();
        workspace.Write("teams/pair.yaml", Pair);
        using (var running = workspace.Start("team", "run", "pair", "call ledger.append {\"text\":\"first\"}\ncall ledger.wait\nall done"))
        {
            await running.UntilAsync(() => workspace.Ledger.Count == 2);
            running.Kill();
            await running.EndAsync();
        }

        workspace.Write("go.txt", "");
        var resumed = (await workspace.RunAsync("runs", "resume", "last", "--json")).Expect(0);

        Assert.Equal(["first", "waiting", "waiting", "first"], workspace.Ledger);
        Assert.Equal(2, resumed.Json.GetProperty("turns").GetArrayLength());
        Assert.Equal(6, workspace.Replies.Count);
    }

    [Fact]
    public async Task TeamRun_PersonsTurn_StopsForAnAnswerAndResumesWithIt()
    {
        using var workspace = new Workspace();
        workspace.Write("teams/asking.yaml", """
            protocol: sequential
            members:
              - clerk
              - name: Ada
                kind: person
            """);

        var stopped = (await workspace.RunAsync("team", "run", "asking", "shall we?", "--no-input", "--json")).Expect(4);
        var pending = stopped.Json.GetProperty("pending")[0];
        (await workspace.RunAsync("runs", "answer", "last", pending.GetProperty("step").GetString()!, "yes, we shall")).Expect(0);
        var resumed = (await workspace.RunAsync("runs", "resume", "last", "--json")).Expect(0);

        Assert.Equal("yes, we shall", resumed.Json.GetProperty("output").GetString());
        Assert.Single(workspace.Replies);
    }

    [Fact]
    public async Task TeamRun_MaxTurns_Exits3()
    {
        using var workspace = new Workspace();
        workspace.Write("teams/pair.yaml", Pair.Replace("sequential", "round-robin", StringComparison.Ordinal));

        var outcome = (await workspace.RunAsync("team", "run", "pair", "hello", "--max-turns", "1", "--json")).Expect(3);

        Assert.Equal("maxTurns", outcome.Json.GetProperty("stop").GetProperty("kind").GetString());
        Assert.Equal(1, outcome.Json.GetProperty("turns").GetArrayLength());
    }

    [Fact]
    public async Task TeamCheck_HandoffToNobody_NamesFileAndLine()
    {
        using var workspace = new Workspace();
        workspace.Write("teams/lost.yaml", """
            protocol: handoff
            members:
              - agent: clerk
                handoffs: [nobody]
              - asker
            """);

        var outcome = (await workspace.RunAsync("team", "check", "lost", "--json")).Expect(1);

        var finding = outcome.Json.GetProperty("findings").EnumerateArray().First(f => f.GetProperty("severity").GetString() == "error");
        Assert.Equal("teams/lost.yaml", finding.GetProperty("file").GetString());
        Assert.Equal(4, finding.GetProperty("line").GetInt32());
        Assert.Equal(JsonValueKind.False, outcome.Json.GetProperty("good").ValueKind);
    }

    [Fact]
    public async Task Doctor_ErrorsInTeamFiles_NamesAllWithFileLineAndField()
    {
        using var workspace = new Workspace();
        workspace.Write("teams/a.yaml", "protocol: sequental\nmembers: [clrek]\n");
        workspace.Write("teams/b.yaml", "protocol: {kind: debate, rouns: 3}\nmembers:\n  - clerk\n  - name: x\n    instructions: hello\n    tols: [ledger.append]\n");
        workspace.Write("teams/c.yaml", "protocol: sequential\nmembers: [clerk, c]\n");

        var outcome = (await workspace.RunAsync("doctor", "--json")).Expect(1);

        var message = string.Join('\n', outcome.Json.GetProperty("problems").EnumerateArray());
        Assert.Contains("teams/a.yaml:1:11: protocol.kind: 'sequental' is no protocol. Did you mean 'sequential'?", message, StringComparison.Ordinal);
        Assert.Contains("teams/b.yaml:1:26: protocol.rouns: there is no such field. Did you mean 'rounds'?", message, StringComparison.Ordinal);
        Assert.Contains("teams/b.yaml:1:11: protocol: the field 'judge' is missing", message, StringComparison.Ordinal);
        Assert.Contains("teams/b.yaml:6:5: members[1].tols: there is no such field. Did you mean 'tools'?", message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task TeamRun_TeamThatIsItsOwnMember_SaysSo()
    {
        using var workspace = new Workspace();
        workspace.Write("teams/a.yaml", "protocol: sequential\nmembers: [b]\n");
        workspace.Write("teams/b.yaml", "protocol: sequential\nmembers: [a]\n");

        var outcome = (await workspace.RunAsync("team", "run", "a", "hello", "--json")).Expect(2);

        Assert.Contains("teams/b.yaml:2:11: members[0].agent: the team calls itself: a → b → a.", outcome.Json.GetProperty("error").GetProperty("message").GetString(), StringComparison.Ordinal);
    }
}
