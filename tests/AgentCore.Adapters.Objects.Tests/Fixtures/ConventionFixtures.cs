using System.Runtime.CompilerServices;
using System.Text.Json;

namespace AgentCore.Adapters.Objects.Tests.Fixtures;

// Class A: a standard verb, one data argument, perhaps a token.
public sealed class RunTextAgent
{
    public string Run(string input) => $"ran {input}";
}

public sealed class AsyncTextAgent
{
    public async Task<string> ExecuteAsync(string prompt, CancellationToken cancellationToken)
    {
        await Task.Delay(1, cancellationToken);
        return $"executed {prompt}";
    }
}

public sealed class ValueTaskAgent
{
    public ValueTask<string> InvokeAsync(string prompt) => new($"invoked {prompt}");
}

public sealed class SnakeAgent
{
    public string run_async(string user_input) => $"snaked {user_input}";
}

public sealed record Order(string Text, int Count = 1);

public sealed record Receipt(string Summary, decimal Total);

public sealed class PocoAgent
{
    public Task<Receipt> ProcessAsync(Order order) => Task.FromResult(new Receipt($"{order.Count} x {order.Text}", order.Count * 2.5m));
}

public sealed class SettableRequest
{
    public string? Id { get; set; }

    public string Question { get; set; } = "";

    public List<string> Tags { get; set; } = [];
}

public sealed class SettableAgent
{
    public Task<string> HandleAsync(SettableRequest request) => Task.FromResult($"{request.Question}/{request.Tags.Count}");
}

public enum Speaker
{
    System,
    User,
    Assistant,
}

public sealed class ForeignMessage
{
    public Speaker Role { get; set; }

    public string Content { get; set; } = "";
}

public sealed class MessageListAgent
{
    public Task<ForeignMessage> ChatAsync(IReadOnlyList<ForeignMessage> messages) =>
        Task.FromResult(new ForeignMessage { Role = Speaker.Assistant, Content = $"{messages.Count}:{messages[^1].Role}:{messages[^1].Content}" });
}

public interface IChatMessage
{
    string Content { get; }
}

public sealed class TextChatMessage(string role, string content) : IChatMessage
{
    public string Role { get; } = role;

    public string Content { get; } = content;
}

public sealed class ImageChatMessage(byte[] pixels) : IChatMessage
{
    public byte[] Pixels { get; } = pixels;

    public string Content => "";
}

public sealed class InterfaceMessageAgent
{
    public Task<IChatMessage> GenerateReplyAsync(IEnumerable<IChatMessage> messages, string? options = null, CancellationToken cancellationToken = default) =>
        Task.FromResult<IChatMessage>(new TextChatMessage("assistant", $"re: {messages.Last().Content}"));
}

public sealed class DictionaryAgent
{
    public Dictionary<string, object> Execute(Dictionary<string, object> inputs) => new() { ["keys"] = string.Join(",", inputs.Keys.Order()) };
}

public sealed class JsonAgent
{
    public JsonElement Invoke(JsonElement payload) => payload;
}

public sealed class NumberAgent
{
    public double Ask(int number) => number / 2.0;
}

public abstract class GenericBase<TIn, TOut>
{
    public abstract Task<TOut> RunAsync(TIn input, CancellationToken cancellationToken = default);
}

public sealed class ClosedGenericAgent : GenericBase<Order, Receipt>
{
    public override Task<Receipt> RunAsync(Order input, CancellationToken cancellationToken = default) =>
        Task.FromResult(new Receipt(input.Text, 1));
}

public sealed class OpenGenericAgent<TIn>
{
    public string Run(TIn input) => $"{typeof(TIn).Name}:{input}";
}

public sealed class GenericMethodAgent
{
    public Task<T?> ExecuteAsync<T>(string prompt)
        where T : class => Task.FromResult((object)prompt as T);
}

public sealed class StreamAgent
{
    public async IAsyncEnumerable<string> ChatAsync(string message, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        foreach (var word in message.Split(' '))
        {
            await Task.Yield();
            cancellationToken.ThrowIfCancellationRequested();
            yield return word + ".";
        }
    }
}

public sealed record ReplyUpdate(string Text);

public sealed class UpdateStreamAgent
{
    public async Task<IAsyncEnumerable<ReplyUpdate>> RunStreamingAsync(string message)
    {
        await Task.Yield();
        return Updates(message);
    }

    private static async IAsyncEnumerable<ReplyUpdate> Updates(string message)
    {
        foreach (var letter in message)
        {
            await Task.Yield();
            yield return new ReplyUpdate(letter.ToString());
        }
    }
}

public interface IQuietAgent
{
    Task<string> RespondAsync(string message);
}

public sealed class ExplicitAgent : IQuietAgent
{
    Task<string> IQuietAgent.RespondAsync(string message) => Task.FromResult($"quietly {message}");
}

public interface IDefaultAgent
{
    string Ask(string question) => $"by default {question}";
}

public sealed class DefaultMethodAgent : IDefaultAgent;

public static class StaticAgent
{
    public static string Run(string input) => $"static {input}";
}

public sealed class OverloadAgent
{
    public string Run(int number) => $"number {number}";

    public string Run(string input) => $"text {input}";

    public Task<string> RunAsync(string input, CancellationToken cancellationToken) => Task.FromResult($"async {input}");

    [Obsolete("old")]
    public string Execute(string input) => $"old {input}";
}

public sealed class ParamsAgent
{
    public string Run(string input, params string[] rest) => $"{input}+{rest.Length}";
}

public sealed class OptionalAgent
{
    public string Run(string? prompt = null, int retries = 3) => $"{prompt}/{retries}";
}

public sealed class DynamicAgent
{
    public dynamic Run(dynamic input) => $"dynamic {input}";
}

public sealed class TupleAgent
{
    public (string Answer, double Score) Run(string input) => ($"answer {input}", 0.5);
}

public sealed class SpanAgent
{
    public int Process(ReadOnlySpan<char> text) => text.Length;
}

public sealed class BytesAgent
{
    public async Task<int> ProcessAsync(Stream input)
    {
        using var reader = new StreamReader(input);
        return (await reader.ReadToEndAsync()).Length;
    }
}

public sealed class ThrowingAgent
{
    public string Run(string input) => throw new InvalidDataException($"can't read {input}");
}

public sealed class ModelAgent
{
    public Task<Microsoft.Extensions.AI.ChatMessage> RunAsync(IEnumerable<Microsoft.Extensions.AI.ChatMessage> messages) =>
        Task.FromResult(new Microsoft.Extensions.AI.ChatMessage(Microsoft.Extensions.AI.ChatRole.Assistant, string.Join("|", messages.Select(m => m.Text))));
}
