namespace AgentCore.Plugins;

/// <summary>Marks an assembly as a plugin and names its entry type: <c>[assembly: AgentCorePlugin(typeof(MyPlugin))]</c>.
/// Hosts find plugins by this attribute alone.</summary>
/// <param name="entry">A class with a public parameterless constructor that derives from <see cref="AgentCorePlugin"/>.</param>
[AttributeUsage(AttributeTargets.Assembly)]
public sealed class AgentCorePluginAttribute(Type entry) : Attribute
{
    /// <summary>The plugin's entry type.</summary>
    public Type Entry { get; } = entry;
}

/// <summary>A plugin's entry: says what the assembly adds.</summary>
public abstract class AgentCorePlugin
{
    /// <summary>The plugin's name, as <c>doctor</c> lists it.</summary>
    public abstract string Name { get; }

    /// <summary>Adds the plugin's parts. Called once per host; does no work that could fail for want of a server or a file.</summary>
    /// <param name="registry">Where the parts go.</param>
    public abstract void Register(PluginRegistry registry);
}
