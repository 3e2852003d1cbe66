using System.Text.Json;
using Microsoft.Extensions.AI;

namespace AgentCore.SemanticKernel.Gate;

/// <summary>What a completion service says of the tokens that it used. Semantic Kernel has no type for it: each connector puts
/// an object of its own into a message's metadata, under the same name, and the conversion to a chat client leaves it there.</summary>
internal static class ServiceUsage
{
    private const string Key = "Usage";
    private static readonly string[] Input = ["InputTokenCount", "InputTokens", "PromptTokens", "PromptTokenCount"];
    private static readonly string[] Output = ["OutputTokenCount", "OutputTokens", "CompletionTokens", "CandidatesTokenCount"];
    private static readonly string[] Total = ["TotalTokenCount", "TotalTokens"];

    /// <summary>Sets a response's usage from its messages, where it has none.</summary>
    public static ChatResponse Count(ChatResponse response)
    {
        foreach (var message in response.Messages)
        {
            if (Take(message.AdditionalProperties) is { } usage)
                (response.Usage ??= new UsageDetails()).Add(usage);
        }

        return response;
    }

    /// <summary>Sets an update's usage from its metadata.</summary>
    public static ChatResponseUpdate Count(ChatResponseUpdate update)
    {
        if (Take(update.AdditionalProperties) is { } usage && !update.Contents.OfType<UsageContent>().Any())
            update.Contents.Add(new UsageContent(usage));
        return update;
    }

    /// <summary>Takes the usage out: the object is the connector's, and the journal has it as usage.</summary>
    private static UsageDetails? Take(AdditionalPropertiesDictionary? properties)
    {
        if (properties is null || !properties.Remove(Key, out var value))
            return properties is null ? null : Read(name => Number(properties.GetValueOrDefault(name)));

        return value switch
        {
            null => null,
            UsageDetails details => details,
            UsageContent content => content.Details,
            JsonElement { ValueKind: JsonValueKind.Object } json => Read(name => Number(json.EnumerateObject().FirstOrDefault(p => Same(p.Name, name)).Value)),
            _ => Read(name => Number(Array.Find(value.GetType().GetProperties(), p => Same(p.Name, name) && p.GetIndexParameters().Length == 0)?.GetValue(value))),
        };
    }

    private static UsageDetails? Read(Func<string, long?> number)
    {
        var (input, output, total) = (First(Input), First(Output), First(Total));
        return input is null && output is null && total is null
            ? null
            : new UsageDetails { InputTokenCount = input, OutputTokenCount = output, TotalTokenCount = total ?? (input ?? 0) + (output ?? 0) };

        long? First(string[] names) => names.Select(number).FirstOrDefault(n => n is not null);
    }

    private static bool Same(string name, string wanted) => string.Equals(name.Replace("_", "", StringComparison.Ordinal), wanted, StringComparison.OrdinalIgnoreCase);

    private static long? Number(object? value) => value switch
    {
        int number => number,
        long number => number,
        JsonElement { ValueKind: JsonValueKind.Number } json when json.TryGetInt64(out var number) => number,
        _ => null,
    };
}
