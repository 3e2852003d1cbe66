using System.Text;
using AgentCore.Agents;
using AgentCore.Checkpoints;
using AgentCore.Testing;

namespace AgentCore.Tests.Agents;

public sealed class AgentSessionTests
{
    [Theory]
    [InlineData("""{"messages":5}""")]
    [InlineData("{}")]
    [InlineData("not JSON")]
    public async Task Load_DamagedRecord_IsTold(string record)
    {
        await using var store = new MemoryCheckpointStore();
        await store.CommitAsync(new StoreBatch().Append("session/s", 0, Encoding.UTF8.GetBytes(record)));

        var error = await Assert.ThrowsAsync<StoreException>(() => AgentSession.LoadAsync(store, "s"));

        Assert.Contains("Record 0 of session s is damaged", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Retry_AfterANestedAgentAddedToASession_FindsItAsItWas(bool isInABranch)
    {
        using var client = new ScriptedChatClient("before", "hi");
        using var chat = ChatAgent.Create("chat", client).Build();
        var session = new AgentSession();
        await chat.ExecuteAsync("hello before", new RunOptions { Session = session });
        var tries = 0;
        using var outer = new Async(
            async c =>
            {
                if (isInABranch)
                    await c.ParallelAsync<AgentResult>([b => b.RunAgentAsync(chat, "hello", session)]);
                else
                    await c.RunAgentAsync(chat, "hello", session);
                return AgentResult.Done(await c.StepAsync("flaky", null, _ => ++tries == 1 ? throw new IOException("no") : Task.FromResult("well"), StepOptions.Repeat));
            },
            new AgentOptions { Retry = new RetryOptions { MaxRetries = 1, Delay = TimeSpan.Zero } });

        var result = await outer.ExecuteAsync("x");

        Assert.Equal("well", result.EnsureDone().Output);
        Assert.Equal(["hello before", "before", "hello", "hi"], session.Messages.Select(m => m.Text));
        Assert.Equal(2, client.Calls);
    }
}
