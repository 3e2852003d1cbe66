using System.Text.Json;
using Microsoft.Extensions.AI;

namespace AgentCore.Agents;

/// <summary>Notices a model that makes the same call again and again.</summary>
internal struct RepeatGuard(int most)
{
    private FunctionCallContent? _last;
    private bool _wasTold;

    /// <summary>The tool that was called last.</summary>
    public readonly string? Name => _last?.Name;

    /// <summary>How often in a row it was called with the same arguments.</summary>
    public int Count { readonly get; private set; }

    /// <summary>Whether the model went on in a reply after it was told.</summary>
    public readonly bool IsOver => _wasTold && Count > most;

    /// <summary>Whether it went on within one reply: runs from before ended so.</summary>
    public readonly bool WasOver => Count > most + 1;

    /// <summary>Begins with the calls of another reply.</summary>
    public void NextReply() => _wasTold = Count > most;

    /// <summary>Takes a call; whether it is one too many, and the model is to be told so in its place.</summary>
    public bool Add(FunctionCallContent call)
    {
        // Most calls are to another tool than the last; only where it is the same one are the arguments worth a look.
        var isSame = _last is { } last && last.Name == call.Name && Key(last) == Key(call);
        Count = isSame ? Count + 1 : 1;
        _wasTold &= isSame;
        _last = call;
        return Count > most;
    }

    private static string Key(FunctionCallContent call) =>
        call.Arguments is not { Count: > 0 } arguments ? "" : JsonSerializer.Serialize(arguments, AgentJson.Options);
}
