using AgentCore.Testing;
using Microsoft.Extensions.AI;

namespace AgentCore.Tests.Runs;

/// <summary>Tokens that a step's own code uses.</summary>
public sealed class StepUsageTests
{
    private static readonly UsageDetails Ten = new() { InputTokenCount = 7, OutputTokenCount = 3, TotalTokenCount = 10 };

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task AddUsage_InAStepThatFails_CountsAndIsReplayed(bool fails)
    {
        var store = new MemoryCheckpointStore();
        using var agent = new Spender(fails, times: 2);

        var result = await agent.ExecuteAsync("go", new RunOptions { Store = store });
        var replay = await agent.ReplayAsync(result.RunId!, new RunOptions { Store = store });

        Assert.Equal(fails ? "failed" : "spent", result.Output);
        Assert.Equal(20, result.Usage!.TotalTokenCount);
        Assert.True(replay.IsSame);
        Assert.Equal(20, replay.Replayed.Usage!.TotalTokenCount);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task ThrowIfOverTokens_OverTheRunsTokens_LimitsTheRun(bool journalled)
    {
        using var agent = new Spender(fails: false, times: 9);

        var result = await agent.ExecuteAsync("go", new RunOptions { MaxTokens = 30, Store = journalled ? new MemoryCheckpointStore() : null });

        Assert.Equal(RunStatus.Limited, result.Status);
        Assert.Equal(StopKind.MaxTokens, result.Stop!.Kind);
        Assert.Equal(30, result.Usage!.TotalTokenCount);
    }

    private sealed class Spender(bool fails, int times) : AsyncAgent("spender")
    {
        protected override async ValueTask<AgentResult> OnExecuteAsync(AgentContext context)
        {
            try
            {
                return AgentResult.Done(await context.StepAsync("spend", null, Spend));
            }
            catch (StepFailedException)
            {
                return AgentResult.Done("failed");
            }
        }

        private Task<string> Spend(StepContext step)
        {
            for (var i = 0; i < times; i++)
            {
                step.ThrowIfOverTokens();
                step.AddUsage(Ten);
            }

            return fails ? throw new InvalidOperationException("broken") : Task.FromResult("spent");
        }
    }
}
