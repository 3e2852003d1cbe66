using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json;
using AgentCore.Adapters.Objects.Bindings;
using AgentCore.Testing;

namespace AgentCore.Adapters.Objects.Tests;

#pragma warning disable VSTHRD100 // Agents have such methods.

/// <summary>Whatever an agent returns, its content is in the result.</summary>
public sealed class ResultTests
{
    public static TheoryData<string, string> Lazies => new()
    {
        { nameof(LazyAgents.Iterator), "hi\ntwo" },
        { nameof(LazyAgents.Selected), "hi!\ntwo!" },
        { nameof(LazyAgents.Numbers), "0\n2" },
        { nameof(LazyAgents.Later), "hi\ntwo" },
        { nameof(LazyAgents.Own), "1\n2" },
    };

    [Theory]
    [MemberData(nameof(Lazies))]
    public void Execute_LazySequence_IsReadToItsEnd(string method, string output)
    {
        using var agent = new UniversalAgentAdapter(new LazyAgents(), new ObjectBinding { Method = method });

        var result = agent.Execute("hi").EnsureDone();

        Assert.Equal(output, result.Output);
        Assert.Equal(2, ((JsonElement)result.Data!).GetArrayLength());
    }

    [Fact]
    public void Execute_LazySequenceWithoutEnd_FailsAndSaysHowToBoundIt()
    {
        using var agent = new UniversalAgentAdapter(new LazyAgents(), new ObjectBinding { Method = nameof(LazyAgents.Endless) });

        var result = agent.Execute("hi");

        Assert.Equal(RunStatus.Failed, result.Status);
        Assert.Contains("1,000,000 items", result.Error!.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Execute_CancelledInALazySequence_StopsReading()
    {
        using var source = new CancellationTokenSource();
        using var agent = new UniversalAgentAdapter(new LazyAgents { Stop = source }, new ObjectBinding { Method = nameof(LazyAgents.Stopping), Repeatable = true });

        var result = await agent.ExecuteAsync("hi", source.Token);

        Assert.Equal(RunStatus.Cancelled, result.Status);
    }

    [Theory]
    [InlineData(nameof(ContentAgents.Open), "grüße")]
    [InlineData(nameof(ContentAgents.Written), "grüße")]
    [InlineData(nameof(ContentAgents.Reader), "grüße")]
    [InlineData(nameof(ContentAgents.Bytes), "grüße")]
    [InlineData(nameof(ContentAgents.Memory), "grüße")]
    [InlineData(nameof(ContentAgents.Holder), "grüße")]
    [InlineData(nameof(ContentAgents.Binary), "AAH/")]
    [InlineData(nameof(ContentAgents.BinaryStream), "AAH/")]
    public void Execute_StreamOrBytes_GiveTheirContent(string method, string output)
    {
        using var agent = new UniversalAgentAdapter(new ContentAgents(), new ObjectBinding { Method = method });

        Assert.Equal(output, agent.Execute("grüße").EnsureDone().Output);
    }

    [Fact]
    public void Execute_StreamOfMoreThanFits_FailsAndSaysSo()
    {
        using var agent = new UniversalAgentAdapter(new ContentAgents(), new ObjectBinding { Method = nameof(ContentAgents.Huge) });

        Assert.Contains("16 MiB", agent.Execute("x").Error!.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(nameof(AwaitableAgents.Own), "awaited hi")]
    [InlineData(nameof(AwaitableAgents.TaskInTask), "awaited hi")]
    public async Task Execute_AwaitableOfAnyKind_IsAwaited(string method, string output)
    {
        using var agent = new UniversalAgentAdapter(new AwaitableAgents(), new ObjectBinding { Method = method });

        Assert.Equal(output, (await agent.ExecuteAsync("hi")).EnsureDone().Output);
    }

    [Theory]
    [InlineData(40, false)]
    [InlineData(100, true)]
    public async Task Execute_DeepObject_KeepsItsDataOrSaysWhereItWasCut(int depth, bool cut)
    {
        using var agent = new UniversalAgentAdapter(new DeepAgent(depth));

        var result = (await agent.ExecuteAsync(new AgentTask("x"), new RunOptions { Store = new MemoryCheckpointStore() })).EnsureDone();

        Assert.StartsWith("""{"Inside":{"Inside":""", result.Output, StringComparison.Ordinal);
        Assert.Equal(cut, result.Output.Contains("nested more than", StringComparison.Ordinal));
        Assert.NotNull(result.Data);
        await ReplayCheck.EnsureAsync(() => new UniversalAgentAdapter(new DeepAgent(depth)), new AgentTask("x"));
    }

    [Fact]
    public void Execute_LongList_SaysHowManyMoreThereAre()
    {
        using var agent = new UniversalAgentAdapter(new LongAgent());

        var result = agent.Execute("x").EnsureDone();

        Assert.EndsWith("9999\n… 10,000 more", result.Output, StringComparison.Ordinal);
        Assert.Equal(20_000, ((JsonElement)result.Data!).GetArrayLength());
    }

    [Fact]
    public void Execute_RefReturn_GivesTheValue()
    {
        using var agent = new UniversalAgentAdapter(new RefAgent());

        Assert.Equal("kept", agent.Execute("x").EnsureDone().Output);
    }

    [Fact]
    public async Task Execute_AsyncVoid_EndsWhenTheMethodDoes()
    {
        var inner = new VoidAgent();
        using var agent = new UniversalAgentAdapter(inner);

        var run = agent.ExecuteAsync("hi");
        inner.Go.SetResult();

        Assert.Equal("hi!", (await run).EnsureDone().Output);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Execute_AsyncVoidThrows_IsTheStepsFailure(bool atOnce)
    {
        var inner = new ThrowingVoidAgent { AtOnce = atOnce };
        using var agent = new UniversalAgentAdapter(inner);

        var run = agent.ExecuteAsync("hi");
        inner.Go.SetResult();

        Assert.Equal("void broke", (await run).Error!.Message);
        Assert.Null(SynchronizationContext.Current as object is { } context && context.GetType().Namespace!.StartsWith("AgentCore", StringComparison.Ordinal) ? context : null);
    }

    [Fact]
    public async Task Initialize_AsyncVoidStart_GoesOnBesideTheAgent()
    {
        var inner = new VoidStartAgent();
        using var agent = new UniversalAgentAdapter(inner);

        Assert.True(await agent.InitializeAsync());
        var running = await agent.ExecuteAsync("status");
        inner.Go.SetException(new InvalidOperationException("lost the wire"));
        await inner.Over.Task;

        Assert.Equal("VoidStartAgent is running.", running.Output);
    }

    private sealed class LazyAgents
    {
        public CancellationTokenSource? Stop { get; init; }

        public IEnumerable<string> Iterator(string s)
        {
            yield return s;
            yield return "two";
        }

        public IEnumerable<string> Selected(string s) => new[] { s, "two" }.Select(x => x + "!");

        public IEnumerable<int> Numbers(string s) => Enumerable.Range(0, 4).Where(x => x % 2 == 0);

        public async Task<IEnumerable<string>> Later(string s)
        {
            await Task.Yield();
            return Iterator(s);
        }

        public OwnSequence Own(string s) => new();

        public IEnumerable<int> Endless(string s)
        {
            for (var i = 0; ; i++)
                yield return i;
        }

        public IEnumerable<int> Stopping(string s)
        {
            for (var i = 0; i < 1000; i++)
            {
                if (i == 10)
                    Stop!.Cancel();
                yield return i;
            }
        }
    }

    /// <summary>Walking it a second time would go on where the first one ended.</summary>
    public sealed class OwnSequence : IEnumerable<int>
    {
        private int _next;

        public IEnumerator<int> GetEnumerator()
        {
            yield return ++_next;
            yield return ++_next;
        }

        System.Collections.IEnumerator System.Collections.IEnumerable.GetEnumerator() => GetEnumerator();
    }

    private sealed class ContentAgents
    {
        public Task<Stream> Open(string s) => Task.FromResult<Stream>(new MemoryStream(Encoding.UTF8.GetBytes(s)));

        public MemoryStream Written(string s)
        {
            var stream = new MemoryStream();
            stream.Write(Encoding.UTF8.GetBytes(s));
            return stream;
        }

        public TextReader Reader(string s) => new StringReader(s);

        public byte[] Bytes(string s) => Encoding.UTF8.GetBytes(s);

        public ReadOnlyMemory<byte> Memory(string s) => Encoding.UTF8.GetBytes(s);

        public Holding Holder(string s) => new(Encoding.UTF8.GetBytes(s));

        public byte[] Binary(string s) => [0, 1, 255];

        public Stream BinaryStream(string s) => new MemoryStream([0, 1, 255]);

        public Stream Huge(string s) => new MemoryStream(new byte[(16 * 1024 * 1024) + 1]);
    }

    public sealed record Holding(byte[] Content);

    private sealed class AwaitableAgents
    {
        public Awaitable Own(string s) => new(s);

        public async Task<Task<string>> TaskInTask(string s)
        {
            await Task.Yield();
            return Task.FromResult("awaited " + s);
        }
    }

    public readonly struct Awaitable(string text)
    {
        public TaskAwaiter<string> GetAwaiter() => GetAsync(text).GetAwaiter();

        private static async Task<string> GetAsync(string text)
        {
            await Task.Yield();
            return "awaited " + text;
        }
    }

    public sealed class Nest
    {
        public Nest? Inside { get; set; }
    }

    private sealed class DeepAgent(int depth)
    {
        public Nest Run(string s) => Enumerable.Range(1, depth - 1).Aggregate(new Nest(), (inner, _) => new Nest { Inside = inner });
    }

    private sealed class LongAgent
    {
        public List<string> Run(string s) => [.. Enumerable.Range(0, 20_000).Select(i => $"{i}")];
    }

    private sealed class RefAgent
    {
        private string _kept = "kept";

        public ref string Run(string s) => ref _kept;
    }

    private sealed class VoidAgent
    {
        public TaskCompletionSource Go { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public string Answer { get; private set; } = "";

        public async void Run(string s)
        {
            await Go.Task;
            Answer = s + "!";
        }
    }

    private sealed class ThrowingVoidAgent
    {
        public TaskCompletionSource Go { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public bool AtOnce { get; init; }

        public async void Run(string s)
        {
            if (!AtOnce)
                await Go.Task;
            throw new InvalidOperationException("void broke");
        }
    }

    private sealed class VoidStartAgent
    {
        public TaskCompletionSource Go { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public TaskCompletionSource Over { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public async void Start()
        {
            try
            {
                await Go.Task;
            }
            finally
            {
                Over.SetResult();
            }
        }

        public void Stop()
        {
        }
    }
}
