using AgentCore.Checkpoints;
using AgentCore.Models;
using AgentCore.Tools;

namespace AgentCore.Plugins;

/// <summary>What plugins add to a host. A name that is taken is an error that names both plugins.</summary>
public sealed class PluginRegistry
{
    private const string Host = "the host";

    private readonly Dictionary<(string Kind, string Name), string> _owners = [];
    private readonly List<ModelProvider> _providers = [];
    private readonly Dictionary<string, Func<StoreLocation, CancellationToken, ValueTask<ICheckpointStore>>> _stores = new(StringComparer.Ordinal);
    private readonly List<Func<ToolHost, IEnumerable<Tool>>> _tools = [];
    private readonly Dictionary<string, Func<AgentHost, BaseAgent>> _agents = new(StringComparer.Ordinal);
    private readonly Dictionary<string, AgentKind> _kinds = new(StringComparer.Ordinal);
    private readonly Dictionary<string, PluginCommand> _commands = new(StringComparer.Ordinal);
    private string _current = Host;

    /// <summary>The model providers.</summary>
    public IReadOnlyList<ModelProvider> Providers => _providers;

    /// <summary>How to open each kind of store.</summary>
    public IReadOnlyDictionary<string, Func<StoreLocation, CancellationToken, ValueTask<ICheckpointStore>>> Stores => _stores;

    /// <summary>What gives the host's tools.</summary>
    public IReadOnlyList<Func<ToolHost, IEnumerable<Tool>>> Tools => _tools;

    /// <summary>What makes each agent, by name.</summary>
    public IReadOnlyDictionary<string, Func<AgentHost, BaseAgent>> Agents => _agents;

    /// <summary>The kinds of agent that definition files can ask for, by name.</summary>
    public IReadOnlyDictionary<string, AgentKind> AgentKinds => _kinds;

    /// <summary>The commands of the console program, by name.</summary>
    public IReadOnlyDictionary<string, PluginCommand> Commands => _commands;

    /// <summary>Who added an agent.</summary>
    /// <param name="agent">The agent's name.</param>
    /// <returns>The plugin's name, or <c>the host</c>; null where there is no such agent.</returns>
    public string? OwnerOf(string agent) => _owners.GetValueOrDefault(("agent", agent));

    /// <summary>Lets a plugin add its parts.</summary>
    /// <param name="plugin">The plugin.</param>
    /// <exception cref="InvalidOperationException">It adds a name that is taken.</exception>
    public void Load(AgentCorePlugin plugin)
    {
        ArgumentNullException.ThrowIfNull(plugin);
        _current = plugin.Name;
        plugin.Register(this);
    }

    /// <summary>Adds a model provider.</summary>
    /// <param name="provider">The provider.</param>
    public PluginRegistry AddProvider(ModelProvider provider)
    {
        ArgumentNullException.ThrowIfNull(provider);
        Claim("model provider", provider.Name);
        _providers.Add(provider);
        return this;
    }

    /// <summary>Adds a kind of store.</summary>
    /// <param name="kind">Its name, as in <c>--store</c>.</param>
    /// <param name="open">Opens or creates a store of this kind in a folder.</param>
    public PluginRegistry AddStore(string kind, Func<StoreLocation, CancellationToken, ValueTask<ICheckpointStore>> open)
    {
        ArgumentException.ThrowIfNullOrEmpty(kind);
        Claim("store", kind);
        _stores.Add(kind, open);
        return this;
    }

    /// <summary>Adds tools. Each host asks once, with its input folders and workspace.</summary>
    /// <param name="tools">Makes the tools.</param>
    public PluginRegistry AddTools(Func<ToolHost, IEnumerable<Tool>> tools)
    {
        ArgumentNullException.ThrowIfNull(tools);
        _tools.Add(tools);
        return this;
    }

    /// <summary>Adds an agent or a team.</summary>
    /// <param name="name">Its name, as in <c>agentcore run NAME</c>.</param>
    /// <param name="create">Makes it; the host disposes it.</param>
    public PluginRegistry AddAgent(string name, Func<AgentHost, BaseAgent> create)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        Claim("agent", name);
        _agents.Add(name, create);
        return this;
    }

    /// <summary>Adds a kind of agent that definition files can ask for.</summary>
    /// <param name="kind">The kind.</param>
    public PluginRegistry AddAgentKind(AgentKind kind)
    {
        ArgumentNullException.ThrowIfNull(kind);
        Claim("kind of agent", kind.Name);
        _kinds.Add(kind.Name, kind);
        return this;
    }

    /// <summary>Adds a command to the console program.</summary>
    /// <param name="command">The command.</param>
    /// <exception cref="ArgumentException">Its name is none.</exception>
    public PluginRegistry AddCommand(PluginCommand command)
    {
        ArgumentNullException.ThrowIfNull(command);
        if (command.Name is not [>= 'a' and <= 'z', ..] || !command.Name.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c == '-'))
            throw new ArgumentException($"A command is named '{command.Name}'; choose lower-case letters, digits and dashes, a letter first.", nameof(command));

        Claim("command", command.Name);
        _commands.Add(command.Name, command);
        return this;
    }

    /// <summary>Keeps a command's name for the host itself: plugins can't take it.</summary>
    /// <param name="name">The name.</param>
    public PluginRegistry ReserveCommand(string name)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        Claim("command", name);
        return this;
    }

    private void Claim(string kind, string name)
    {
        if (_owners.TryAdd((kind, name), _current))
            return;

        throw new InvalidOperationException(
            $"The {kind} '{name}' is added by {Named(_current)} and by {Named(_owners[(kind, name)])}. Remove or rename one of them.");
    }

    private static string Named(string owner) => owner == Host ? owner : $"plugin '{owner}'";
}
