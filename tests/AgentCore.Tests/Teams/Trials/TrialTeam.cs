using AgentCore.Agents;
using AgentCore.Teams;
using AgentCore.Tools;
using Microsoft.Extensions.AI;

namespace AgentCore.Tests.Teams.Trials;

/// <summary>A random team: its size, nesting, protocol, members, rules and troubles follow from a seed.</summary>
internal sealed class TrialTeam(int seed, TrialWorld world)
{
    private readonly Random _random = new(seed);
    private int _made;

    public Team Create()
    {
        var trouble = _random.Next(4) switch { 0 => 0, 1 => 0.02, 2 => 0.1, _ => 0.4 };
        return Create("root", 0, trouble, new ScaledTime());
    }

    private Team Create(string name, int depth, double trouble, TimeProvider time)
    {
        var count = _random.Next(1, 6);
        var members = new TeamMember[count];
        for (var i = 0; i < count; i++)
            members[i] = new TeamMember(Agent($"m{i}", depth, trouble), Chance(0.3) ? "role" : null)
            {
                History = (MemberHistory)_random.Next(3),
                // Now and then to itself or to nobody, which the check before the run must find.
                Handoffs = Chance(0.3) ? [$"m{(Chance(0.05) ? _random.Next(count + 1) : (i + 1) % count)}"] : null,
                OnFailure = Chance(0.3) && count > 1 ? Policy(Chance(0.05) ? i : (i + 1) % count) : null,
            };
        return new Team(new AgentMetadata(name), Protocol(count, trouble), members, Rules(count), new AgentOptions { MaxConcurrentRuns = 0, Time = time, Retry = depth == 0 && Chance(0.05) ? new RetryOptions { MaxRetries = 1, Delay = TimeSpan.Zero } : null });
    }

    private TeamOptions Rules(int count) => new()
    {
        Limits = new TeamLimits
        {
            MaxTurns = _random.Next(1, 40),
            MaxTokens = Chance(0.5) ? _random.Next(1, 2_000) : 1_000_000,
            MaxCost = Chance(0.1) ? 0.5m : null,
            MaxTime = TimeSpan.FromSeconds(_random.Next(20, 60)),
            MaxTurnTime = Chance(0.7) ? TimeSpan.FromSeconds(_random.Next(1, 8)) : null,
        },
        Price = Chance(0.5) ? _ => new AgentCore.Models.TokenPrice(1_000, 2_000) : _ => new AgentCore.Models.TokenPrice(0, 0),
        OnFailure = Policy(_random.Next(count)),
        Progress = Chance(0.8) ? new ProgressOptions() : null,
        Until = Chance(0.4) ? TeamCondition.Phrase("approved") | (TeamCondition.Member("m0") & TeamCondition.JsonField("done")) : null,
    };

    private FailurePolicy Policy(int substitute) => _random.Next(4) switch
    {
        0 => FailurePolicy.Stop,
        1 => FailurePolicy.Skip,
        2 => new FailurePolicy { Retries = _random.Next(1, 4), Then = FailureAction.Skip },
        _ => FailurePolicy.ReplaceWith($"m{substitute}"),
    };

    private TeamProtocol Protocol(int count, double trouble) => _random.Next(10) switch
    {
        0 => new SequentialProtocol(),
        1 => new RoundRobinProtocol(),
        2 => new RoundRobinProtocol(_random.Next(1, 6)),
        3 => new SelectorProtocol(Model(trouble), new SelectorOptions { MayRepeat = Chance(0.5), MayEnd = Chance(0.7), MaxRepairs = _random.Next(3) }),
        4 => new HandoffProtocol(),
        5 => new ConcurrentProtocol(Chance(0.5) && count > 1 ? "m0" : null),
        6 when count > 2 || Chance(0.1) => new DebateProtocol($"m{_random.Next(count)}", _random.Next(1, 3)),
        7 => new VoteProtocol(new VoteOptions { MaxRounds = _random.Next(1, 4), Quorum = 0.1 + (0.9 * _random.NextDouble()) }),
        8 => new PlannerProtocol(Model(trouble), new PlannerOptions { MaxStalls = _random.Next(3), MaxReplans = _random.Next(3) }),
        _ => new ConcurrentProtocol(turns => string.Join("+", turns.Select(t => t.Text))),
    };

    private BaseAgent Agent(string name, int depth, double trouble)
    {
        var own = _random.Next();
        return _random.Next(10) switch
        {
            0 when depth < 2 => Create(name, depth + 1, trouble, TimeProvider.System),
            1 or 2 => new Sync(c => world.Work(() => Answer(c, own, trouble, blocks: true)), new AgentOptions { MaxConcurrentRuns = Chance(0.5) ? 1 : 0 }, name),
            3 => new Async(c => world.WorkAsync(() => StuckOrAnswerAsync(c, own, trouble)), name: name),
            4 when Chance(0.3) => new PersonAgent(name),
            _ => ChatAgent.Create(name, Model(trouble)).WithDescription($"Is {name}.")
                .WithTool(AIFunctionFactory.Create((string text) => Lookup(text, own, trouble), "look"), new ToolOptions { Repeatable = Chance(0.9) })
                .WithChat(chat => chat with { MaxModelCalls = 4 }).Build(),
        };
    }

    private string Lookup(string text, int own, double trouble) => HashOf(text, own) % 1000 < trouble * 1000 ? throw new IOException("not found") : $"found {text}";

    /// <summary>What a user's own agent does: it follows from what it is asked alone, as the rules of runs ask for.</summary>
    private AgentResult Answer(AgentContext context, int own, double trouble, bool blocks)
    {
        var asked = HashOf($"{context.Task.Input}/{context.Task.Messages.Count}", own);
        if (asked % 1000 < trouble * 1000)
        {
            switch (asked / 1000 % 5)
            {
                case 0:
                    return AgentResult.Failed("It can't.");
                case 1 when blocks:
                    // Blocks its thread and looks at no token.
                    world.Released.Task.GetAwaiter().GetResult();
                    break;
                case 2:
                    return AgentResult.Limited(new StopReason(StopKind.MaxTurns, "It has had enough."), asked % 2 == 0 ? "half an answer" : "");
                default:
                    throw world.Fault();
            }
        }

        return asked % 7 == 0 ? AgentResult.Done("over to you", new Handoff($"m{asked % 3}"))
            : asked % 11 == 0 ? AgentResult.Done($"step {context.Step("count", asked, () => asked % 5, StepOptions.Repeat)}")
            : AgentResult.Done($"answer {asked % 9}");
    }

    private async Task<AgentResult> StuckOrAnswerAsync(AgentContext context, int own, double trouble)
    {
        var asked = HashOf(context.Task.Input, own + 1);
        if (asked % 1000 < trouble * 300)
            await world.Released.Task;
        await Task.Yield();
        return Answer(context, own, trouble, blocks: false);
    }

    private TrialModel Model(double trouble) => new(seed + (7919 * ++_made), trouble / 4, world);

    private bool Chance(double share) => _random.NextDouble() < share;

    private static int HashOf(string text, int seed)
    {
        var hash = (uint)seed;
        foreach (var c in text)
            hash = (hash * 31) + c;
        return (int)(hash & 0x7FFFFFFF);
    }
}
