using System.Text.Json;
using AgentCore.Agents;
using AgentCore.Learning;
using AgentCore.Models;
using AgentCore.Testing;
using Microsoft.Extensions.AI;

namespace AgentCore.Endurance;

/// <summary>Real agents with faults put into what they call, and the built-in remedies against them.</summary>
internal static class InjectedFaults
{
    public static IReadOnlyDictionary<string, Func<ErrorLearner, Random, InstantTime, BaseAgent>> All { get; } =
        new Dictionary<string, Func<ErrorLearner, Random, InstantTime, BaseAgent>>
        {
            ["a model's JSON broken in 60%"] = (learner, random, time) => new JsonAgent(Client((_, _) =>
                random.NextDouble() < 0.6 ? "Here it is:\n```json\n{'city': 'Bern', 'days': 3,}\n```" : """{"city":"Bern","days":3}"""), Options(learner, time)),
            ["a context too long in 50%"] = (learner, random, time) =>
            {
                var client = Client((messages, _) => messages.Sum(m => m.Text.Length) > 4000
                    ? throw new ModelException("This model's maximum context length is 1000 tokens; your messages have 1400.") { StatusCode = 400 }
                    : "short enough");
                return new LongAgent(client, random, Options(learner, time));
            },
            ["a server busy for 10 s in 50%"] = (learner, random, time) =>
            {
                var free = time.GetUtcNow();
                return new AskAgent(Client((_, first) =>
                {
                    if (first && random.NextDouble() < 0.5)
                        free = time.GetUtcNow().AddSeconds(10);
                    return time.GetUtcNow() < free
                        ? throw new ModelException("The server is overloaded (503).") { StatusCode = 503, IsTransient = true }
                        : "at last";
                }), Options(learner, time));
            },
            ["a connection gone stale in 40%"] = (learner, random, time) => new StaleAgent(random, Options(learner, time)),
            ["a model that is down in 30%"] = (learner, random, time) => new AskAgent(new DownClient(random), Options(learner, time)),
            ["a fault that nothing helps in 30%"] = (learner, random, time) => new AskAgent(Client((_, _) =>
                random.NextDouble() < 0.3 ? throw new InvalidDataException("The connection was closed: JSON token 7 unexpected, timed out.") : "ok"), Options(learner, time)),
        };

    public static IReadOnlyList<Remedy> Remedies { get; } = [.. Learning.Remedies.Standard, Learning.Remedies.SwitchModel("spare")];

    private static AgentOptions Options(ErrorLearner learner, InstantTime time) => new()
    {
        Learner = learner,
        Retry = new RetryOptions { MaxRetries = 2, Delay = TimeSpan.FromSeconds(1) },
        Time = time,
    };

    private static CallClient Client(Func<IReadOnlyList<ChatMessage>, bool, string> reply) => new(reply);

    /// <summary>Parses what its model says.</summary>
    private sealed class JsonAgent(IChatClient client, AgentOptions options) : AsyncAgent(new AgentMetadata("json"), options)
    {
        protected override async ValueTask<AgentResult> OnExecuteAsync(AgentContext context)
        {
            var reply = await context.AskAsync(client, [new(ChatRole.User, context.Task.Input)]);
            var data = JsonSerializer.Deserialize<Dictionary<string, JsonElement>>(reply.Text)!;
            return AgentResult.Done(data["city"].GetString()!);
        }
    }

    /// <summary>Sends a conversation that is too long now and then.</summary>
    private sealed class LongAgent(IChatClient client, Random random, AgentOptions options) : AsyncAgent(new AgentMetadata("long"), options)
    {
        private int _length;
        private string _last = "";

        protected override async ValueTask<AgentResult> OnExecuteAsync(AgentContext context)
        {
            if (_last != context.Task.Input)
                _length = random.NextDouble() < 0.5 ? 60 : 10;
            _last = context.Task.Input;
            var messages = Enumerable.Range(0, _length).Select(i => new ChatMessage(i % 2 == 0 ? ChatRole.User : ChatRole.Assistant, new string('x', 100)));
            return AgentResult.Done((await context.AskAsync(client, messages)).Text);
        }
    }

    private sealed class AskAgent(IChatClient client, AgentOptions options) : AsyncAgent(new AgentMetadata("ask"), options)
    {
        private string _last = "";

        protected override async ValueTask<AgentResult> OnExecuteAsync(AgentContext context)
        {
            if (client is CallClient call)
                call.IsFirst = _last != context.Task.Input;
            _last = context.Task.Input;
            return AgentResult.Done((await context.AskAsync(client, [new(ChatRole.User, context.Task.Input)])).Text);
        }
    }

    /// <summary>Works until its connection goes stale, and then only when it is made anew.</summary>
    private sealed class StaleAgent(Random random, AgentOptions options) : BaseAgent(new AgentMetadata("stale"), options)
    {
        private bool _stale;
        private string _last = "";

        protected override void OnInitialize() => _stale = false;

        protected override AgentResult OnExecute(AgentContext context)
        {
            _stale |= _last != context.Task.Input && random.NextDouble() < 0.4;
            _last = context.Task.Input;
            if (_stale)
                context.Step("query", null, Reset, StepOptions.Repeat);
            return AgentResult.Done("ok");
        }

        private static void Reset() => throw new IOException("The connection was reset.");
    }

    private sealed class DownClient(Random random) : IChatClient
    {
        private bool _down;

        public Task<ChatResponse> GetResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default)
        {
            if (options?.ModelId != "spare" && (_down = _down ? random.NextDouble() < 0.8 : random.NextDouble() < 0.3))
                throw new ModelException("The model failed to load.") { StatusCode = 500, IsTransient = true };
            return Task.FromResult(new ChatResponse(new ChatMessage(ChatRole.Assistant, "ok")));
        }

        public IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default) =>
            throw new NotSupportedException();

        public object? GetService(Type serviceType, object? serviceKey = null) => null;

        public void Dispose()
        {
        }
    }

    private sealed class CallClient(Func<IReadOnlyList<ChatMessage>, bool, string> reply) : IChatClient
    {
        public bool IsFirst { get; set; }

        public Task<ChatResponse> GetResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default) =>
            Task.FromResult(new ChatResponse(new ChatMessage(ChatRole.Assistant, reply([.. messages], IsFirst))));

        public IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default) =>
            throw new NotSupportedException();

        public object? GetService(Type serviceType, object? serviceKey = null) => null;

        public void Dispose()
        {
        }
    }
}

/// <summary>A clock on which waiting takes no time: it moves on by what is waited for.</summary>
internal sealed class InstantTime : TimeProvider
{
    private DateTimeOffset _now = new(2030, 1, 1, 0, 0, 0, TimeSpan.Zero);

    public override DateTimeOffset GetUtcNow() => _now;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        if (dueTime > TimeSpan.Zero)
            _now += dueTime;
        ThreadPool.QueueUserWorkItem(_ => callback(state));
        return new Timer();
    }

    private sealed class Timer : ITimer
    {
        public bool Change(TimeSpan dueTime, TimeSpan period) => true;

        public void Dispose()
        {
        }

        public ValueTask DisposeAsync() => default;
    }
}
