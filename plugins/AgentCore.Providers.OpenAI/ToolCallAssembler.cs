using System.Text;
using System.Text.Json;
using Microsoft.Extensions.AI;

namespace AgentCore.Providers.OpenAI;

/// <summary>Puts tool calls together, from whole messages and from deltas.</summary>
/// <param name="names">From a tool's name on the wire to its own; null where they are the same.</param>
internal sealed class ToolCallAssembler(IReadOnlyDictionary<string, string>? names)
{
    private readonly List<Call> _calls = [];

    public bool IsEmpty => _calls.Count == 0;

    /// <summary>Takes the <c>tool_calls</c> of a message or delta.</summary>
    public void Add(JsonElement message)
    {
        foreach (var part in message.Items("tool_calls"))
        {
            var function = part.Get("function");
            var id = part.Text("id");
            var name = function?.Text("name");
            var call = Find(part.Number("index"), id, name);
            call.Id ??= string.IsNullOrEmpty(id) ? null : id;
            call.Name ??= string.IsNullOrEmpty(name) ? null : name;
            // Some servers send the arguments as an object instead of its text.
            var arguments = function?.Get("arguments");
            call.Arguments.Append(arguments?.ValueKind == JsonValueKind.String ? WireText.ReadRaw(arguments.Value) : arguments?.GetRawText());
        }
    }

    /// <summary>The calls, in the order in which they began.</summary>
    public IEnumerable<AIContent> Build() => _calls.Select(Build);

    // A delta continues the call with its index. A new id under a used index starts another call (Ollama gives every call the
    // index 0), and so does a name where the call at hand, without ids, has its own already. No index: the last call goes on.
    private Call Find(long? index, string? id, string? name)
    {
        var known = index is null ? _calls.LastOrDefault() : _calls.LastOrDefault(c => c.Index == index);
        if (!string.IsNullOrEmpty(id) && _calls.Find(c => c.Id == id) is { } same)
            return same;
        if (known is not null && !StartsAnother(known, id, name))
            return known;

        var call = new Call(index);
        _calls.Add(call);
        return call;
    }

    private static bool StartsAnother(Call known, string? id, string? name) => !string.IsNullOrEmpty(id)
        ? known.Id is not null
        : known.Id is null && known.Name is not null && !string.IsNullOrEmpty(name) && known.Arguments.Length > 0;

    private FunctionCallContent Build(Call call)
    {
        var id = call.Id ?? $"call_{Guid.NewGuid():N}";
        var name = call.Name ?? "";
        if (names?.TryGetValue(name, out var own) == true)
            name = own;

        var text = WireText.CleanJson(call.Arguments.ToString());
        if (string.IsNullOrWhiteSpace(text) || text is "null")
            return new FunctionCallContent(id, name, new Dictionary<string, object?>());

        try
        {
            return new FunctionCallContent(id, name, ParseArguments(text));
        }
        catch (JsonException e)
        {
            // The model's slip: the loop tells it, in the words of the exception.
            return new FunctionCallContent(id, name) { Exception = e };
        }
    }

    private static Dictionary<string, object?> ParseArguments(string text)
    {
        using var document = JsonDocument.Parse(text);
        if (document.RootElement.ValueKind != JsonValueKind.Object)
            throw new JsonException($"The arguments are a JSON {document.RootElement.ValueKind}, not an object.");

        var arguments = new Dictionary<string, object?>(StringComparer.Ordinal);
        foreach (var property in document.RootElement.EnumerateObject())
            arguments[property.Name] = property.Value.ValueKind == JsonValueKind.Null ? null : property.Value.Clone();
        return arguments;
    }

    private sealed class Call(long? index)
    {
        public long? Index { get; } = index;

        public string? Id { get; set; }

        public string? Name { get; set; }

        public StringBuilder Arguments { get; } = new();
    }
}
