using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using AgentCore.Plugins;

namespace AgentCore.Hosting.Definitions;

/// <summary>Checks a YAML tree against the fields that a definition may have, and makes JSON of it. All errors are found, not
/// only the first.</summary>
internal sealed partial class FieldReader(string file, List<DefinitionError> errors)
{
    internal const decimal SecondsOfADay = 86_400;

    internal const string Shortest = "0.0001ms";

    // The longest that a timer takes is a little more.
    private const decimal LongestSeconds = 49 * SecondsOfADay;

    /// <summary>Where each field stands, by its path.</summary>
    public Dictionary<string, (int Line, int Column)> Places { get; } = new(StringComparer.Ordinal);

    /// <summary>Where a field stands; the place of what holds it, where it isn't in the file.</summary>
    public (int Line, int Column)? PlaceOf(string field)
    {
        for (var path = field; path.Length > 0; path = path[..Math.Max(0, path.LastIndexOfAny(['.', '[']))])
        {
            if (Places.TryGetValue(path, out var place))
                return place;
        }

        return Places.TryGetValue("", out var top) ? top : null;
    }

    /// <summary>A text that must be there must say something; only an agent may be told nothing, as its model may know already what it is.</summary>
    public static bool MustSay(DefinitionField field) => field is { IsRequired: true, Type: DefinitionType.Text, Name: not "instructions" };

    /// <summary>Reads an object.</summary>
    /// <param name="value">The tree.</param>
    /// <param name="fields">The fields that it may have.</param>
    /// <param name="path">Its own path; empty for the file.</param>
    /// <param name="shownFields">The names that errors give; null for those of the fields.</param>
    public JsonObject Object(YamlValue value, IReadOnlyList<DefinitionField> fields, string path = "", IReadOnlyList<string>? shownFields = null)
    {
        var read = new JsonObject();
        var names = shownFields ?? [.. fields.Select(f => f.Name)];
        Places[path] = (value.Line, value.Column);
        if (value is not YamlMap map)
        {
            Add(value, path, $"it must have fields: {string.Join(", ", names)}.");
            return read;
        }

        foreach (var (key, content) in map.Entries)
        {
            var inner = path.Length == 0 ? key.Text : $"{path}.{key.Text}";
            Places[inner] = (content.Line, content.Column);
            if (fields.FirstOrDefault(f => f.Name == key.Text) is not { } field)
                Add(key, inner, $"there is no such field.{NearestName.Hint(key.Text, names)} The fields are: {string.Join(", ", names)}.");
            else if (Value(content, field, inner) is { } node)
                read[key.Text] = node;
        }

        foreach (var field in fields)
        {
            if (field.IsRequired && !map.Entries.Any(e => e.Key.Text == field.Name))
                Add(value, path, $"the field '{field.Name}' is missing: {LowerFirst(field.Description)}");
        }

        return read;
    }

    /// <summary>A length of time such as <c>30s</c>, in seconds; null where the text is none.</summary>
    public static double? Seconds(string text)
    {
        var match = Duration().Match(text);
        if (!match.Success)
            return null;

        var number = double.Parse(match.Groups[1].ValueSpan, CultureInfo.InvariantCulture);
        return number * match.Groups[2].Value switch { "ms" => 0.001, "s" => 1, "m" => 60, "h" => 3600, _ => 86400 };
    }

    /// <summary>Whether a length of time is less than a clock's tick, and so none at all.</summary>
    public static bool IsTooShort(double seconds) => seconds * TimeSpan.TicksPerSecond < 1;

    private JsonNode? Value(YamlValue value, DefinitionField field, string path) => field.Type switch
    {
        DefinitionType.Object => Object(Whole(value, field), field.Fields, path),
        DefinitionType.ObjectList => List(value, path, (item, at) => Object(Whole(item, field), field.Fields, at)),
        DefinitionType.TextList => value is YamlScalar ? TextOf(value, field, path) is { } one ? new JsonArray(one) : null
            : List(value, path, (item, at) => TextOf(item, field, at)),
        DefinitionType.TextMap => Map(value, field, path),
        DefinitionType.Boolean => Scalar(value, path, "true or false") is { } text ? Boolean(text, path) : null,
        DefinitionType.Integer => Scalar(value, path, "a whole number") is { } text ? Number(text, field, path, whole: true) : null,
        DefinitionType.Number => Scalar(value, path, "a number") is { } text ? Number(text, field, path, whole: false) : null,
        DefinitionType.Duration => DurationOf(value, field, path),
        DefinitionType.Any => Any(value),
        DefinitionType.Scalar => Scalar(value, path, "a text or a number") is { } text && !(text.IsPlain && PlainKind(text.Text) == "nothing") ? JsonValue.Create(text.Text) : null,
        _ => TextOf(value, field, path),
    };

