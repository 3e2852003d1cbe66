using System.Text;
using AgentCore.Agents;
using AgentCore.Checkpoints;
using AgentCore.Runs;
using AgentCore.Testing;
using AgentCore.Tools;
using Microsoft.Extensions.AI;

namespace AgentCore.Tests.Runs;

/// <summary>Random small agents, killed at every record of their journals, must resume to the same end and repeat nothing
/// that was finished.</summary>
public sealed class ResumeFuzzTests
{
    [Fact]
    public async Task Resume_HundredRandomAgentsKilledAtEveryRecord_AllEndRight()
    {
        var resumes = 0;
        for (var seed = 0; seed < 100; seed++)
        {
            var program = RandomProgram.Make(seed);
            var ledger = new Ledger();
            await using var store = new MemoryCheckpointStore();
            using var agent = program.Agent(ledger);
            var whole = await agent.ExecuteAsync("go", new RunOptions { Store = store });
            Assert.True(whole.Status is RunStatus.Done or RunStatus.Failed, $"seed {seed}: {whole.Describe()}");
            var records = new List<ReadOnlyMemory<byte>>();
            await foreach (var record in store.ReadAsync(whole.RunId!))
                records.Add(record);

            for (var kill = 1; kill < records.Count; kill++)
            {
                resumes++;
                await ResumeAsync(program, whole, records, kill, seed);
            }
        }

        Assert.True(resumes > 1_000, $"only {resumes} kills");
    }

    private static async Task ResumeAsync(RandomProgram program, AgentResult whole, List<ReadOnlyMemory<byte>> records, int kill, int seed)
    {
        await using var store = new MemoryCheckpointStore();
        var batch = new StoreBatch();
        for (var i = 0; i < kill; i++)
            batch.Append(whole.RunId!, i, records[i]);
        await store.CommitAsync(batch);
        var ledger = Ledger.From(records.Take(kill).Select((r, i) => RunRecordFormat.Read(r, "run", i)));
        var history = new RunHistory(store);

        AgentResult result;
        for (var decisions = 0; ; decisions++)
        {
            using var agent = program.Agent(ledger);
            result = await agent.ResumeAsync(whole.RunId!, new RunOptions { Store = store });
            if (result.Status != RunStatus.NeedsDecision)
                break;
            Assert.True(decisions < 50, $"seed {seed}, killed at {kill}: decisions without end");
            foreach (var pending in result.Pending)
                await history.DecideAsync(whole.RunId!, pending.Step, new Decision(Verdict.Retry, "fuzz"));
        }

        var where = $"seed {seed}, killed at {kill} of {records.Count}";
        Assert.True(whole.Status == result.Status, $"{where}: {result.Describe()} instead of {whole.Describe()}");
        Assert.True(whole.Output == result.Output, $"{where}:\n{result.Output}\ninstead of\n{whole.Output}");
        Assert.True(whole.Usage?.TotalTokenCount == result.Usage?.TotalTokenCount, $"{where}: {result.Usage?.TotalTokenCount} tokens instead of {whole.Usage?.TotalTokenCount}");
        Assert.True(ledger.Repeated.Count == 0, $"{where}: done twice: {string.Join(", ", ledger.Repeated)}");
    }

    /// <summary>What happened in the world: each effect by its idempotency key.</summary>
    private sealed class Ledger
    {
        private readonly Lock _lock = new();
        private readonly HashSet<string> _finished = [];

        public List<string> Repeated { get; } = [];

        public static Ledger From(IEnumerable<RunRecord> records)
        {
            var ledger = new Ledger();
            foreach (var record in records)
            {
                if (record.Kind == RunRecord.Done)
                    ledger._finished.Add(record.Path);
                else if (record.Kind == RunRecord.Attempt)
                    ledger._finished.ExceptWith(record.List ?? []);
            }

            return ledger;
        }

        public void Effect(string key)
        {
            lock (_lock)
            {
                if (_finished.Contains(key[(key.IndexOf('/', StringComparison.Ordinal) + 1)..]))
                    Repeated.Add(key);
            }
        }
    }

    /// <summary>An agent's code as a tree that a seed grows: steps, tools, model calls, branches, nested agents, failures.</summary>
    private sealed class RandomProgram(int seed)
    {
        private readonly List<Func<AgentContext, StringBuilder, World, Task>> _body = [];

        public static RandomProgram Make(int seed)
        {
            var program = new RandomProgram(seed);
            program.Grow(new Random(seed), depth: 0);
            return program;
        }

