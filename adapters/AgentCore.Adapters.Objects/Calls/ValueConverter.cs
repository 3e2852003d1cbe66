using System.Collections;
using System.Globalization;
using System.Reflection;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.AI;

namespace AgentCore.Adapters.Objects.Calls;

/// <summary>Makes a value of any type out of JSON or text.</summary>
internal sealed class ValueConverter(CallEnvironment environment)
{
    private ObjectMaker? _objects;
    private MessageMaker? _messages;

    private ObjectMaker Objects => _objects ??= new ObjectMaker(this, environment);

    public MessageMaker Messages => _messages ??= new MessageMaker(this, environment);

    /// <summary>Makes a value of JSON.</summary>
    /// <exception cref="ArgumentException">The value doesn't fit; the message says which and why.</exception>
    public object? Convert(JsonElement json, Type target, string what)
    {
        if (target == typeof(JsonElement))
            return json.Clone();
        if (json.ValueKind is JsonValueKind.Null or JsonValueKind.Undefined)
            return target.IsValueType && Nullable.GetUnderlyingType(target) is null ? Activator.CreateInstance(target) : null;

        target = Nullable.GetUnderlyingType(target) ?? target;
        if (target == typeof(object))
            return Plain(json);
        if (target == typeof(JsonDocument) || typeof(JsonNode).IsAssignableFrom(target) || target.Namespace == "Newtonsoft.Json.Linq")
            return FromJsonText(json.GetRawText(), target, what);
        if (json.ValueKind == JsonValueKind.String)
            return FromText(json.GetString()!, target, what);
        if (target == typeof(string))
            return json.GetRawText();
        if (target == typeof(bool) && json.ValueKind is JsonValueKind.True or JsonValueKind.False && target == typeof(bool))
            return json.GetBoolean();
        if (json.ValueKind == JsonValueKind.Number && (target.IsPrimitive || target == typeof(decimal) || target.IsEnum))
            return FromText(json.GetRawText(), target, what);
        if (json.ValueKind == JsonValueKind.Array)
            return FromItems([.. json.EnumerateArray()], target, what);
        if (json.ValueKind == JsonValueKind.Object)
            return FromObject(json, target, what);

        throw Misfit(what, target, json.GetRawText());
    }

    /// <summary>Makes a value of text.</summary>
    /// <exception cref="ArgumentException">The text doesn't fit.</exception>
    public object? FromText(string text, Type target, string what)
    {
        target = Nullable.GetUnderlyingType(target) ?? target;
        if (target == typeof(string) || target == typeof(object))
            return text;
        if (Scalars.TryParse(text, target, out var scalar))
            return scalar;
        if (Scalars.IsScalar(target) || target == typeof(CultureInfo))
            throw Misfit(what, target, text);
        if (Bytes(text, target) is { } bytes)
            return bytes;
        if (target == typeof(JsonElement) || target == typeof(JsonDocument) || typeof(JsonNode).IsAssignableFrom(target) || target.Namespace == "Newtonsoft.Json.Linq")
            return FromJsonText(text, target, what);
        if (Converted(text, target) is { } converted)
            return converted;

        var trimmed = text.AsSpan().TrimStart();
        if (!trimmed.IsEmpty && trimmed[0] is '{' or '[' && TryParse(text) is { } json)
            return Convert(json, target, what);
        if (target is { IsArray: true } && target.GetArrayRank() == 2)
            return Grids.FromText(text, target, this, what);
        if (Sequences.ElementOf(target) is { } element && !Sequences.IsDictionary(target))
            return Sequences.Build(target, element, [FromText(text, element, what)], what);
        if (Sequences.IsDictionary(target))
            return Sequences.BuildDictionary(target, [("input", (object?)text)], this, what);
        if (MessageMaker.Makes(target))
            return Messages.Make(target, new ChatMessage(ChatRole.User, text), what);
        return Objects.FromText(target, text, what);
    }

    /// <summary>Makes a value of what stands in an environment variable, which no error shows.</summary>
    public object? FromEnvironment(string variable, string text, Type target, string what)
    {
        try
        {
            return FromText(text, target, what);
        }
        catch (Exception)
        {
            throw new ArgumentMappingException($"{what} can't be made a {Shapes.TypeText.Of(target)} from the environment variable {variable}.");
        }
    }

