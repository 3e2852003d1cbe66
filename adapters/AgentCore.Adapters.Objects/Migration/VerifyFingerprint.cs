using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.Extensions.AI;

namespace AgentCore.Adapters.Objects.Migration;

/// <summary>What an outcome depends on beside the agent: other tasks, another time or another model make another one.</summary>
internal static class VerifyFingerprint
{
    public static string Of(VerifyOptions verify)
    {
        var model = verify.Client?.GetService(typeof(ChatClientMetadata)) as ChatClientMetadata;
        var all = new
        {
            Tasks = verify.Tasks.Select(Plain),
            TasksOf = verify.TasksOf.OrderBy(t => t.Key, StringComparer.Ordinal).Select(t => new { t.Key, Tasks = t.Value.Select(Plain) }),
            verify.Timeout,
            Client = verify.Client?.GetType().FullName,
            model?.ProviderName,
            model?.DefaultModelId,
        };
        return Convert.ToHexStringLower(SHA256.HashData(JsonSerializer.SerializeToUtf8Bytes(all)))[..12];
    }

    // Data as text: it may be nested as deep as JSON is.
    private static object Plain(AgentTask task) => new
    {
        task.Input,
        task.Type,
        Data = task.Data.Select(d => $"{d.Key}: {d.Value.GetRawText()}"),
        Messages = task.Messages.Select(m => $"{m.Role}: {m.Text}"),
    };
}
