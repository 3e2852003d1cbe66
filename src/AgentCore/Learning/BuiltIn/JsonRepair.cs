using System.Text;
using System.Text.Json;

namespace AgentCore.Learning.BuiltIn;

/// <summary>Mends the ways in which models get JSON wrong: fences and words around it, trailing and missing commas, single quotes,
/// unquoted names, comments, Python's constants, an end cut off. What can't be mended stays as it is.</summary>
internal static class JsonRepair
{
    public static string Apply(string text)
    {
        var start = text.AsSpan().IndexOfAny('{', '[');
        if (start < 0 || !LooksLikeJson(text, start) || IsJson(text.Trim()))
            return text;

        var end = text.LastIndexOfAny(['}', ']']);
        if (end > start && IsJson(text[start..(end + 1)]))
            return text[start..(end + 1)];

        var mended = new JsonMender(text, start).Mend();
        return IsJson(mended) ? mended : text;
    }

    // Prose may have a bracket or two: a citation, a placeholder.
    private static bool LooksLikeJson(string text, int start) =>
        string.IsNullOrWhiteSpace(text[..start])
        || text.Contains("```", StringComparison.Ordinal)
        || (text[start..].Length > text.Length / 2 && text[start..].AsSpan().ContainsAny('"', '\'', ':'));

    private static bool IsJson(string text)
    {
        try
        {
            using var document = JsonDocument.Parse(text);
            return true;
        }
        catch (JsonException)
        {
            return false;
        }
    }
}

/// <summary>Reads something like JSON, and writes JSON.</summary>
internal sealed class JsonMender(string text, int start)
{
    private readonly StringBuilder _out = new(text.Length + 16);
    private readonly Stack<char> _open = new();
    private int _at = start;
    private bool _afterValue;

    public string Mend()
    {
        while (_at < text.Length)
        {
            var c = text[_at];
            if (char.IsWhiteSpace(c))
                _at++;
            else if (c == '/' && _at + 1 < text.Length && text[_at + 1] is '/' or '*' && SkipComment())
                continue;
            else if (c is '{' or '[')
                Open(c);
            else if (c is '}' or ']')
                Close();
            else if (c == ',')
                _at++; // Written again where something follows.
            else if (c == ':')
                Write(":", afterValue: false);
            else if (c is '"' or '\'' or '“')
                Quoted(c == '“' ? '”' : c);
            else
                Word();
            if (_open.Count == 0)
                break;
        }

        while (_open.Count > 0)
            _out.Append(_open.Pop());
        return _out.ToString();
    }

    private void Open(char c)
    {
        Separate();
        _out.Append(c);
        _open.Push(c == '{' ? '}' : ']');
        _afterValue = false;
        _at++;
    }

    private void Close()
    {
        if (_open.Count > 0)
            _out.Append(_open.Pop());
        _afterValue = true;
        _at++;
    }

    private void Write(string token, bool afterValue)
    {
        _out.Append(token);
        _afterValue = afterValue;
        _at++;
    }

    private void Separate()
    {
        if (_afterValue)
            _out.Append(',');
    }

    private void Quoted(char end)
    {
        Separate();
        var value = new StringBuilder();
        for (_at++; _at < text.Length && text[_at] != end; _at++)
        {
            var c = text[_at];
            if (c == '\\' && _at + 1 < text.Length)
            {
                c = text[++_at];
                if (c == 'u' && _at + 4 < text.Length && ushort.TryParse(text.AsSpan(_at + 1, 4), System.Globalization.NumberStyles.HexNumber, null, out var code))
                {
                    value.Append((char)code);
                    _at += 4;
                    continue;
                }

                value.Append(c switch { 'n' => '\n', 't' => '\t', 'r' => '\r', 'b' => '\b', 'f' => '\f', _ => c });
                continue;
            }

            value.Append(c);
        }

        _at++;
        _out.Append(JsonSerializer.Serialize(value.ToString()));
        _afterValue = true;
    }

    private void Word()
    {
        Separate();
        var begin = _at;
        while (_at < text.Length && text[_at] is not (',' or ':' or '}' or ']' or '"' or '\n' or '{' or '['))
            _at++;
        var word = text[begin.._at].Trim();
        _out.Append(word switch
        {
            "True" => "true",
            "False" => "false",
            "None" or "undefined" or "NaN" => "null",
            "true" or "false" or "null" => word,
            _ when double.TryParse(word, System.Globalization.NumberStyles.Float, System.Globalization.CultureInfo.InvariantCulture, out var number) && double.IsFinite(number) => word.TrimStart('+'),
            _ => JsonSerializer.Serialize(word),
        });
        _afterValue = true;
    }

    private bool SkipComment()
    {
        var end = text[_at + 1] == '/' ? text.IndexOf('\n', _at) : text.IndexOf("*/", _at, StringComparison.Ordinal);
        _at = end < 0 ? text.Length : end + (text[_at + 1] == '/' ? 1 : 2);
        return true;
    }
}
