using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.AI;

namespace AgentCore.Providers.OpenAI;

/// <summary>Names that the endpoint accepts: letters, digits, <c>_</c> and <c>-</c>, at most 64. Ours may have dots
/// (<c>files.read</c>), so a tool's name is cleaned on the way out and found again on the way back.</summary>
internal static class WireNames
{
    /// <summary>The name with other characters as <c>_</c>; null where nothing of it is left.</summary>
    [return: NotNullIfNotNull(nameof(fallback))]
    public static string? Clean(string? name, string? fallback = null)
    {
        if (string.IsNullOrWhiteSpace(name))
            return fallback;

        var clean = string.Create(Math.Min(name.Length, 64), name, static (span, source) =>
        {
            for (var i = 0; i < span.Length; i++)
                span[i] = char.IsAsciiLetterOrDigit(source[i]) || source[i] is '_' or '-' ? source[i] : '_';
        });
        return clean.Trim('_').Length == 0 ? fallback : clean;
    }

    /// <summary>From each tool's name on the wire to its own; null where they are all the same.</summary>
    /// <exception cref="ArgumentException">Two tools have the same name on the wire.</exception>
    public static Dictionary<string, string>? Map(ChatOptions? options)
    {
        if (options?.Tools is not { Count: > 0 } tools)
            return null;

        var map = new Dictionary<string, string>(tools.Count, StringComparer.Ordinal);
        var same = true;
        foreach (var tool in tools)
        {
            var wire = Clean(tool.Name, tool.Name);
            if (!map.TryAdd(wire, tool.Name))
                throw new ArgumentException($"The tools '{map[wire]}' and '{tool.Name}' both become '{wire}', the only form the endpoint accepts; rename one.");

            same &= wire == tool.Name;
        }

        return same ? null : map;
    }
}