    /// <summary>An object, also where a text alone stands for it.</summary>
    public static YamlValue Whole(YamlValue value, string? shorthand) => value is YamlScalar && shorthand is not null
        ? new YamlMap([(new YamlScalar(shorthand, true, value.Line, value.Column), value)], value.Line, value.Column)
        : value;

    private static YamlValue Whole(YamlValue value, DefinitionField field) => Whole(value, field.Shorthand);

    private JsonArray List(YamlValue value, string path, Func<YamlValue, string, JsonNode?> read)
    {
        if (value is not YamlList list)
        {
            Add(value, path, "it must be a list; begin each of its lines with '- '.");
            return [];
        }

        var items = new JsonArray();
        for (var i = 0; i < list.Items.Count; i++)
        {
            var at = $"{path}[{i}]";
            Places[at] = (list.Items[i].Line, list.Items[i].Column);
            if (read(list.Items[i], at) is { } node)
                items.Add(node);
        }

        return items;
    }

    private JsonObject Map(YamlValue value, DefinitionField field, string path)
    {
        var read = new JsonObject();
        if (value is not YamlMap map)
        {
            Add(value, path, "it must be names with texts, one 'NAME: text' on each line.");
            return read;
        }

        foreach (var (key, content) in map.Entries)
        {
            var at = $"{path}.{key.Text}";
            Places[at] = (content.Line, content.Column);
            if (TextOf(content, field, at) is { } text)
                read[key.Text] = text;
        }

        return read;
    }

    private JsonValue? TextOf(YamlValue value, DefinitionField field, string path)
    {
        if (Scalar(value, path, "a text") is not { } scalar)
            return null;

        if (scalar.IsPlain && PlainKind(scalar.Text) is { } kind)
        {
            Add(value, path, kind == "nothing" ? "it is empty; give a text." : $"'{scalar.Text}' is {kind} in YAML; put it into quotes to make it a text.");
            return null;
        }

        if (field.Allowed is { } allowed && !allowed.Contains(scalar.Text))
        {
            Add(value, path, $"'{scalar.Text}' is not allowed.{NearestName.Hint(scalar.Text, allowed)} Choose one of: {string.Join(", ", allowed)}.");
            return null;
        }

        if (MustSay(field) && string.IsNullOrWhiteSpace(scalar.Text))
        {
            Add(value, path, $"it is empty; give a text: {LowerFirst(field.Description)}");
            return null;
        }

        return JsonValue.Create(scalar.Text);
    }

    private YamlScalar? Scalar(YamlValue value, string path, string what)
    {
        if (value is YamlScalar scalar)
        {
            if (!scalar.Text.Contains('\0'))
                return scalar;
            Add(value, path, "it has a NUL character (\\0), which neither a name nor a path may have; take it out.");
            return null;
        }

        Add(value, path, $"it must be {what}, not {(value is YamlList ? "a list" : "an object with fields")}.");
        return null;
    }

    private JsonValue? Boolean(YamlScalar scalar, string path)
    {
        if (scalar is { IsPlain: true, Text: "true" or "false" })
            return JsonValue.Create(scalar.Text == "true");

        Add(scalar, path, $"'{scalar.Text}' is neither true nor false; write one of these, without quotes.");
        return null;
    }

