namespace AgentCore.Learning;

/// <summary>What a learner does about an error that it knows (<c>autoFix</c> in definitions).</summary>
public enum AutoFix
{
    /// <summary>It keeps account of errors and retries, and no more.</summary>
    Off,

    /// <summary>It also says, as a <see cref="NoteEvent"/>, which remedy it would try.</summary>
    Suggest,

    /// <summary>It applies remedies by itself.</summary>
    On,
}
