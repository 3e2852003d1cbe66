using System.Threading.Channels;

namespace AgentCore.Adapters.Objects.Tests.Fixtures;

// Class C: several data arguments, a runtime context, a callback or reply channel.
public sealed class TwoArgumentAgent
{
    public Task<string> RunAsync(string query, int limit, CancellationToken cancellationToken = default) => Task.FromResult($"{query} up to {limit}");
}

public sealed class TextAndDictionaryAgent
{
    public string Execute(string input, Dictionary<string, object> context) => $"{input} with {string.Join(",", context.Keys)}";
}

public interface ITurnContext
{
    string Who { get; }
}

public interface ITurnContextUser : ITurnContext;

public sealed class ContextAgent
{
    public Task<string> HandleAsync(string message, ITurnContext turn) => Task.FromResult($"{turn.Who}: {message}");
}

public sealed class RunContext
{
    public string Trace { get; set; } = "fresh";
}

public sealed class MakeableContextAgent
{
    public Task<string> RunAsync(string input, RunContext context) => Task.FromResult($"{input} {context.Trace}");
}

public sealed class CallbackAgent
{
    public void Run(string input, Action<string> onToken)
    {
        foreach (var word in input.Split(' '))
            onToken(word);
    }
}

public sealed class ChannelAgent
{
    public async Task RunAsync(string input, ChannelWriter<string> output)
    {
        await output.WriteAsync($"first {input}");
        await output.WriteAsync(" then");
    }
}

public sealed class ProgressAgent
{
    public Task RunAsync(string input, IProgress<string> progress)
    {
        progress.Report($"progress {input}");
        return Task.CompletedTask;
    }
}

public sealed class KeyedAgent(string apiKey, string model)
{
    public string Run(string input) => $"{apiKey.Length}/{model}: {input}";
}

public interface IStore
{
    string Read();
}

public sealed class OnlyStore : IStore
{
    public string Read() => "only";
}

public sealed class StoreAgent(IStore store)
{
    public string Run(string input) => $"{store.Read()} {input}";
}

public sealed class PrivateAgent
{
    private PrivateAgent()
    {
    }

    public static PrivateAgent Instance { get; } = new();

    public string Run(string input) => $"shared {input}";
}

public sealed class LoggedAgent(Microsoft.Extensions.Logging.ILogger<LoggedAgent> logger, TimeProvider clock, string name)
{
    public string Run(string input) => $"{name} {logger is not null} {clock is not null} {input}";
}