    private JsonValue? Number(YamlScalar scalar, DefinitionField field, string path, bool whole)
    {
        if (whole && field.Maximum is null)
            field = field with { Maximum = long.MaxValue };
        var style = whole ? NumberStyles.AllowLeadingSign : NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint;
        if (!scalar.IsPlain || !decimal.TryParse(scalar.Text, style, CultureInfo.InvariantCulture, out var number))
        {
            var isLarge = scalar.IsPlain && PlainKind(scalar.Text) == "a number" && scalar.Text.All(c => char.IsAsciiDigit(c) || c == '-' || (!whole && c == '.'));
            Add(scalar, path, $"'{scalar.Text}' is {(isLarge ? "out of range" : whole ? "no whole number" : "no number")}{Range(field)}.");
            return null;
        }

        if (number < field.Minimum || number > field.Maximum)
        {
            Add(scalar, path, $"{scalar.Text} is out of range{Range(field)}.");
            return null;
        }

        // Parsed, so that it reads as whichever type of number is asked for.
        return JsonNode.Parse(number.ToString(CultureInfo.InvariantCulture))!.AsValue();
    }

    private JsonValue? DurationOf(YamlValue value, DefinitionField field, string path)
    {
        if (Scalar(value, path, "a length of time such as 30s") is not { } scalar)
            return null;
        if (Seconds(scalar.Text) is { } seconds and > 0)
        {
            if (IsTooShort(seconds))
            {
                Add(value, path, $"'{scalar.Text}' is too short to be measured; choose {Shortest} or more.");
                return null;
            }

            var most = field.Maximum ?? LongestSeconds;
            if ((decimal)seconds <= most)
                return JsonValue.Create(seconds);
            Add(value, path, $"'{scalar.Text}' is out of range; choose {Figure(most / SecondsOfADay)}d or less.");
            return null;
        }

        Add(value, path, $"'{scalar.Text}' is no length of time; write a number above 0 and ms, s, m, h or d, such as 500ms, 30s or 5m.");
        return null;
    }

    internal static JsonNode? Any(YamlValue value)
    {
        switch (value)
        {
            case YamlList list:
                return new JsonArray([.. list.Items.Select(Any)]);
            case YamlMap map:
                var read = new JsonObject();
                foreach (var (key, content) in map.Entries)
                    read[key.Text] = Any(content);
                return read;
            default:
                var scalar = (YamlScalar)value;
                return !scalar.IsPlain ? JsonValue.Create(scalar.Text) : PlainKind(scalar.Text) switch
                {
                    "nothing" => null,
                    "a truth value" => JsonValue.Create(scalar.Text is "true" or "True" or "TRUE"),
                    "a number" when decimal.TryParse(scalar.Text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) => JsonValue.Create(number),
                    _ => JsonValue.Create(scalar.Text),
                };
        }
    }

    /// <summary>What a plain scalar is by YAML's core schema; null for a text.</summary>
    private static string? PlainKind(string text) => text switch
    {
        "" or "~" or "null" or "Null" or "NULL" => "nothing",
        "true" or "True" or "TRUE" or "false" or "False" or "FALSE" => "a truth value",
        _ => PlainNumber().IsMatch(text) ? "a number" : null,
    };

    private static string Range(DefinitionField field) => (field.Minimum, field.Maximum) switch
    {
        (null, null) => "",
        ({ } least, null) => $"; choose {Figure(least)} or more",
        (null, { } most) => $"; choose {Figure(most)} or less",
        ({ } least, { } most) => $"; choose {Figure(least)} to {Figure(most)}",
    };

    private static string Figure(decimal number) => number.ToString("#,0.###", CultureInfo.InvariantCulture);

    private static string LowerFirst(string text) => text.Length == 0 ? text : char.ToLowerInvariant(text[0]) + text[1..];

    private void Add(YamlValue at, string path, string message) => errors.Add(new DefinitionError(file, at.Line, at.Column, path, message));

    [GeneratedRegex(@"^(\d{1,9}(?:\.\d{1,6})?)\s?(ms|s|m|h|d)$", RegexOptions.CultureInvariant)]
    private static partial Regex Duration();

    [GeneratedRegex(@"^(?:[-+]?(?:\d+|\d+\.\d*|\.\d+)(?:[eE][-+]?\d+)?|0x[0-9a-fA-F]+|0o[0-7]+|[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN))$", RegexOptions.CultureInvariant)]
    private static partial Regex PlainNumber();
}
