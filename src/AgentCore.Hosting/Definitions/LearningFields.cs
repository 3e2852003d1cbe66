using System.Text.Json.Nodes;
using AgentCore.Learning;
using AgentCore.Plugins;

namespace AgentCore.Hosting.Definitions;

/// <summary>The field <c>learning</c> of agent files and of the settings: what is done about known errors.</summary>
internal static class LearningFields
{
    public static DefinitionField Field { get; } = new("learning", DefinitionType.Object, "What is learned from failed runs, and done about known errors: off, suggest or on; suggest without one.")
    {
        Shorthand = "autoFix",
        Fields =
        [
            new("autoFix", DefinitionType.Text, "off counts errors alone; suggest also says what might help; on tries failed runs again with what helped, twice unless 'retry' says otherwise.") { Allowed = ["off", "suggest", "on"] },
            new("remedies", DefinitionType.Object, "The only remedies that may be tried; without it all of these but switchModel.")
            {
                Fields =
                [
                    new("retryLater", DefinitionType.Duration, "Wait this long; 15s where 'remedies' is left out."),
                    new("reduceContext", DefinitionType.Number, "Ask models with only this share of the conversation, the newest; 0.5 where 'remedies' is left out.") { Minimum = 0.01m, Maximum = 0.99m },
                    new("switchModel", DefinitionType.Text, "Ask this model instead, by its name at the same provider."),
                    new("repairJson", DefinitionType.Boolean, "Mend broken JSON in models' replies."),
                    new("reinitialize", DefinitionType.Boolean, "Shut the agent down and initialise it again."),
                    new("raiseTimeout", DefinitionType.Number, "Multiply the timeouts of steps and tools by this; 2 where 'remedies' is left out.") { Minimum = 1.01m, Maximum = 100 },
                ],
            },
        ],
    };

    /// <summary>What holds where nothing is said: errors are counted and remedies suggested, and no run is tried again for it.</summary>
    public static LearningOptions Unsaid { get; } = new()
    {
        AutoFix = AutoFix.Suggest,
        Retry = new RetryOptions { ShouldRetry = static _ => false },
        HowToApply = "Write 'learning: on' (with fields, 'autoFix: on' under 'learning') in the agent's file or in agentcore.yaml",
    };

    /// <summary>What the field says; null where it is not there.</summary>
    public static LearningOptions? Read(JsonObject? fields)
    {
        if (fields is null)
            return null;

        var autoFix = (string?)fields["autoFix"] is { } text ? Enum.Parse<AutoFix>(text, ignoreCase: true) : AutoFix.Suggest;
        var options = autoFix == AutoFix.On ? new LearningOptions() : Unsaid with { AutoFix = autoFix };
        return fields["remedies"] is JsonObject remedies ? options with { Remedies = [.. Of(remedies)] } : options;
    }

    private static IEnumerable<Remedy> Of(JsonObject fields)
    {
        if (fields["retryLater"] is { } delay)
            yield return Remedies.RetryLater(TimeSpan.FromSeconds((double)delay));
        if (fields["reduceContext"] is { } share)
            yield return Remedies.ReduceContext((double)share);
        if (fields["switchModel"] is { } model)
            yield return Remedies.SwitchModel((string)model!);
        if ((bool?)fields["repairJson"] == true)
            yield return Remedies.RepairJson();
        if ((bool?)fields["reinitialize"] == true)
            yield return Remedies.Reinitialize();
        if (fields["raiseTimeout"] is { } factor)
            yield return Remedies.RaiseTimeout((double)factor);
    }
}
