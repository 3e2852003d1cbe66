using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace AgentCore.Learning.BuiltIn;

/// <summary>Reads something like JSON, and writes JSON. It gives up where it would have to guess: at words that are no JSON, and
/// at text that stays after the document.</summary>
internal sealed partial class JsonMender(string text)
{
    private readonly StringBuilder _out = new(text.Length + 16);
    private readonly Stack<char> _open = new();
    private int _at;
    private bool _givenUp;

    // What was read last: whether a value, whether a bare word, whether a colon; and where the next thing may follow a missing comma.
    private bool _afterValue;
    private bool _afterWord;
    private bool _afterColon;
    private bool _afterComma;
    private int _valueEnd;

    /// <summary>The document as JSON, or nearly so; null where it gave up.</summary>
    public string? Mend()
    {
        do
        {
            SkipBlank();
            if (_at == text.Length)
                break;
            var c = text[_at];
            if (c is '{' or '[')
                Open(c);
            else if (_open.Count == 0)
                return null;
            else if (c is '}' or ']')
                Close();
            else if (c == ',')
                Comma();
            else if (c == ':')
                Colon();
            else if (c is '"' or '\'' or '“')
                Quoted(c == '“' ? '”' : c);
            else
                Word();
        }
        while (_open.Count > 0 && !_givenUp);

        // A bracket or comma too many is no loss; what else stays would be one.
        if (_givenUp || text.AsSpan(_at).Trim(" \t\r\n}],;").Length > 0)
            return null;
        while (_open.Count > 0)
            _out.Append(_open.Pop());
        return _out.ToString();
    }

    private void Open(char c)
    {
        Separate(isWord: false);
        _out.Append(c);
        _open.Push(c == '{' ? '}' : ']');
        _afterValue = _afterColon = _afterComma = false;
        _at++;
    }

    private void Close()
    {
        _out.Append(_open.Pop());
        _at++;
        EndValue(isWord: false);
    }

    // Written again where something follows.
    private void Comma()
    {
        _afterComma = true;
        _at++;
    }

    private void Colon()
    {
        _out.Append(':');
        _afterValue = _afterComma = false;
        _afterColon = true;
        _at++;
    }

    /// <summary>Writes the comma before a value. One that is missing is guessed only where no words are cut apart: on another line,
    /// or between what can't be but two values.</summary>
    private void Separate(bool isWord)
    {
        if (!_afterValue)
            return;

        if (!_afterComma && (isWord || _afterWord) && text.AsSpan(_valueEnd, _at - _valueEnd).IndexOf('\n') < 0)
            _givenUp = true;
        _out.Append(',');
    }

    private void EndValue(bool isWord)
    {
        _afterValue = true;
        _afterWord = isWord;
        _afterColon = _afterComma = false;
        _valueEnd = _at;
    }

    private void Quoted(char end)
    {
        Separate(isWord: false);
        var value = new StringBuilder();
        for (_at++; _at < text.Length && text[_at] != end; _at++)
        {
            var c = text[_at];
            if (c == '\\' && _at + 1 < text.Length)
            {
                c = text[++_at];
                if (c == 'u' && _at + 4 < text.Length && ushort.TryParse(text.AsSpan(_at + 1, 4), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var code))
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

        _at = Math.Min(_at + 1, text.Length);
        _out.Append(JsonSerializer.Serialize(value.ToString()));
        EndValue(isWord: false);
    }

    private void Word()
    {
        var begin = _at;
        while (_at < text.Length && text[_at] is not (',' or ':' or '}' or ']' or '"' or '\n' or '{' or '[') && !(char.IsWhiteSpace(text[_at - 1]) && IsComment()))
            _at++;
        var word = text[begin.._at].Trim();
        var known = Known(word);
        var end = _at;
        _at = begin;
        Separate(isWord: known is null);
        _at = end;

        // Names are words without spaces; among values, code and what stands in no object are no JSON.
        var isName = _open.Peek() == '}' && !_afterColon;
        if (known is null && (isName ? !Name().IsMatch(word) : !_open.Contains('}') || word.AsSpan().ContainsAny(";=()")))
            _givenUp = true;
        _out.Append(isName ? JsonSerializer.Serialize(word) : known ?? JsonSerializer.Serialize(word));
        EndValue(isWord: known is null);
    }

    /// <summary>A constant or a number as JSON has it; null for other words.</summary>
    private static string? Known(string word) => word switch
    {
        "True" or "true" => "true",
        "False" or "false" => "false",
        "None" or "null" or "undefined" or "NaN" => "null",
        _ when !double.TryParse(word, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) || !double.IsFinite(number) => null,
        _ when JsonRepair.IsJson(word.TrimStart('+')) => word.TrimStart('+'),
        // A zero in front is part of a code, not of a number.
        _ when LeadingZero().IsMatch(word) => JsonSerializer.Serialize(word),
        _ => double.Parse(word, NumberStyles.Float, CultureInfo.InvariantCulture).ToString("R", CultureInfo.InvariantCulture),
    };

    private void SkipBlank()
    {
        while (_at < text.Length)
        {
            if (char.IsWhiteSpace(text[_at]))
            {
                _at++;
            }
            else if (IsComment())
            {
                var end = text[_at + 1] == '/' ? text.IndexOf('\n', _at) : text.IndexOf("*/", _at + 2, StringComparison.Ordinal) + 2;
                _at = end < 2 ? text.Length : end;
            }
            else
            {
                return;
            }
        }
    }

    private bool IsComment() => text[_at] == '/' && _at + 1 < text.Length && text[_at + 1] is '/' or '*';

    [GeneratedRegex("""^[\w$.-]+$""")]
    private static partial Regex Name();

    [GeneratedRegex("""^[-+]?0\d""")]
    private static partial Regex LeadingZero();
}
