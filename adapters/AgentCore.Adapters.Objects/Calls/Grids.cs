using System.Text.Json;

namespace AgentCore.Adapters.Objects.Calls;

/// <summary>Builds two-dimensional arrays, such as the boards of games: of JSON rows, or of lines of text.</summary>
internal static class Grids
{
    private static readonly char[] Separators = [' ', ',', ';', '\t'];

    public static Array FromRows(IReadOnlyList<JsonElement> rows, Type target, ValueConverter converter, string what)
    {
        var element = target.GetElementType()!;
        if (rows.FirstOrDefault(r => r.ValueKind != JsonValueKind.Array) is { ValueKind: not JsonValueKind.Undefined } odd)
            throw ValueConverter.Misfit(what, target, odd.GetRawText());
        return Build(element, [.. rows.Select((row, y) => row.EnumerateArray().Select((cell, x) => converter.Convert(cell, element, $"{what}[{y},{x}]")).ToList())]);
    }

    public static Array FromText(string text, Type target, ValueConverter converter, string what)
    {
        var element = target.GetElementType()!;
        return Build(element, [.. text.Split('\n').Select(line => line.TrimEnd('\r')).Select(line => element == typeof(char)
            ? line.Select(c => (object?)c).ToList()
            : line.Split(Separators, StringSplitOptions.RemoveEmptyEntries).Select(cell => converter.FromText(cell, element, what)).ToList())]);
    }

    private static Array Build(Type element, List<List<object?>> rows)
    {
        var array = Array.CreateInstance(element, rows.Count, rows.Count == 0 ? 0 : rows.Max(r => r.Count));
        for (var y = 0; y < rows.Count; y++)
        {
            for (var x = 0; x < rows[y].Count; x++)
                array.SetValue(rows[y][x], y, x);
        }

        return array;
    }
}
