using System.Globalization;
using System.Text;

namespace AgentCore.Text;

/// <summary>
/// Walks a text word by word without allocating. Splits <c>camelCase</c>, <c>snake_case</c>, <c>kebab-case</c> and dotted names into
/// their parts, and reports the parts' compound after them. Scripts without spaces come in overlapping pairs of characters.
/// </summary>
internal ref struct WordScanner(ReadOnlySpan<char> text)
{
    private const int MaxWord = 64;

    private readonly ReadOnlySpan<char> _text = text;
    private int _at;
    private int _compoundStart = -1;
    private int _compoundParts;
    private bool _pendingCompound;

    /// <summary>Where the word starts in the text.</summary>
    public int Start { get; private set; }

    /// <summary>How many characters the word has in the text.</summary>
    public int Length { get; private set; }

    /// <summary>Whether this is the compound of the parts just reported (<c>max_retries</c> after <c>max</c> and <c>retries</c>).</summary>
    public bool IsCompound { get; private set; }

    /// <summary>Moves to the next word.</summary>
    /// <returns><see langword="false"/> at the end of the text.</returns>
    public bool Next()
    {
        IsCompound = false;
        if (_pendingCompound)
        {
            _pendingCompound = false;
            (Start, Length, IsCompound) = (_compoundStart, _at - _compoundStart, true);
            _compoundStart = -1;
            if (Length <= MaxWord) return true;
            IsCompound = false;
        }

        while (_at < _text.Length && !IsWord(_text[_at])) _at++;
        if (_at >= _text.Length) return false;

        Start = _at;
        if (IsUnspaced(_text[_at])) return NextPair();

        if (_compoundStart < 0) (_compoundStart, _compoundParts) = (_at, 0);
        _at = EndOfPart(_at);
        Length = _at - Start;
        _compoundParts++;
        CloseOrContinueCompound();
        return true;
    }

    /// <summary>Writes the current word in lower case, without accents and without joining characters.</summary>
    /// <returns>The number of characters written.</returns>
    public readonly int WriteNormal(Span<char> target)
    {
        var count = 0;
        foreach (var c in _text.Slice(Start, Length))
        {
            if (c is '_' or '-' or '.' or '\'' or '’') continue;
            if (count == target.Length) break;
            target[count++] = c < 128 ? char.ToLowerInvariant(c) : Fold(char.ToLowerInvariant(c));
        }
        return count;
    }

    private bool NextPair()
    {
        var paired = _at + 1 < _text.Length && IsUnspaced(_text[_at + 1]);
        Length = paired ? 2 : 1;
        // The last character of a run was already reported as the second half of a pair.
        var endsRun = _at + 2 >= _text.Length || !IsUnspaced(_text[_at + 2]);
        _at += paired && endsRun ? 2 : 1;
        _compoundStart = -1;
        return true;
    }

    private void CloseOrContinueCompound()
    {
        if (_at < _text.Length)
        {
            var next = _text[_at];
            if (IsWord(next) && !IsUnspaced(next)) return;
            if (next is '_' or '-' or '.' && _at + 1 < _text.Length && char.IsAsciiLetterOrDigit(_text[_at + 1]))
            {
                // "end.Next" is two sentences, "config.toml" one name.
                if (next != '.' || char.IsLower(_text[_at + 1]) || char.IsDigit(_text[_at + 1]))
                {
                    var before = _at;
                    while (_at < _text.Length && _text[_at] == next && _at - before < 2) _at++;
                    if (_at < _text.Length && IsWord(_text[_at]) && !IsUnspaced(_text[_at])) return;
                    _at = before;
                }
            }
        }
        if (_compoundParts > 1) _pendingCompound = true;
        else _compoundStart = -1;
    }

    private readonly int EndOfPart(int start)
    {
        var i = start + 1;
        while (i < _text.Length && i - start < MaxWord)
        {
            var (previous, c) = (_text[i - 1], _text[i]);
            if (c is '\'' or '’')
            {
                // "don't" and "server's" are one word; a quote after a word is not.
                if (i + 1 < _text.Length && char.IsLetter(_text[i + 1]) && char.IsLetter(previous))
                {
                    i++;
                    continue;
                }
                break;
            }
            if (!IsWord(c) || IsUnspaced(c)) break;
            // "404s" is 404.
            if (c == 's' && char.IsAsciiDigit(previous) && IsPluralS(i)) break;
            if (char.IsUpper(c) && char.IsLower(previous)) break;
            // HTTPServer: the last capital begins the next word.
            if (char.IsUpper(previous) && char.IsLower(c) && i - start > 1 && !IsPluralS(i)) return i - 1;
            i++;
        }
        return i;
    }

    // "APIs" and "URLs" are one word.
    private readonly bool IsPluralS(int i) => _text[i] == 's' && (i + 1 >= _text.Length || !char.IsLetterOrDigit(_text[i + 1]));

    private static bool IsWord(char c) =>
        c < 128 ? char.IsAsciiLetterOrDigit(c)
        : char.IsLetterOrDigit(c) || char.IsSurrogate(c) || CharUnicodeInfo.GetUnicodeCategory(c) is UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark;

    private static bool IsUnspaced(char c) =>
        c >= 0x0E00 && (c is (>= '\u0E00' and <= '\u0EFF') or (>= '\u1000' and <= '\u109F') or (>= '\u1780' and <= '\u17FF')
            or (>= '\u3040' and <= '\u30FF') or (>= '\u3400' and <= '\u9FFF') or (>= '\uF900' and <= '\uFAFF') or (>= '\uAC00' and <= '\uD7AF'));

    private static char Fold(char c)
    {
        if (c is < '\u00C0' or > '\u024F') return c;
        const string latin1 = "aaaaaaaceeeeiiiidnooooo×ouuuuyþsaaaaaaaceeeeiiiidnooooo÷ouuuuyþy";
        if (c <= '\u00FF') return latin1[c - '\u00C0'];
        var decomposed = c.ToString().Normalize(NormalizationForm.FormD);
        return decomposed[0];
    }
}
