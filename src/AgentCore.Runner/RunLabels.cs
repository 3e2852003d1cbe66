using System.Globalization;
using System.Text.Json;

namespace AgentCore.Runner;

/// <summary>What is kept with a run so that it can be resumed as it was begun: who ran, over which inputs, with which model.</summary>
/// <param name="Name">The agent's or team's name.</param>
/// <param name="IsTeam">Whether it is a team.</param>
/// <param name="Inputs">The inputs of the command line, as full paths.</param>
/// <param name="Model">The model.</param>
/// <param name="IsModelGiven">Whether the model was named on the command line.</param>
/// <param name="MaxTurns">The most turns that the command line allowed.</param>
/// <param name="Budget">The tokens that the command line allowed.</param>
internal sealed record RunLabels(string Name, bool IsTeam, IReadOnlyList<string> Inputs, string? Model, bool IsModelGiven, int? MaxTurns, long? Budget)
{
    public IReadOnlyDictionary<string, string> Write(string workspace)
    {
        var labels = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["command"] = IsTeam ? "team run" : "run",
            ["name"] = Name,
            ["inputs"] = JsonSerializer.Serialize(Inputs),
            ["workspace"] = workspace,
        };
        if (Model is not null)
            labels["model"] = Model;
        if (IsModelGiven)
            labels["model.given"] = "true";
        if (MaxTurns is { } turns)
            labels["maxTurns"] = turns.ToString(CultureInfo.InvariantCulture);
        if (Budget is { } budget)
            labels["budget"] = budget.ToString(CultureInfo.InvariantCulture);
        return labels;
    }

    /// <summary>Reads labels; a run that this program didn't begin has few or none.</summary>
    public static RunLabels Read(string agent, IReadOnlyDictionary<string, string> labels) => new(
        labels.GetValueOrDefault("name") ?? agent,
        labels.GetValueOrDefault("command") == "team run",
        labels.TryGetValue("inputs", out var inputs) ? JsonSerializer.Deserialize<List<string>>(inputs) ?? [] : [],
        labels.GetValueOrDefault("model"),
        labels.ContainsKey("model.given"),
        labels.TryGetValue("maxTurns", out var turns) ? int.Parse(turns, CultureInfo.InvariantCulture) : null,
        labels.TryGetValue("budget", out var budget) ? long.Parse(budget, CultureInfo.InvariantCulture) : null);
}
