using System.Text.Json;
using AgentCore.Plugins;

[assembly: AgentCorePlugin(typeof(AgentCore.Adapters.Processes.ProcessesPlugin))]

namespace AgentCore.Adapters.Processes;

/// <summary>Adds <c>kind: process</c> and <c>kind: python</c> to definition files.</summary>
public sealed class ProcessesPlugin : AgentCorePlugin
{
    private static readonly DefinitionField[] Common =
    [
        new("workingDirectory", DefinitionType.Text, "The folder that it runs in; that of the definition by default."),
        new("inherit", DefinitionType.TextList, "The environment variables that it sees, in place of the default ones."),
        new("secrets", DefinitionType.TextList, "Environment variables that it sees and whose values are masked in what it writes."),
        new("environment", DefinitionType.TextMap, "Environment variables that are set for it; not for secrets."),
        new("startTimeout", DefinitionType.Duration, "The longest until it is ready."),
        new("taskTimeout", DefinitionType.Duration, "The longest that a task may take."),
        new("maxOutputBytes", DefinitionType.Integer, "How much it may write in a task.") { Minimum = 1024, Maximum = int.MaxValue },
        new("maxRestarts", DefinitionType.Integer, "How often in a row it may fail before it isn't started again.") { Minimum = 0, Maximum = 1000 },
        new("repeatable", DefinitionType.Boolean, "Whether doing a task twice does no harm."),
    ];

    private static readonly DefinitionField[] Process =
    [
        new("command", DefinitionType.Text, "The program: a path, or a name to be found in PATH.") { IsRequired = true },
        new("arguments", DefinitionType.TextList, "Its arguments; with the text protocol, {input} stands for the task's input."),
        new("protocol", DefinitionType.Text, "How it is spoken to: one process for many tasks, or one for each.") { Allowed = ["json-lines", "text"] },
        new("configuration", DefinitionType.Any, "Sent with the greeting of the json-lines protocol."),
        .. Common,
    ];

    private static readonly DefinitionField[] Python =
    [
        new("target", DefinitionType.Text, "The class, function or object: module:Class, or path/to/file.py:Class.") { IsRequired = true },
        new("method", DefinitionType.Text, "The method that does a task; found by the usual names by default."),
        new("bind", DefinitionType.TextMap, "What its parameters get: input, messages, data, data.NAME, task, context, none, or =JSON."),
        new("construct", DefinitionType.Any, "What the class is constructed with, by parameter name."),
        new("interpreter", DefinitionType.Text, "The Python interpreter, 3.8 or later; python3 by default."),
        new("virtualEnvironment", DefinitionType.Text, "The folder of a virtual environment."),
        new("searchPath", DefinitionType.TextList, "Folders where modules are looked for; the working directory by default."),
        new("class", DefinitionType.Text, "How much it took to wrap it, as migrate scan says; for people.") { Allowed = ["A", "B", "C", "D", "E"] },
        new("why", DefinitionType.Text, "Why this method; for people."),
        new("gaps", DefinitionType.TextList, "What migrate wrap found missing; for people."),
        new("lifecycle", DefinitionType.Boolean, "Whether its start and stop methods are called; yes by default."),
        .. Common,
    ];

    /// <inheritdoc/>
    public override string Name => "AgentCore.Adapters.Processes";

    /// <inheritdoc/>
    public override void Register(PluginRegistry registry)
    {
        ArgumentNullException.ThrowIfNull(registry);
        registry.AddAgentKind(new AgentKind("process", "Any program, over JSON lines or plain text.", Process, CreateProcess));
        registry.AddAgentKind(new AgentKind("python", "Any Python class, function or object.", Python, CreatePython));
    }

    private static ProcessAgent CreateProcess(AgentDefinition definition, AgentHost host) => Refusing(() => new ProcessAgent(
        definition.Metadata,
        new ProcessOptions(LocalPath(definition, definition.Get<string>("command")!), definition.Get<List<string>>("arguments") ?? [])
        {
            Protocol = definition.Get<string>("protocol") == "text" ? ProcessProtocol.Text : ProcessProtocol.JsonLines,
            Configuration = definition.Get<JsonElement?>("configuration"),
            WorkingDirectory = Folder(definition),
            Environment = EnvironmentOf(definition),
            Limits = Limits(definition),
            Repeatable = definition.Get<bool>("repeatable"),
        },
        definition.Options));

    private static PythonAgent CreatePython(AgentDefinition definition, AgentHost host) => Refusing(() => new PythonAgent(
        definition.Metadata,
        new PythonOptions(definition.Get<string>("target")!)
        {
            Method = definition.Get<string>("method"),
            Arguments = definition.Get<Dictionary<string, string>>("bind") ?? [],
            ConstructorArguments = definition.Get<Dictionary<string, object?>>("construct") ?? [],
            Interpreter = PathOf(definition, "interpreter") is { } interpreter ? LocalPath(definition, interpreter) : null,
            VirtualEnvironment = PathOf(definition, "virtualEnvironment") is { } folder ? Path.GetFullPath(folder, definition.Folder) : null,
            SearchPath = [.. (definition.Get<List<string>>("searchPath") ?? ["."]).Select(p => Path.GetFullPath(p, Folder(definition)))],
            Lifecycle = definition.Get<bool?>("lifecycle") ?? true,
            WorkingDirectory = Folder(definition),
            Environment = EnvironmentOf(definition),
            Limits = Limits(definition),
            Repeatable = definition.Get<bool>("repeatable"),
        },
        definition.Options));

    private static T Refusing<T>(Func<T> create)
    {
        try
        {
            return create();
        }
        catch (ArgumentException e)
        {
            throw new DefinitionException("", e.Message.Replace($" (Parameter '{e.ParamName}')", "", StringComparison.Ordinal), e);
        }
    }

    private static string? PathOf(AgentDefinition definition, string field)
    {
        var path = definition.Get<string>(field);
        return path is null || !string.IsNullOrWhiteSpace(path) ? path : throw new DefinitionException(field, "it is empty; give a path, or leave it out.");
    }

    // A name alone is found in PATH; a path starts from the definition's folder.
    private static string LocalPath(AgentDefinition definition, string program) =>
        program.AsSpan().IndexOfAny('/', '\\') < 0 ? program : Path.GetFullPath(program, definition.Folder);

    private static string Folder(AgentDefinition definition) =>
        definition.Get<string>("workingDirectory") is { } folder ? Path.GetFullPath(folder, definition.Folder) : definition.Folder;

    private static ProcessEnvironment EnvironmentOf(AgentDefinition definition) => new()
    {
        Inherit = definition.Get<List<string>>("inherit") ?? ProcessEnvironment.Default,
        Secrets = definition.Get<List<string>>("secrets") ?? [],
        Variables = definition.Get<Dictionary<string, string>>("environment") ?? [],
    };

    private static ProcessLimits Limits(AgentDefinition definition)
    {
        var defaults = new ProcessLimits();
        return new ProcessLimits
        {
            StartTimeout = Time("startTimeout") ?? defaults.StartTimeout,
            TaskTimeout = Time("taskTimeout") ?? defaults.TaskTimeout,
            MaxOutputBytes = definition.Get<long?>("maxOutputBytes") ?? defaults.MaxOutputBytes,
            MaxRestarts = definition.Get<int?>("maxRestarts") ?? defaults.MaxRestarts,
        };

        TimeSpan? Time(string field) => definition.Get<double?>(field) is { } seconds ? TimeSpan.FromSeconds(seconds) : null;
    }
}
