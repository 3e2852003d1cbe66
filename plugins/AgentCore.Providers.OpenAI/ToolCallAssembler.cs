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

    /// <summary>Takes the <c>tool_calls</c> of a whole message, each of which is a call of its own.</summary>
    public void AddWhole(JsonElement message)
    {
        foreach (var part in message.Items("tool_calls"))
            Take(Begin(null), part, Id(part), Name(part));
    }

    /// <summary>Takes the <c>tool_calls</c> of a delta.</summary>
    public void AddDelta(JsonElement delta)
    {
        foreach (var part in delta.Items("tool_calls"))
        {
            var (index, id, name) = (part.Number("index"), Id(part), Name(part));
            var known = Continued(index, id, name);
            Take(known is null || StartsOver(known, part, name) ? Begin(index) : known, part, id, name);
        }
    }

    /// <summary>The calls, in the order in which they began. Each has an id of its own, or their results could not be told apart:
    /// one is made where the server gives none, or gives it twice.</summary>
    public List<AIContent> Build()
    {
        var ids = new HashSet<string>(StringComparer.Ordinal);
        return _calls.ConvertAll<AIContent>(call => Build(call, call.Id is { } id && ids.Add(id) ? id : $"call_{Guid.NewGuid():N}"));
    }

    private static string? Id(JsonElement part) => part.Text("id") is { } id && !string.IsNullOrWhiteSpace(id) ? id : null;

    private static string? Name(JsonElement part) => part.Get("function")?.Text("name") is { Length: > 0 } name ? name : null;

    // Some servers send the arguments as an object instead of its text.
    private static string? Arguments(JsonElement part) => part.Get("function")?.Get("arguments") is { } arguments
        ? arguments.ValueKind == JsonValueKind.String ? WireText.ReadRaw(arguments) : arguments.GetRawText()
        : null;

    private Call Begin(long? index)
    {
        var call = new Call(index);
        _calls.Add(call);
        return call;
    }

    private static void Take(Call call, JsonElement part, string? id, string? name)
    {
        call.Id ??= id;
        call.Name ??= name;
        call.Arguments.Append(Arguments(part));
    }

    // A delta continues the call with its index; without an index the one with its id, or else the last. A new id under a used
    // index starts another call (Ollama gives every call the index 0), and so does another name, or a name where the call at
    // hand, without ids, has its own already.
    private Call? Continued(long? index, string? id, string? name)
    {
        var same = id is null ? null : _calls.FindLast(c => c.Id == id && (index is null || c.Index == index));
        if (same is not null && (name is null || same.Name is null || same.Name == name))
            return same;

        var known = _calls.FindLast(c => index is null || c.Index == index);
        return known is null || StartsAnother(known, id, name) ? null : known;
    }

    private static bool StartsAnother(Call known, string? id, string? name) => id is not null
        ? known.Id is not null
        : known.Name is not null && name is not null && (known.Name != name || (known.Id is null && known.Arguments.Length > 0));

    // Some servers repeat the id and the name in each delta, and some give two calls of one tool the same id: where the call at
    // hand is whole, arguments that come with a name are another call's.
    private static bool StartsOver(Call known, JsonElement part, string? name) =>
        name is not null && !string.IsNullOrWhiteSpace(Arguments(part)) && IsWhole(known.Arguments);

    private static bool IsWhole(StringBuilder arguments)
    {
        if (arguments.Length == 0 || arguments[^1] is not '}')
            return false;

        try
        {
            ParseArguments(WireText.CleanJson(arguments.ToString()));
            return true;
        }
        catch (JsonException)
        {
            return false;
        }
    }

    private FunctionCallContent Build(Call call, string id)
    {
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
