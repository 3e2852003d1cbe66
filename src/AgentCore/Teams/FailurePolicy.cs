namespace AgentCore.Teams;

/// <summary>What a team does when a member's turn fails: it threw, ran out of time, or reached a limit with nothing said.
/// Every try is a turn of its own, counted and recorded.</summary>
public sealed record FailurePolicy
{
    private readonly int _retries;
    private readonly FailureAction _then;

    /// <summary>The team stops.</summary>
    public static FailurePolicy Stop { get; } = new();

    /// <summary>The team goes on without the turn.</summary>
    public static FailurePolicy Skip { get; } = new() { Then = FailureAction.Skip };

    /// <summary>How often the turn is tried again first: 0, the default, to 100. A turn in which a step was begun that isn't
    /// repeatable is not tried again; the member's own <see cref="AgentOptions.Retry"/> goes on after such a step.</summary>
    public int Retries
    {
        get => _retries;
        init => _retries = value is >= 0 and <= 100
            ? value
            : throw new ArgumentException($"FailurePolicy.Retries is {value}; choose 0 to 100.");
    }

    /// <summary>What is done when it failed for good; the team stops by default.</summary>
    public FailureAction Then
    {
        get => _then;
        init => _then = Enum.IsDefined(value)
            ? value
            : throw new ArgumentException($"FailurePolicy.Then is {value}; choose {string.Join(", ", Enum.GetNames<FailureAction>())}.");
    }

    /// <summary>The member that takes the turn in its place, by name, for <see cref="FailureAction.Replace"/>. When it fails
    /// too, the team stops.</summary>
    public string? Substitute { get; init; }

    /// <summary>The turn is tried again, and then the team stops.</summary>
    /// <param name="times">How often, 1 to 100.</param>
    public static FailurePolicy Retry(int times) => new() { Retries = times };

    /// <summary>Another member takes the turn.</summary>
    /// <param name="substitute">Its name.</param>
    public static FailurePolicy ReplaceWith(string substitute) => new() { Then = FailureAction.Replace, Substitute = substitute };
}

/// <summary>What a team does when a member's turn failed for good.</summary>
public enum FailureAction
{
    /// <summary>It stops, with the last good output.</summary>
    Stop,

    /// <summary>It goes on without the turn.</summary>
    Skip,

    /// <summary>Another member takes the turn.</summary>
    Replace,
}
