using System.Globalization;
using System.Text;

namespace AgentCore.Files;

/// <summary>
/// The two invisible characters that honest names hold: U+200C and U+200D part or join letters that are written joined, as in
/// Persian and Hindi, and join emoji. Anywhere else they only make one name look like another.
/// </summary>
internal static class Joiners
{
    /// <summary>Whether the character there is one that has something to part or to join.</summary>
    public static bool Joins(string text, int at)
    {
        if (text[at] is not ('\u200C' or '\u200D')) return false;
        Rune.DecodeLastFromUtf16(text.AsSpan(0, at), out var before, out _);
        Rune.DecodeFromUtf16(text.AsSpan(at + 1), out var after, out _);
        if (IsVirama(before) || (IsJoinedLetter(before) && IsJoinedLetter(after))) return true;

        Rune.DecodeLastFromUtf16(text.AsSpan(0, at).TrimEnd('\uFE0F'), out var picture, out _);
        return text[at] == '\u200D' && IsPicture(picture) && IsPicture(after);
    }

    // The sign of Indian scripts after which a joiner decides how the letter before it is written, also at a word's end.
    private static bool IsVirama(Rune rune) => rune.Value is 0x0DCA || (rune.Value is >= 0x0900 and <= 0x0D7F && (rune.Value & 0x7F) == 0x4D);

    // From Arabic to Burmese, Khmer and Mongolian.
    private static bool IsJoinedLetter(Rune rune) => rune.Value is (>= 0x0600 and <= 0x109F) or (>= 0x1780 and <= 0x18AF)
        && (Rune.IsLetter(rune) || Rune.GetUnicodeCategory(rune) is UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark);

    private static bool IsPicture(Rune rune) =>
        rune.Value >= 0x2190 && Rune.GetUnicodeCategory(rune) is UnicodeCategory.OtherSymbol or UnicodeCategory.MathSymbol or UnicodeCategory.ModifierSymbol;
}