    public static object? Plain(JsonElement json) => json.ValueKind switch
    {
        JsonValueKind.String => json.GetString(),
        JsonValueKind.Number => json.TryGetInt64(out var whole) ? whole : json.GetDouble(),
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        JsonValueKind.Array => json.EnumerateArray().Select(Plain).ToList(),
        JsonValueKind.Object => json.EnumerateObject().ToDictionary(p => p.Name, p => Plain(p.Value), StringComparer.Ordinal),
        _ => null,
    };

    public static ArgumentMappingException Misfit(string what, Type target, string value) =>
        new($"{what} can't be made a {Shapes.TypeText.Of(target)} from '{(value.Length > 60 ? value[..60] + "…" : value)}'.{(Scalars.IsNumber(target) ? " Write numbers as 1234.5, without separators." : "")}");

    private object? FromItems(List<JsonElement> items, Type target, string what)
    {
        if (ObjectMaker.IsTuple(target))
            return Objects.FromItems(target, items, what);
        if (target is { IsArray: true } && target.GetArrayRank() == 2)
            return Grids.FromRows(items, target, this, what);
        if (Sequences.ElementOf(target) is not { } element)
            throw Misfit(what, target, $"a list of {items.Count} items");
        return Sequences.Build(target, element, [.. items.Select((item, i) => Convert(item, element, $"{what}[{i}]"))], what);
    }

    private object FromObject(JsonElement json, Type target, string what)
    {
        if (Sequences.IsDictionary(target))
            return Sequences.BuildDictionary(target, [.. json.EnumerateObject().Select(p => (p.Name, (object?)p.Value))], this, what);
        if (typeof(ChatMessage) == target)
            return json.Deserialize<ChatMessage>(AIJsonUtilities.DefaultOptions)!;
        if (MessageMaker.Makes(target) && Messages.FromJson(target, json, what) is { } message)
            return message;
        return Objects.FromJson(target, json, what);
    }

    private static object? FromJsonText(string text, Type target, string what)
    {
        try
        {
            var json = TryParse(text) ?? JsonSerializer.SerializeToElement(text);
            if (target == typeof(JsonElement))
                return json;
            if (target == typeof(JsonDocument))
                return JsonDocument.Parse(json.GetRawText());
            if (typeof(JsonNode).IsAssignableFrom(target))
            {
                var node = JsonNode.Parse(json.GetRawText());
                return target.IsInstanceOfType(node) ? node : new JsonObject { ["input"] = node };
            }

            // Newtonsoft's own Parse, found in the agent's copy of the library.
            var parse = target.GetMethod("Parse", BindingFlags.Public | BindingFlags.Static, [typeof(string)]) ?? throw Misfit(what, target, text);
            var source = target.Name == "JObject" && json.ValueKind != JsonValueKind.Object ? $"{{\"input\":{json.GetRawText()}}}" : json.GetRawText();
            return parse.Invoke(null, [source]);
        }
        catch (Exception e) when (e is JsonException or TargetInvocationException or InvalidOperationException)
        {
            throw Misfit(what, target, text);
        }
    }

    /// <summary>Through the type's own conversion from text: an implicit operator, or Parse.</summary>
    private static object? Converted(string text, Type target)
    {
        const BindingFlags Statics = BindingFlags.Public | BindingFlags.Static;
        var conversion = target.GetMethods(Statics).FirstOrDefault(m =>
            m.Name is "op_Implicit" or "op_Explicit" && target.IsAssignableFrom(m.ReturnType)
            && m.GetParameters() is [{ ParameterType: var from }] && from == typeof(string));
        return conversion?.Invoke(null, [text]);
    }

    private static object? Bytes(string text, Type target)
    {
        if (target.FullName == "System.BinaryData")
            return target.GetMethod("FromString", [typeof(string)])!.Invoke(null, [text]);
        if (target == typeof(StringBuilder))
            return new StringBuilder(text);
        if (target == typeof(ReadOnlyMemory<char>))
            return text.AsMemory();
        if (target == typeof(TextReader) || target == typeof(StringReader))
            return new StringReader(text);
        if (target == typeof(char[]))
            return text.ToCharArray();
        if (target != typeof(byte[]) && target != typeof(ReadOnlyMemory<byte>) && target != typeof(Memory<byte>)
            && target != typeof(Stream) && target != typeof(MemoryStream))
            return null;

