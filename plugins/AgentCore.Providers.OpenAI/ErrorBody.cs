using System.Net;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace AgentCore.Providers.OpenAI;

/// <summary>Finds the message in the forms of error that servers send: OpenAI's, vLLM's and FastAPI's, plain text, a proxy's HTML page.</summary>
internal static partial class ErrorBody
{
    /// <summary>Whether an answer is an error: <c>{"error":…}</c>, or an older vLLM's <c>{"object":"error",…}</c>.</summary>
    public static bool IsError(JsonElement element) =>
        element.Get("error") is { ValueKind: JsonValueKind.Object } || element.Text("error") is { Length: > 0 } || element.Text("object") == "error";

    public static (string? Message, string? Code) Read(string body)
    {
        try
        {
            return Read(WireText.Parse(Encoding.UTF8.GetBytes(body)));
        }
        catch (JsonException)
        {
            return (Page(body), null);
        }
    }

    public static (string? Message, string? Code) Read(JsonElement root)
    {
        // Google's compatible endpoint wraps its error in a list.
        if (root.ValueKind == JsonValueKind.Array && root.GetArrayLength() > 0)
            root = root[0];

        var error = root.Get("error") ?? root;
        if (error.ValueKind == JsonValueKind.String)
            return (WireText.Read(error), null);

        var message = error.Text("message") ?? root.Text("detail") ?? root.Get("detail")?.GetRawText();
        return (message ?? root.GetRawText(), error.Text("code") ?? error.Text("type"));
    }

    /// <summary>Whether an error is about a parameter: whether its words, or its place (<c>param</c>, FastAPI's <c>loc</c>), name
    /// it. A request that is repeated in the body names nothing, nor does JSON that is cut off.</summary>
    public static bool Names(string body, string parameter)
    {
        try
        {
            return Names(WireText.Parse(Encoding.UTF8.GetBytes(body)), parameter);
        }
        catch (JsonException)
        {
            return body.AsSpan().TrimStart() is not ['{' or '[', ..] && HasWord(body, parameter);
        }
    }

    private static bool Names(JsonElement error, string parameter) => error.ValueKind switch
    {
        JsonValueKind.String => HasWord(WireText.Read(error), parameter),
        JsonValueKind.Array => error.EnumerateArray().Any(item => Names(item, parameter)),
        JsonValueKind.Object => error.EnumerateObject().Any(property => IsSaid(property.Name) && Names(property.Value, parameter)),
        _ => false,
    };

    private static bool IsSaid(string name) => name is "error" or "errors" or "detail" or "details" or "message" or "msg" or "param" or "loc";

    private static bool HasWord(string text, string word) => Regex.IsMatch(text, $@"\b{Regex.Escape(word)}\b", RegexOptions.CultureInvariant);

    /// <summary>A page's title, or the text itself.</summary>
    public static string Page(string body)
    {
        if (!body.AsSpan().TrimStart().StartsWith('<'))
            return body;

        return Title().Match(body) is { Success: true } title ? $"an HTML page titled {WebUtility.HtmlDecode(title.Groups[1].Value.Trim())}" : "an HTML page";
    }

    [GeneratedRegex("<title[^<>]*>([^<]+)", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Title();
}
