using System.Collections;
using System.Collections.Concurrent;
using System.Globalization;
using System.Reflection;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace AgentCore.Adapters.Objects.Calls;

/// <summary>Reads the text and the data of whatever an agent returned.</summary>
internal static class ResultText
{
    private const int MostItems = 10_000;

    private static readonly string[] TextNames =
    [
        "Text", "Content", "Output", "Answer", "Response", "Reply", "Result", "Message", "FinalAnswer", "Summary", "Value", "Body", "Messages", "Contents", "Choices", "Update", "Delta",
    ];

    private static readonly JsonSerializerOptions Json = new()
    {
        ReferenceHandler = ReferenceHandler.IgnoreCycles,
        IncludeFields = true,
        MaxDepth = JsonDepth.Most,
        Converters = { new JsonStringEnumConverter() },
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
    };

    private static readonly JsonSerializerOptions Deep = new(Json) { MaxDepth = JsonDepth.MostRead };

    private static readonly ConcurrentDictionary<Type, PropertyInfo?> TextProperties = new();

    public static string Of(object? value) => Of(value, 0);

    /// <summary>The value as JSON; null for text and for what JSON can't hold.</summary>
    public static JsonElement? Data(object? value)
    {
        if (value is null or string)
            return null;
        try
        {
            return JsonSerializer.SerializeToElement(value, value.GetType(), Json);
        }
        catch (JsonException) when (JsonDepth.Cut(value, Deep) is { } cut)
        {
            return cut;
        }
        catch (Exception e) when (e is NotSupportedException or JsonException or InvalidOperationException or ArgumentException or TargetInvocationException)
        {
            return null;
        }
        catch (Exception) when (value is not IEnumerable)
        {
            // A property of the agent's own type threw; its text is still good.
            return null;
        }
    }

    /// <summary>A stream's text: pieces of text follow each other, anything else stands on its own line.</summary>
    public static string OfStream(IReadOnlyList<object?> items)
    {
        var texts = items.Select(item => Of(item)).ToList();
        var pieces = items.All(item => item is string or char) || items.Any(item => item is not null && IsUpdate(item.GetType()));
        return string.Join(pieces ? "" : "\n", pieces ? texts : texts.Where(t => t.Length > 0));
    }

    private static bool IsUpdate(Type type) =>
        type.Name.Contains("Update", StringComparison.Ordinal) || type.Name.Contains("Chunk", StringComparison.Ordinal)
        || type.Name.Contains("Delta", StringComparison.Ordinal) || type.Name.Contains("Token", StringComparison.Ordinal) || type.Name.StartsWith("Streaming", StringComparison.Ordinal);

    private static string Of(object? value, int depth)
    {
        switch (value)
        {
            case null:
                return "";
            case string text:
                return text;
            case JsonElement { ValueKind: JsonValueKind.String } json:
                return json.GetString()!;
            case JsonElement json:
                return json.ToString();
            case byte[] bytes:
                return ResultContent.Text(bytes);
            case bool flag:
                return flag ? "true" : "false";
            case Enum or char or Guid or TimeSpan or Uri:
                return value.ToString() ?? "";
            case IFormattable formattable when value.GetType().IsPrimitive || value is decimal or DateTime or DateTimeOffset:
                return formattable.ToString(null, CultureInfo.InvariantCulture);
        }

        if (depth > 4)
            return value.ToString() ?? "";
        if (value is IEnumerable items and not IDictionary && !Sequences.IsDictionary(value.GetType()))
            return OfItems(items, depth);
        if (TextProperties.GetOrAdd(value.GetType(), FindText) is { } property && Read(property, value) is { } inner)
            return Of(inner, depth + 1);
        if (value is System.Runtime.CompilerServices.ITuple tuple)
            return Enumerable.Range(0, tuple.Length).Select(i => tuple[i]).FirstOrDefault(i => i is string) as string ?? Of(tuple.Length > 0 ? tuple[0] : null, depth + 1);
        if (value.GetType().GetMethod(nameof(ToString), [])!.DeclaringType is { } declaring && declaring != typeof(object) && declaring != typeof(ValueType) && !IsRecord(declaring))
            return value.ToString() ?? "";
        return Data(value)?.GetRawText() ?? value.ToString() ?? "";
    }

    private static string OfItems(IEnumerable items, int depth)
    {
        var texts = new List<string>();
        foreach (var item in items)
        {
            if (texts.Count == MostItems)
            {
                texts.Add(items is ICollection all ? string.Create(CultureInfo.InvariantCulture, $"… {all.Count - MostItems:N0} more") : "… more");
                break;
            }

            texts.Add(Of(item, depth + 1));
        }

        return string.Join('\n', texts);
    }

    private static PropertyInfo? FindText(Type type)
    {
        var properties = type.GetProperties(BindingFlags.Public | BindingFlags.Instance).Where(p => p.CanRead && p.GetIndexParameters().Length == 0).ToList();
        return TextNames.Select(name => properties.Find(p => p.Name == name && (p.PropertyType == typeof(string) || (!p.PropertyType.IsValueType && p.PropertyType != type))))
            .FirstOrDefault(p => p is not null);
    }

    private static object? Read(PropertyInfo property, object value)
    {
        try
        {
            return property.GetValue(value);
        }
        catch (TargetInvocationException)
        {
            return null;
        }
    }

    private static bool IsRecord(Type type) => type.GetMethod("<Clone>$") is not null || type.GetMethod("PrintMembers", BindingFlags.NonPublic | BindingFlags.Instance) is not null;
}
