using System.Text.Json;
using AgentCore.Adapters.Objects.Bindings;
using AgentCore.Adapters.Objects.Loading;
using AgentCore.Plugins;

[assembly: AgentCorePlugin(typeof(AgentCore.Adapters.Objects.ObjectsPlugin))]

namespace AgentCore.Adapters.Objects;

/// <summary>Adds <c>kind: object</c> to definition files: a .NET object of any shape as an agent.</summary>
public sealed class ObjectsPlugin : AgentCorePlugin
{
    private static readonly string[] Sources = [.. ArgumentSource.Words, "data.NAME", "new:CLASS"];

    private static readonly DefinitionField[] Argument =
    [
        new("name", DefinitionType.Text, "The parameter's name.") { IsRequired = true },
        new("type", DefinitionType.Text, "The parameter's type, for people."),
        new("from", DefinitionType.Scalar, $"What fills it: {string.Join(", ", Sources)}.") { IsRequired = true },
        new("value", DefinitionType.Scalar, "The text for value, or the environment variable's name for env."),
        new("note", DefinitionType.Text, "Why it is filled so, or what is missing."),
    ];

    private static readonly DefinitionField[] Lifecycle =
    [
        new("initialize", DefinitionType.Text, "Called once, before anything else."),
        new("start", DefinitionType.Text, "Called when the agent becomes ready."),
        new("stop", DefinitionType.Text, "Called when the agent is shut down."),
        new("tick", DefinitionType.Text, "One beat of an agent that lives by a schedule."),
        new("every", DefinitionType.Duration, "How often to tick under a host."),
        new("save", DefinitionType.Text, "Gives the state to keep."),
        new("load", DefinitionType.Text, "Takes the kept state back."),
    ];

    private static readonly DefinitionField[] Fields =
    [
        new("assembly", DefinitionType.Text, "The path of the assembly that holds the class.") { IsRequired = true },
        new("services", DefinitionType.Text, "The path of a program whose host gives what the agent needs; its entry point is run until the host is built."),
        new("type", DefinitionType.Text, "The class, with its namespace.") { IsRequired = true },
        new("typeArguments", DefinitionType.TextList, "What closes a generic class, by full name."),
        new("class", DefinitionType.Text, "How much it took to wrap it.") { Allowed = Enum.GetNames<AgentClass>() },
        new("method", DefinitionType.Text, "The method that executes the agent: its name, or its signature where there are overloads."),
        new("methodTypeArguments", DefinitionType.TextList, "What closes a generic method, by full name."),
        new("why", DefinitionType.Text, "Why this method."),
        new("arguments", DefinitionType.ObjectList, "What fills the method's parameters.") { Fields = Argument },
        new("result", DefinitionType.Text, "auto, argument:NAME, property:NAME, event:NAME or collected."),
        new("construct", DefinitionType.ObjectList, "What fills the constructor's parameters.") { Fields = Argument },
        new("instance", DefinitionType.Text, "A static member that gives the instance, in place of a constructor."),
        new("lifecycle", DefinitionType.Object, "The lifecycle members, by name.") { Fields = Lifecycle },
        new("repeatable", DefinitionType.Boolean, "Whether a call may be run again without harm."),
        new("abilities", DefinitionType.TextList, "What the class can do, as a scan found it."),
        new("gaps", DefinitionType.TextList, "What the scan found missing; the entries with from: missing are what counts."),
    ];

    /// <inheritdoc/>
    public override string Name => "objects";

    /// <inheritdoc/>
    public override void Register(PluginRegistry registry)
    {
        ArgumentNullException.ThrowIfNull(registry);
        registry.AddAgentKind(new AgentKind(BindingFile.Kind, "A .NET object of any shape, run by a binding.", Fields, Create));
    }

    private static UniversalAgentAdapter Create(AgentDefinition definition, AgentHost host)
    {
        var options = new UniversalAgentOptions { Client = host.Client, Agent = definition.Options, Metadata = definition.Metadata };
        try
        {
            return ObjectAgents.Open(Binding(definition), options);
        }
        catch (ArgumentException e)
        {
            throw new DefinitionException("", e.Message, e);
        }
    }

    private static ObjectBinding Binding(AgentDefinition definition)
    {
        var life = definition.Fields.TryGetValue("lifecycle", out var json) ? json : default;
        return new ObjectBinding
        {
            Name = definition.Metadata.Name,
            Description = definition.Metadata.Description,
            Assembly = Path.GetFullPath(definition.Get<string>("assembly")!, definition.Folder),
            Services = definition.Get<string>("services") is { Length: > 0 } program ? Path.GetFullPath(program, definition.Folder) : null,
            Type = definition.Get<string>("type")!,
            TypeArguments = definition.Get<List<string>>("typeArguments") ?? [],
            Class = definition.Get<string>("class") is { } text ? Enum.Parse<AgentClass>(text) : default,
            Method = definition.Get<string>("method"),
            MethodTypeArguments = definition.Get<List<string>>("methodTypeArguments") ?? [],
            Why = definition.Get<string>("why"),
            Arguments = Arguments(definition, "arguments"),
            Result = definition.Get<string>("result") ?? "auto",
            Construct = Arguments(definition, "construct"),
            Instance = definition.Get<string>("instance"),
            Lifecycle = new ObjectLifecycle
            {
                Initialize = Text(life, "initialize"),
                Start = Text(life, "start"),
                Stop = Text(life, "stop"),
                Tick = Text(life, "tick"),
                Every = life.ValueKind == JsonValueKind.Object && life.TryGetProperty("every", out var every) ? TimeSpan.FromSeconds(every.GetDouble()) : null,
                Save = Text(life, "save"),
                Load = Text(life, "load"),
            },
            Repeatable = definition.Get<bool>("repeatable"),
            Abilities = definition.Get<List<string>>("abilities") ?? [],
        };
    }

    private static List<ArgumentBinding> Arguments(AgentDefinition definition, string field)
    {
        if (!definition.Fields.TryGetValue(field, out var list))
            return [];
        return [.. list.EnumerateArray().Select(Read)];

        ArgumentBinding Read(JsonElement entry)
        {
            // YAML reads a plain null as nothing; here it is a word.
            var (name, from) = (Text(entry, "name")!, Text(entry, "from") ?? ArgumentSource.Null);
            if (!ArgumentSource.IsKnown(from))
                throw new DefinitionException(field, $"{name}: from '{from}' is none of {string.Join(", ", Sources)}.");
            return new ArgumentBinding { Name = name, From = from, Type = Text(entry, "type"), Value = Text(entry, "value"), Note = Text(entry, "note") };
        }
    }

    private static string? Text(JsonElement json, string name) =>
        json.ValueKind == JsonValueKind.Object && json.TryGetProperty(name, out var value) ? value.ToString() : null;
}
