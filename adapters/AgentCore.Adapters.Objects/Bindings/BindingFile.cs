using YamlDotNet.Core;
using YamlDotNet.Serialization;
using YamlDotNet.Serialization.NamingConventions;

namespace AgentCore.Adapters.Objects.Bindings;

/// <summary>Bindings as YAML files: <c>agents/NAME.yaml</c> with <c>kind: object</c>.</summary>
public static class BindingFile
{
    /// <summary>The <c>kind</c> of these files.</summary>
    public const string Kind = "object";

    private static readonly IDeserializer Reader = new DeserializerBuilder().WithNamingConvention(CamelCaseNamingConvention.Instance).WithEnforceRequiredMembers().Build();

    private static readonly ISerializer Writer = new SerializerBuilder().WithNamingConvention(CamelCaseNamingConvention.Instance)
        .ConfigureDefaultValuesHandling(DefaultValuesHandling.OmitNull | DefaultValuesHandling.OmitEmptyCollections).WithQuotingNecessaryStrings().Build();

    /// <summary>Reads a binding.</summary>
    /// <param name="path">The file.</param>
    /// <returns>The binding; the paths of its assembly and its services are absolute.</returns>
    /// <exception cref="ArgumentException">The file is wrong; the message names line, field and allowed values.</exception>
    public static ObjectBinding Read(string path)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        var binding = Parse(File.ReadAllText(path), path);
        var folder = Path.GetDirectoryName(Path.GetFullPath(path))!;
        return binding.Assembly is { } assembly
            ? binding with { Assembly = Path.GetFullPath(assembly, folder), Services = binding.Services is { } program ? Path.GetFullPath(program, folder) : null }
            : throw new ArgumentException($"{path}: 'assembly' is missing. Name the path of the assembly that holds {binding.Type}.", nameof(path));
    }

    /// <summary>Reads a binding from text.</summary>
    /// <param name="yaml">The text.</param>
    /// <param name="source">What to call the text in errors.</param>
    /// <exception cref="ArgumentException">The text is wrong; the message names line, field and allowed values.</exception>
    public static ObjectBinding Parse(string yaml, string source = "binding")
    {
        ArgumentNullException.ThrowIfNull(yaml);
        try
        {
            var file = Reader.Deserialize<Document?>(yaml) ?? throw new ArgumentException($"{source} is empty. Write at least kind, assembly and type.");
            return file.ToBinding(source);
        }
        catch (YamlException e)
        {
            var inner = e.InnerException is null or YamlException ? e.Message : e.InnerException.Message;
            throw new ArgumentException($"{source}, line {e.Start.Line}: {inner} Fields: {string.Join(", ", Document.Fields)}.", e);
        }
    }

    /// <summary>A binding as YAML. Objects given in code can't be written and are left out.</summary>
    /// <param name="binding">The binding.</param>
    public static string Write(ObjectBinding binding)
    {
        ArgumentNullException.ThrowIfNull(binding);
        return Writer.Serialize(Document.From(binding));
    }

    private sealed class Document
    {
        public static readonly string[] Fields =
        [
            "kind", "name", "description", "assembly", "services", "type", "typeArguments", "class", "method", "methodTypeArguments", "why", "arguments", "result",
            "construct", "instance", "lifecycle", "repeatable", "abilities", "gaps",
        ];

        public string? Kind { get; set; }

        public string? Name { get; set; }

        public string? Description { get; set; }

        public string? Assembly { get; set; }

        public string? Services { get; set; }

        public string? Type { get; set; }

        public List<string>? TypeArguments { get; set; }

        public string? Class { get; set; }

        public string? Method { get; set; }

        public List<string>? MethodTypeArguments { get; set; }

        public string? Why { get; set; }

        public List<Argument>? Arguments { get; set; }

        public string? Result { get; set; }

        public List<Argument>? Construct { get; set; }

        public string? Instance { get; set; }

        public Life? Lifecycle { get; set; }

        public bool? Repeatable { get; set; }

        public List<string>? Abilities { get; set; }

        public List<string>? Gaps { get; set; }

        // What every agent file may have; it is the host's to read.
        public object? Role { get; set; }

        public object? Model { get; set; }

        public object? Capabilities { get; set; }

        public object? Tools { get; set; }

        public object? Timeout { get; set; }

        public object? Retry { get; set; }

        public object? Learning { get; set; }

        public static Document From(ObjectBinding b) => new()
        {
            Kind = BindingFile.Kind,
            Name = b.Name,
            Description = b.Description,
            Assembly = b.Assembly,
            Services = b.Services,
            Type = b.Type,
            TypeArguments = [.. b.TypeArguments],
            Class = b.Class.ToString(),
            Method = b.Method,
            MethodTypeArguments = [.. b.MethodTypeArguments],
            Why = b.Why,
            Arguments = [.. b.Arguments.Select(Argument.Of)],
            Result = b.Result == "auto" ? null : b.Result,
            Construct = [.. b.Construct.Select(Argument.Of)],
            Instance = b.Instance,
            Lifecycle = b.Lifecycle.IsEmpty ? null : Life.From(b.Lifecycle),
            Repeatable = b.Repeatable,
            Abilities = [.. b.Abilities],
            Gaps = [.. b.Gaps.Select(g => g.ToString())],
        };

        public ObjectBinding ToBinding(string source)
        {
            if (Kind != BindingFile.Kind)
                throw new ArgumentException($"{source}: 'kind' is '{Kind}'; a binding has kind: {BindingFile.Kind}.");
            if (string.IsNullOrWhiteSpace(Type))
                throw new ArgumentException($"{source}: 'type' is missing. Write the class with its namespace.");

            return new ObjectBinding
            {
                Name = Name ?? AgentNames.For(Type[(Type.LastIndexOf('.') + 1)..]),
                Description = Description,
                Assembly = Assembly,
                Services = string.IsNullOrWhiteSpace(Services) ? null : Services,
                Type = Type,
                TypeArguments = TypeArguments ?? [],
                Class = Value<AgentClass>(source, "class", Class),
                Method = Method,
                MethodTypeArguments = MethodTypeArguments ?? [],
                Why = Why,
                Arguments = [.. (Arguments ?? []).Select(a => a.ToBinding(source, "arguments"))],
                Result = Result ?? "auto",
                Construct = [.. (Construct ?? []).Select(a => a.ToBinding(source, "construct"))],
                Instance = Instance,
                Lifecycle = Lifecycle?.ToLifecycle(source) ?? new ObjectLifecycle(),
                Repeatable = Repeatable ?? false,
                Abilities = Abilities ?? [],
            };
        }

        private static T Value<T>(string source, string field, string? text)
            where T : struct, Enum =>
            text is null ? default
            : Enum.TryParse<T>(text, ignoreCase: true, out var value) ? value
            : throw new ArgumentException($"{source}: '{field}' is '{text}'; write one of {string.Join(", ", Enum.GetNames<T>())}.");
    }

    private static TimeSpan? Time(string source, string field, string? text) =>
        text is null ? null
        : Durations.TryParse(text, out var value) ? value
        : throw new ArgumentException($"{source}: '{field}' is '{text}'; write a time such as 500ms, 30s, 5m or 1h.");

    private sealed class Argument
    {
        public string? Name { get; set; }

        public string? Type { get; set; }

        // YAML reads a plain null as nothing; here it is a word.
        private string _from = "";

        public string? From
        {
            get => _from;
            set => _from = value ?? ArgumentSource.Null;
        }

        public string? Value { get; set; }

        public string? Note { get; set; }

        public static Argument Of(ArgumentBinding a) => new() { Name = a.Name, Type = a.Type, From = a.From, Value = a.Value, Note = a.Note };

        public ArgumentBinding ToBinding(string source, string field)
        {
            if (string.IsNullOrWhiteSpace(Name))
                throw new ArgumentException($"{source}: an entry of '{field}' has no name. Write the parameter's name.");
            if (From is null || !ArgumentSource.IsKnown(From))
            {
                throw new ArgumentException(
                    $"{source}: {field}.{Name}: from '{From}' is none of {string.Join(", ", ArgumentSource.Words)}, data.NAME, new:CLASS.");
            }

            return new ArgumentBinding { Name = Name, Type = Type, From = From, Value = Value, Note = Note };
        }
    }

    private sealed class Life
    {
        public string? Initialize { get; set; }

        public string? Start { get; set; }

        public string? Stop { get; set; }

        public string? Tick { get; set; }

        public string? Every { get; set; }

        public string? Save { get; set; }

        public string? Load { get; set; }

        public static Life From(ObjectLifecycle l) => new()
        {
            Initialize = l.Initialize,
            Start = l.Start,
            Stop = l.Stop,
            Tick = l.Tick,
            Every = l.Every is { } every ? Durations.Write(every) : null,
            Save = l.Save,
            Load = l.Load,
        };

        public ObjectLifecycle ToLifecycle(string source) => new()
        {
            Initialize = Initialize,
            Start = Start,
            Stop = Stop,
            Tick = Tick,
            Every = Time(source, "lifecycle.every", Every),
            Save = Save,
            Load = Load,
        };
    }
}
