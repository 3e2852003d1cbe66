using System.Text.Json;
using Microsoft.Extensions.AI;

namespace AgentCore.Agents;

/// <summary>Notices a model that makes the same call again and again.</summary>
internal struct RepeatGuard(int most)
{
    private FunctionCallContent? _last;

    /// <summary>The tool that was called last.</summary>
    public readonly string? Name => _last?.Name;

    /// <summary>How often in a row it was called with the same arguments.</summary>
    public int Count { readonly get; private set; }

    /// <summary>Whether the model went on after it was told.</summary>
    public readonly bool IsOver => Count > most + 1;

    /// <summary>Takes a call; what to tell the model in place of making it, or null to make it.</summary>
    public string? Add(FunctionCallContent call)
    {
        // Most calls are to another tool than the last; only where it is the same one are the arguments worth a look.
        Count = _last is { } last && last.Name == call.Name && Key(last) == Key(call) ? Count + 1 : 1;
        _last = call;
        return Count > most
            ? $"Error: '{call.Name}' was called with these arguments {Count} times in a row, and returned the same. Do something else, or answer with what you have."
            : null;
    }

    private static string Key(FunctionCallContent call) =>
        call.Arguments is not { Count: > 0 } arguments ? "" : JsonSerializer.Serialize(arguments, AgentJson.Options);
}
