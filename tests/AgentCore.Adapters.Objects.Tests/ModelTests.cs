using AgentCore.Checkpoints;
using AgentCore.Testing;
using Microsoft.Extensions.AI;

namespace AgentCore.Adapters.Objects.Tests;

/// <summary>An agent that asks its model twice for each task, once at a time or as a stream.</summary>
public sealed class TwiceAgent(IChatClient client)
{
    public async Task<string> AskAsync(string question, CancellationToken cancellationToken)
    {
        var first = await client.GetResponseAsync(question, cancellationToken: cancellationToken);
        var second = "";
        await foreach (var update in client.GetStreamingResponseAsync(first.Text, cancellationToken: cancellationToken))
            second += update.Text;
        return second;
    }
}

public sealed class ModelTests
{
    [Theory]
    [InlineData(true, false)]
    [InlineData(false, false)]
    [InlineData(false, true)]
    public async Task Execute_AgentThatCallsTheHostsModel_CountsEachCall(bool journalled, bool service)
    {
        using var model = new ScriptedChatClient("one", "two", "three", "four");
        using var agent = new UniversalAgentAdapter(
            typeof(TwiceAgent), null, service ? new UniversalAgentOptions { Services = new OneService(model) } : new UniversalAgentOptions { Client = model });
        await using var store = new MemoryCheckpointStore();
        var options = new RunOptions { Store = journalled ? store : null };

        var first = (await agent.ExecuteAsync("well?", options)).EnsureDone();
        var second = (await agent.ExecuteAsync("well?", options)).EnsureDone();

        Assert.Equal(("two", "four"), (first.Output, second.Output));
        Assert.Equal((30, 30), (first.Usage!.TotalTokenCount, second.Usage!.TotalTokenCount));
    }

    [Fact]
    public async Task Execute_ModelCallsOverTheRunsTokens_AreRefused()
    {
        using var model = new ScriptedChatClient("one", "two");
        using var agent = new UniversalAgentAdapter(typeof(TwiceAgent), null, new UniversalAgentOptions { Client = model });

        var result = await agent.ExecuteAsync("well?", new RunOptions { MaxTokens = 10 });

        Assert.Equal(RunStatus.Limited, result.Status);
        Assert.Equal(1, model.Calls);
    }

    private sealed class OneService(object service) : IServiceProvider
    {
        public object? GetService(Type serviceType) => serviceType.IsInstanceOfType(service) && serviceType != typeof(object) ? service : null;
    }
}
