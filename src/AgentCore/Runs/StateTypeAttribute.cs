namespace AgentCore.Runs;

/// <summary>Names a type of state or of step results in what is kept, apart from its name in code, and says which version of
/// it the code has. Older versions are brought up to date by <see cref="StateMigrations"/> when they are read.</summary>
/// <param name="name">The type's name in the store, for good.</param>
/// <param name="version">The version that the code has, from 1; raise it when the JSON of the type changes.</param>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Struct, Inherited = false)]
public sealed class StateTypeAttribute(string name, int version = 1) : Attribute
{
    /// <summary>The type's name in the store.</summary>
    public string Name { get; } = name;

    /// <summary>The version that the code has.</summary>
    public int Version { get; } = version;
}
