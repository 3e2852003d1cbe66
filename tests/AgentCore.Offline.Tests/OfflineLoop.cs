using System.Text.Json;
using AgentCore.Files;
using Microsoft.Extensions.AI;

namespace AgentCore.Offline.Tests;

/// <summary>Runs the client with functions in a plain tool loop.</summary>
internal static class OfflineLoop
{
    public static async Task<(string Text, List<FunctionCallContent> Calls)> RunAsync(IEnumerable<ChatMessage> messages, ChatOptions options)
    {
        using var client = new ExtractiveChatClient();
        var history = messages.ToList();
        var made = new List<FunctionCallContent>();
        for (var round = 0; round < 8; round++)
        {
            var response = await client.GetResponseAsync(history, options);
            history.AddRange(response.Messages);
            var calls = response.Messages[0].Contents.OfType<FunctionCallContent>().ToList();
            if (calls.Count == 0) return (response.Text, made);
            made.AddRange(calls);
            var results = new List<AIContent>();
            foreach (var call in calls)
            {
                object? result;
                try
                {
                    result = await options.Tools!.OfType<AIFunction>().First(tool => tool.Name == call.Name).InvokeAsync(new AIFunctionArguments(call.Arguments));
                }
                catch (FileAccessException e)
                {
                    result = JsonSerializer.SerializeToElement(new { error = e.Message });
                }
                results.Add(new FunctionResultContent(call.CallId, result));
            }
            history.Add(new ChatMessage(ChatRole.Tool, results));
        }
        throw new InvalidOperationException("No answer after 8 rounds.");
    }

    public static Task<(string Text, List<FunctionCallContent> Calls)> AskAsync(string question, params AIFunction[] tools) =>
        RunAsync([new ChatMessage(ChatRole.User, question)], new ChatOptions { Tools = [.. tools] });
}
