using System.Runtime.CompilerServices;
using System.Text.Json;
using AgentCore.Models;
using Microsoft.Extensions.AI;

namespace AgentCore.SamplePlugin;

/// <summary>The model <c>script/steps</c>: the task is a script, one reply on each line. A line <c>call TOOL JSON</c> calls a
/// tool, <c>fail TEXT</c> fails, <c>cut TEXT</c> is said and cut off; any other is said, and ends the turn. Each reply is noted in the file that SCRIPT_LOG names.</summary>
public sealed class ScriptProvider : ModelProvider
{
    /// <inheritdoc/>
    public override string Name => "script";

    /// <inheritdoc/>
    public override int Preference => 1000;

    /// <inheritdoc/>
    public override ValueTask<ProviderStatus> ProbeAsync(ProviderSettings settings, CancellationToken cancellationToken = default) =>
        new(settings?.Get("SCRIPT_OFF") is null
            ? new ProviderStatus(true, "it is in the process", ["steps", "other"])
            : new ProviderStatus(false, "SCRIPT_OFF is set", []));

    /// <inheritdoc/>
    public override IChatClient CreateClient(string model, ProviderSettings settings) => new ScriptClient(model, settings?.Get("SCRIPT_LOG"));

    private sealed class ScriptClient(string model, string? log) : IChatClient
    {
        public Task<ChatResponse> GetResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var all = messages.ToList();
            var script = all.Last(m => m.Role == ChatRole.User).Text.Split('\n', StringSplitOptions.RemoveEmptyEntries);
            var done = all.Count - 1 - all.FindLastIndex(m => m.Role == ChatRole.User);
            var line = script[Math.Min(done / 2, script.Length - 1)].Trim();
            if (log is not null)
                File.AppendAllText(log, line + "\n");
            if (line.StartsWith("fail ", StringComparison.Ordinal))
                throw new ModelException(line[5..]);

            var reply = new ChatMessage(ChatRole.Assistant, Content(line, done));
            return Task.FromResult(new ChatResponse(reply)
            {
                ModelId = model,
                FinishReason = line.StartsWith("cut ", StringComparison.Ordinal) ? ChatFinishReason.Length : null,
                Usage = new UsageDetails { InputTokenCount = 10, OutputTokenCount = 5, TotalTokenCount = 15 },
            });
        }

        public async IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
            IEnumerable<ChatMessage> messages, ChatOptions? options = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
        {
            foreach (var update in (await GetResponseAsync(messages, options, cancellationToken).ConfigureAwait(false)).ToChatResponseUpdates())
                yield return update;
        }

        public object? GetService(Type serviceType, object? serviceKey = null) =>
            serviceType == typeof(ChatClientMetadata) ? new ChatClientMetadata("script", defaultModelId: model) : null;

        public void Dispose()
        {
        }

        private static List<AIContent> Content(string line, int number)
        {
            if (!line.StartsWith("call ", StringComparison.Ordinal))
                return [new TextContent(line)];

            var parts = line.Split(' ', 3);
            var arguments = parts.Length > 2 ? JsonSerializer.Deserialize<Dictionary<string, object?>>(parts[2]) : null;
            return [new FunctionCallContent($"call-{number}", parts[1], arguments)];
        }
    }
}