        var bytes = Encoding.UTF8.GetBytes(text);
        return target == typeof(byte[]) ? bytes
            : target == typeof(ReadOnlyMemory<byte>) ? new ReadOnlyMemory<byte>(bytes)
            : target == typeof(Memory<byte>) ? new Memory<byte>(bytes)
            : new MemoryStream(bytes);
    }

    private static JsonElement? TryParse(string text)
    {
        try
        {
            return JsonElement.Parse(text);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}

/// <summary>Values that stand in one word.</summary>
internal static class Scalars
{
    public static bool IsScalar(Type t) =>
        t.IsPrimitive || t.IsEnum || t == typeof(decimal) || t == typeof(Guid) || t == typeof(DateTime) || t == typeof(DateTimeOffset)
        || t == typeof(DateOnly) || t == typeof(TimeOnly) || t == typeof(TimeSpan) || t == typeof(Version) || t == typeof(System.Numerics.BigInteger);

    public static bool TryParse(string text, Type t, out object? value)
    {
        var culture = CultureInfo.InvariantCulture;
        value = null;
        if (t.IsEnum)
            return Enum.TryParse(t, text.Trim(), ignoreCase: true, out value);
        if (t == typeof(Guid) && Guid.TryParse(text, out var guid))
            value = guid;
        else if (t == typeof(TimeSpan) && TimeSpan.TryParse(text, culture, out var span))
            value = span;
        else if (t == typeof(DateTimeOffset) && DateTimeOffset.TryParse(text, culture, DateTimeStyles.AssumeUniversal, out var offset))
            value = offset;
        else if (t == typeof(DateTime) && DateTime.TryParse(text, culture, DateTimeStyles.RoundtripKind, out var time))
            value = time;
        else if (t == typeof(DateOnly) && DateOnly.TryParse(text, culture, out var date))
            value = date;
        else if (t == typeof(TimeOnly) && TimeOnly.TryParse(text, culture, out var clock))
            value = clock;
        else if (t == typeof(Uri) && Uri.TryCreate(text, UriKind.RelativeOrAbsolute, out var uri))
            value = uri;
        else if (t == typeof(Version) && Version.TryParse(text, out var version))
            value = version;
        else if (t == typeof(FileInfo))
            value = new FileInfo(text);
        else if (t == typeof(DirectoryInfo))
            value = new DirectoryInfo(text);
        else if (t == typeof(CultureInfo))
            value = Culture(text);
        else if (t == typeof(System.Numerics.BigInteger) && System.Numerics.BigInteger.TryParse(text, NumberStyles.Integer, culture, out var big))
            value = big;
        else if ((t.IsPrimitive && t != typeof(nint) && t != typeof(nuint)) || t == typeof(decimal))
            return TryNumber(text.Trim(), t, culture, out value);
        return value is not null;
    }

    public static bool IsNumber(Type t) => (t.IsPrimitive && t != typeof(bool) && t != typeof(char)) || t == typeof(decimal);

    // Thousands separators aren't allowed: where a comma means a fraction, 1,50 would become 150.
    private static bool TryNumber(string text, Type t, CultureInfo culture, out object? value)
    {
        value = null;
        if (t == typeof(bool))
            value = bool.TryParse(text, out var flag) ? flag : null;
        else if (t == typeof(char))
            value = char.TryParse(text, out var letter) ? letter : null;
        else if (t == typeof(double))
            value = double.TryParse(text, NumberStyles.Float, culture, out var wide) ? wide : null;
        else if (t == typeof(float))
            value = float.TryParse(text, NumberStyles.Float, culture, out var narrow) ? narrow : null;
        else if (decimal.TryParse(text, NumberStyles.Float, culture, out var number) && (t == typeof(decimal) || number == decimal.Truncate(number)))
            value = Whole(number, t, culture);
        return value is not null;
    }

    private static object? Whole(decimal number, Type t, CultureInfo culture)
    {
        try
        {
            return System.Convert.ChangeType(number, t, culture);
        }
        catch (OverflowException)
        {
            return null;
        }
    }

    private static CultureInfo? Culture(string name)
    {
        try
        {
            return CultureInfo.GetCultureInfo(name);
        }
        catch (CultureNotFoundException)
        {
            return null;
        }
    }
}
