using System.Globalization;

namespace AgentCore.Endurance;

/// <summary>The options of an endurance run, in the form <c>--count 200 --seed 7</c>.</summary>
internal sealed class EnduranceOptions
{
    private readonly Dictionary<string, string> _values = [];

    public EnduranceOptions(IReadOnlyList<string> args)
    {
        for (var i = 0; i < args.Count; i += 2)
        {
            if (!args[i].StartsWith("--", StringComparison.Ordinal) || i + 1 == args.Count)
                throw new ArgumentException($"'{args[i]}' is no option with a value; write --count 200 --seed 7.");
            _values[args[i][2..]] = args[i + 1];
        }
    }

    /// <summary>A text, or the default where it is not given.</summary>
    public string Text(string name, string? otherwise = null) => _values.GetValueOrDefault(name) ?? otherwise
        ?? throw new ArgumentException($"--{name} is missing; give it with a value.");

    /// <summary>A whole number, or the default where it is not given.</summary>
    public int Int(string name, int otherwise) => !_values.TryGetValue(name, out var text)
        ? otherwise
        : int.TryParse(text, CultureInfo.InvariantCulture, out var value)
            ? value
            : throw new ArgumentException($"--{name} is '{text}'; give a whole number.");
}
