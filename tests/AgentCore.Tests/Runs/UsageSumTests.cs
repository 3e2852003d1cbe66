using AgentCore.Agents;
using AgentCore.Models;
using AgentCore.Runs;
using AgentCore.Teams;
using AgentCore.Testing;
using Microsoft.Extensions.AI;

namespace AgentCore.Tests.Runs;

/// <summary>Sums over calls of which each tells its tokens in its own way.</summary>
public sealed class UsageSumTests
{
    private static readonly UsageDetails Parts = new() { InputTokenCount = 500, OutputTokenCount = 500 };
    private static readonly UsageDetails Whole = new() { InputTokenCount = 10, OutputTokenCount = 10, TotalTokenCount = 20 };

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Usage_OneCallWithATotalAndOneWithout_TotalIsAllThatWasUsed(bool stored)
    {
        await using var store = new MemoryCheckpointStore();
        using var agent = Asking(Parts, Whole);

        var result = await agent.ExecuteAsync("go", stored ? new RunOptions { Store = store } : new RunOptions());

        var usage = result.EnsureDone().Usage!;
        Assert.Equal((510, 510, 1_020), (usage.InputTokenCount, usage.OutputTokenCount, usage.TotalTokenCount));
    }

    [Fact]
    public async Task Usage_OneStepCountsCallsWithAndWithoutATotal_TotalIsAllThatWasUsed()
    {
        StepFinishedEvent? step = null;
        using var agent = new Async(async c => AgentResult.Done(await c.StepAsync("work", null, s =>
        {
            s.AddUsage(Parts);
            s.AddUsage(Whole);
            return Task.FromResult("ok");
        })));

        var result = await agent.ExecuteAsync("go", new RunOptions { OnEvent = e => step = e as StepFinishedEvent ?? step });

        Assert.Equal((1_020, 1_020), (result.EnsureDone().Usage!.TotalTokenCount, step!.Usage!.TotalTokenCount));
    }

    [Theory]
    [InlineData(500_000, 500_000, null)]
    [InlineData(500_000, 500_000, 900_000L)]
    public async Task Price_OneCallIsKnownInSumAlone_IsPaidToo(long input, long output, long? total)
    {
        using var agent = Asking(
            new UsageDetails { InputTokenCount = input, OutputTokenCount = output, TotalTokenCount = total },
            new UsageDetails { TotalTokenCount = 1_000_000 });

        var result = await agent.ExecuteAsync("go");

        Assert.Equal(2m, new TokenPrice(1, 1).CostOf(result.EnsureDone().Usage!));
    }

    [Fact]
    public void Price_ServerTellsLessThanNothing_IsNotPaidBack() =>
        Assert.Equal(1m, new TokenPrice(1, 1).CostOf(new UsageDetails { InputTokenCount = -1_000_000, OutputTokenCount = 1_000_000, TotalTokenCount = -1 }));

    [Fact]
    public async Task TeamLimits_MembersOfWhichOneTellsPartsAlone_AreHeld()
    {
        using var a = ChatAgent.Create("a", Talker(new UsageDetails { InputTokenCount = 5_000, OutputTokenCount = 5_000 })).Build();
        using var b = ChatAgent.Create("b", Talker(Whole)).Build();
        using var team = new Team("desk", new RoundRobinProtocol(), [a, b], new TeamOptions { Limits = new() { MaxTokens = 15_000, MaxTurns = 8 } });

        var result = await team.ExecuteAsync("go");

        Assert.Equal(StopKind.MaxTokens, result.Stop?.Kind);
    }

    [Theory]
    [InlineData(null, null, -150L)]
    [InlineData(-75L, -75L, null)]
    public async Task MaxTokens_ServerTellsLessThanNothing_GivesNoTokensBack(long? input, long? output, long? total)
    {
        var less = new UsageDetails { InputTokenCount = input, OutputTokenCount = output, TotalTokenCount = total };
        var more = new UsageDetails { TotalTokenCount = 150 };
        using var agent = Asking(more, less, more, less);

        var result = await agent.ExecuteAsync("go", new RunOptions { MaxTokens = 200 });

        Assert.Equal((RunStatus.Limited, 300), (result.Status, result.Usage!.TotalTokenCount));
    }

    [Fact]
    public async Task Usage_NothingIsTold_IsNotZero()
    {
        using var agent = Asking(new UsageDetails());

        Assert.Null((await agent.ExecuteAsync("go")).EnsureDone().Usage!.TotalTokenCount);
    }

    private static Async Asking(params UsageDetails[] usages) => new(async c =>
    {
        foreach (var usage in usages)
            await c.AskAsync(new ScriptedChatClient().ThenReply("a", usage), [new ChatMessage(ChatRole.User, "q")]);
        return AgentResult.Done("ok");
    });

    private static ScriptedChatClient Talker(UsageDetails usage)
    {
        var model = new ScriptedChatClient();
        for (var i = 0; i < 20; i++)
            model.ThenReply($"words {i} {usage.InputTokenCount}", usage);
        return model;
    }
}
