using System.Text.Json;
using System.Text.Json.Serialization;

namespace AgentCore.Adapters.Objects.Calls;

/// <summary>What a call came to, as the journal keeps it.</summary>
/// <param name="Text">The answer in words.</param>
/// <param name="Data">The answer as data; null where the words say it all.</param>
/// <param name="State">The object's state after the call, where it can be saved.</param>
[JsonConverter(typeof(ObjectOutcomeConverter))]
internal sealed record ObjectOutcome(string Text, JsonElement? Data = null, JsonElement? State = null);