        public BaseAgent Agent(Ledger ledger)
        {
            var world = new World(ledger);
            var tools = new ToolRegistry()
                .Add(AIFunctionFactory.Create((int n, AIFunctionArguments a) => { ledger.Effect(StepContext.From(a)!.IdempotencyKey); return n * 2; }, "double"))
                .Add(AIFunctionFactory.Create((int n, AIFunctionArguments a) => { ledger.Effect(StepContext.From(a)!.IdempotencyKey); return n + 1; }, "next"), new ToolOptions { Repeatable = true });
            return new Async(
                async c =>
                {
                    var output = new StringBuilder();
                    await RunAsync(c, output, world);
                    return AgentResult.Done(output.ToString());
                },
                new AgentOptions { Tools = tools, Retry = seed % 3 == 0 ? new RetryOptions { Delay = TimeSpan.Zero } : null });
        }

        private async Task RunAsync(AgentContext context, StringBuilder output, World world)
        {
            foreach (var node in _body)
                await node(context, output, world);
        }

        private void Grow(Random random, int depth)
        {
            for (var i = random.Next(1, 5); i > 0; i--)
                _body.Add(Node(random, depth, $"s{depth}-{i}"));
        }

        private Func<AgentContext, StringBuilder, World, Task> Node(Random random, int depth, string name)
        {
            var repeatable = random.Next(2) == 0 ? StepOptions.Repeat : null;
            switch (random.Next(depth < 2 ? 9 : 6))
            {
                case 0 or 1:
                    return async (c, o, w) => o.Append(await c.StepAsync(name, o.Length, s => { w.Ledger.Effect(s.IdempotencyKey); return Task.FromResult(o.Length + 1); }, repeatable)).Append(' ');
                case 2:
                    var tool = random.Next(2) == 0 ? "double" : "next";
                    return async (c, o, _) => o.Append(await c.CallToolAsync(tool, new Dictionary<string, object?> { ["n"] = o.Length })).Append(' ');
                case 3:
                    return async (c, o, w) => o.Append((await c.AskAsync(w.Model, [new ChatMessage(ChatRole.User, $"{o.Length}")])).Text).Append(' ');
                case 4:
                    return (c, o, _) => { o.Append(c.NewId()[..4]).Append(c.Random.Next(10)).Append(c.Version(name, 1)).Append(' '); return Task.CompletedTask; };
                case 5:
                    var flaky = repeatable is not null && seed % 3 == 0;
                    return async (c, o, w) =>
                    {
                        try
                        {
                            await c.StepAsync(name, null, s => w.FailsNow(c, name, flaky) ? throw new InvalidDataException("broken") : Task.FromResult(0), repeatable);
                            o.Append("ok ");
                        }
                        catch (StepFailedException e) when (!flaky)
                        {
                            o.Append(e.Error.Message).Append(' ');
                        }
                    };
                case 6:
                    var branches = Enumerable.Range(0, random.Next(2, 4)).Select(_ => Child(random, depth)).ToList();
                    return async (c, o, w) =>
                    {
                        var parts = await c.ParallelAsync<string>([.. branches.Select(b => (Func<AgentContext, Task<string>>)(async branch =>
                        {
                            var part = new StringBuilder();
                            await Task.Yield();
                            await b.RunAsync(branch, part, w);
                            return part.ToString();
                        }))]);
                        o.Append('[').AppendJoin('|', parts).Append("] ");
                    };
                default:
                    var nested = Child(random, depth);
                    var retry = random.Next(2) == 0 ? null : new RetryOptions { Delay = TimeSpan.Zero };
                    return async (c, o, w) =>
                    {
                        using var agent = new Async(
                            async inner => { var part = new StringBuilder(); await nested.RunAsync(inner, part, w); return AgentResult.Done(part.ToString()); },
                            new AgentOptions { Tools = c.Agent.Options.Tools, Retry = retry }, name);
                        var result = await c.RunAgentAsync(agent, "nested");
                        o.Append('(').Append(result.IsDone ? result.Output : "failed").Append(result.Usage?.TotalTokenCount).Append(") ");
                    };
            }
        }

        private RandomProgram Child(Random random, int depth)
        {
            var child = new RandomProgram(seed);
            child.Grow(random, depth + 1);
            return child;
        }
    }

    private sealed class World(Ledger ledger)
    {
        private readonly HashSet<string> _failed = [];

        public Ledger Ledger { get; } = ledger;

        public IChatClient Model { get; } = new ScriptedChatClient().Otherwise(m => $"m{m[^1].Text}");

        // What fails for good fails each time; what is flaky fails once in a process.
        public bool FailsNow(AgentContext context, string name, bool flaky)
        {
            lock (_failed)
                return !flaky || _failed.Add(context.Path + name);
        }
    }
}
