using Microsoft.Extensions.AI;

namespace AgentCore.Providers.OpenAI.Tests;

/// <summary>Answers as the services send them, and clients that read them.</summary>
internal static class Wire
{
    public const string Key = "sk-test-51f0c2d94be7";

    /// <summary>A whole answer of OpenAI's.</summary>
    public const string Completion =
        """
        {
          "id": "chatcmpl-B9MBs8CjcvOU2jLn4n570S5qMJKcT",
          "object": "chat.completion",
          "created": 1741569952,
          "model": "gpt-4.1-2025-04-14",
          "choices": [
            {
              "index": 0,
              "message": {
                "role": "assistant",
                "content": "Hello! How can I assist you today?",
                "refusal": null,
                "annotations": []
              },
              "logprobs": null,
              "finish_reason": "stop"
            }
          ],
          "usage": {
            "prompt_tokens": 1019,
            "completion_tokens": 10,
            "total_tokens": 1029,
            "prompt_tokens_details": { "cached_tokens": 1008, "audio_tokens": 0 },
            "completion_tokens_details": { "reasoning_tokens": 4, "audio_tokens": 0, "accepted_prediction_tokens": 0, "rejected_prediction_tokens": 0 }
          },
          "service_tier": "default",
          "system_fingerprint": "fp_44709d6fcb"
        }
        """;

    public const string ToolCalls =
        """
        {"id":"chatcmpl-abc123","object":"chat.completion","created":1699896916,"model":"gpt-4o-mini","choices":[{"index":0,"message":
        {"role":"assistant","content":null,"tool_calls":[
        {"id":"call_a","type":"function","function":{"name":"weather","arguments":"{\"city\":\"Oslo\",\"days\":3}"}},
        {"id":"call_b","type":"function","function":{"name":"clock","arguments":""}}]},"logprobs":null,"finish_reason":"tool_calls"}],
        "usage":{"prompt_tokens":82,"completion_tokens":17,"total_tokens":99}}
        """;

    public const string Done = "data: [DONE]\n\n";

    public const string Usage = """data: {"id":"c1","object":"chat.completion.chunk","created":1741569952,"model":"gpt-4o","choices":[],"usage":{"prompt_tokens":9,"completion_tokens":2,"total_tokens":11,"prompt_tokens_details":{"cached_tokens":8},"completion_tokens_details":{"reasoning_tokens":1}}}""" + "\n\n";

    public const string Stop = """data: {"id":"c1","object":"chat.completion.chunk","created":1741569952,"model":"gpt-4o","choices":[{"index":0,"delta":{},"logprobs":null,"finish_reason":"stop"}],"usage":null}""" + "\n\n";

    public static readonly List<ChatMessage> Hello = [new(ChatRole.User, "Hello!")];

    public static string Chunk(string delta, string finish = "null") =>
        $$"""data: {"id":"c1","object":"chat.completion.chunk","created":1741569952,"model":"gpt-4o","choices":[{"index":0,"delta":{{delta}},"finish_reason":{{finish}}}]}""" + "\n\n";

    public static string Text(string text) => Chunk($$"""{"content":"{{text}}"}""");

    public static OpenAIChatClient Client(Uri endpoint, Action<OpenAIChatClientOptions>? change = null)
    {
        var options = new OpenAIChatClientOptions
        {
            Endpoint = endpoint,
            EndpointSetting = "OPENAI_BASE_URL",
            Model = "gpt-4o",
            ApiKey = Key,
            ApiKeySetting = "OPENAI_API_KEY",
            MaxRetries = 0,
        };
        change?.Invoke(options);
        return new OpenAIChatClient(options);
    }

    public static async Task<List<ChatResponseUpdate>> CollectAsync(IAsyncEnumerable<ChatResponseUpdate> stream)
    {
        List<ChatResponseUpdate> updates = [];
        await foreach (var update in stream)
            updates.Add(update);
        return updates;
    }
}
