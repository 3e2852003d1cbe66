using AgentCore.Models;
using Microsoft.Extensions.AI;

namespace AgentCore.Endurance.Plugin;

/// <summary>A model that goes through a fixed conversation: two tools at once, one alone, then an answer that depends on what
/// they returned. Each call is written to the ledger.</summary>
internal sealed class LedgerModel(string name) : IChatClient
{
    public async Task<ChatResponse> GetResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default)
    {
        var asked = messages.ToList();
        var round = asked.AsEnumerable().Reverse().TakeWhile(m => m.Role != ChatRole.User).Count(m => m.Role == ChatRole.Tool);
        await Ledger.EffectAsync("model", $"{name}/{asked.Count}", cancellationToken);
        var contents = round switch
        {
            0 => new List<AIContent> { Call("a", "ledger.read", asked.Count), Call("b", "ledger.pay", asked.Count + 1) },
            1 => [Call("c", "ledger.pay", asked.Count)],
            2 => [Call("d", "ledger.read", asked.Count)],
            _ => [new TextContent($"{name} saw {asked.Count} messages: {string.Join(',', Results(asked))}")],
        };
        return new ChatResponse(new ChatMessage(ChatRole.Assistant, contents))
        {
            Usage = new UsageDetails { InputTokenCount = asked.Count, OutputTokenCount = 1, TotalTokenCount = asked.Count + 1 },
        };
    }

    public IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default) => StreamAsync(messages, options, cancellationToken);

    public object? GetService(Type serviceType, object? serviceKey = null) => null;

    public void Dispose()
    {
        // Nothing is held.
    }

    private async IAsyncEnumerable<ChatResponseUpdate> StreamAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        foreach (var update in (await GetResponseAsync(messages, options, cancellationToken)).ToChatResponseUpdates())
            yield return update;
    }

    private static FunctionCallContent Call(string id, string tool, int n) => new(id, tool, new Dictionary<string, object?> { ["n"] = n });

    private static IEnumerable<string> Results(List<ChatMessage> messages) =>
        messages.SelectMany(m => m.Contents).OfType<FunctionResultContent>().Select(r => $"{r.Result}");
}

/// <summary>The model that the host chooses in these trials; the agents bring their own.</summary>
internal sealed class LedgerProvider : ModelProvider
{
    public override string Name => "endurance";

    public override int Preference => int.MaxValue;

    public override ValueTask<ProviderStatus> ProbeAsync(ProviderSettings settings, CancellationToken cancellationToken = default) =>
        new(new ProviderStatus(true, "for trials", ["ledger"]));

    public override IChatClient CreateClient(string model, ProviderSettings settings) => new LedgerModel(model);
}
