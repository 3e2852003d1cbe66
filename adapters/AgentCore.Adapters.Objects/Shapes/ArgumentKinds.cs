namespace AgentCore.Adapters.Objects.Shapes;

/// <summary>Reads what a parameter asks for from its type. Compares by name: the type may be metadata only.</summary>
internal static class ArgumentKinds
{
    private const int DeepestName = 32;

    private static readonly Dictionary<string, ArgumentKind> Known = new(StringComparer.Ordinal)
    {
        ["System.String"] = ArgumentKind.Text,
        ["System.ReadOnlyMemory`1"] = ArgumentKind.Bytes,
        ["System.Memory`1"] = ArgumentKind.Bytes,
        ["System.BinaryData"] = ArgumentKind.Bytes,
        ["System.Text.StringBuilder"] = ArgumentKind.Text,
        ["System.Object"] = ArgumentKind.Object,
        ["System.Guid"] = ArgumentKind.Scalar,
        ["System.DateTime"] = ArgumentKind.Scalar,
        ["System.DateTimeOffset"] = ArgumentKind.Scalar,
        ["System.DateOnly"] = ArgumentKind.Scalar,
        ["System.TimeOnly"] = ArgumentKind.Scalar,
        ["System.TimeSpan"] = ArgumentKind.Scalar,
        ["System.Decimal"] = ArgumentKind.Scalar,
        ["System.Uri"] = ArgumentKind.Scalar,
        ["System.Version"] = ArgumentKind.Scalar,
        ["System.Globalization.CultureInfo"] = ArgumentKind.Scalar,
        ["System.Numerics.BigInteger"] = ArgumentKind.Scalar,
        ["System.IO.FileInfo"] = ArgumentKind.Scalar,
        ["System.IO.DirectoryInfo"] = ArgumentKind.Scalar,
        ["System.IO.Stream"] = ArgumentKind.Bytes,
        ["System.IO.MemoryStream"] = ArgumentKind.Bytes,
        ["System.IO.TextReader"] = ArgumentKind.Bytes,
        ["System.IO.StringReader"] = ArgumentKind.Bytes,
        ["System.Text.Json.JsonElement"] = ArgumentKind.Json,
        ["System.Text.Json.JsonDocument"] = ArgumentKind.Json,
        ["System.Text.Json.Nodes.JsonNode"] = ArgumentKind.Json,
        ["System.Text.Json.Nodes.JsonObject"] = ArgumentKind.Json,
        ["System.Text.Json.Nodes.JsonArray"] = ArgumentKind.Json,
        ["Newtonsoft.Json.Linq.JObject"] = ArgumentKind.Json,
        ["Newtonsoft.Json.Linq.JToken"] = ArgumentKind.Json,
        ["System.Collections.IDictionary"] = ArgumentKind.Dictionary,
        ["System.Collections.Hashtable"] = ArgumentKind.Dictionary,
        ["System.Collections.IEnumerable"] = ArgumentKind.List,
        ["System.Collections.ICollection"] = ArgumentKind.List,
        ["System.Collections.IList"] = ArgumentKind.List,
        ["System.Collections.ArrayList"] = ArgumentKind.List,
        ["System.Dynamic.ExpandoObject"] = ArgumentKind.Dictionary,
        ["System.Threading.CancellationToken"] = ArgumentKind.Cancellation,
        ["System.IServiceProvider"] = ArgumentKind.Services,
        ["System.TimeProvider"] = ArgumentKind.Clock,
        ["System.Net.Http.HttpClient"] = ArgumentKind.Http,
        ["Microsoft.Extensions.Logging.ILogger"] = ArgumentKind.Logger,
        ["Microsoft.Extensions.Logging.ILogger`1"] = ArgumentKind.Logger,
        ["Microsoft.Extensions.Logging.ILoggerFactory"] = ArgumentKind.Logger,
        ["Microsoft.Extensions.AI.IChatClient"] = ArgumentKind.ChatClient,
        ["System.IProgress`1"] = ArgumentKind.Progress,
        ["System.IObserver`1"] = ArgumentKind.Observer,
        ["System.Threading.Channels.ChannelWriter`1"] = ArgumentKind.Channel,
        ["System.Threading.Channels.Channel`1"] = ArgumentKind.Channel,
        ["System.Threading.Channels.ChannelReader`1"] = ArgumentKind.Opaque,
        ["System.Reflection.MethodInfo"] = ArgumentKind.Opaque,
        ["System.Type"] = ArgumentKind.Opaque,
    };

    private static readonly HashSet<string> Dictionaries = new(StringComparer.Ordinal)
    {
        "System.Collections.Generic.IDictionary`2", "System.Collections.Generic.IReadOnlyDictionary`2",
        "System.Collections.Generic.Dictionary`2", "System.Collections.Concurrent.ConcurrentDictionary`2",
        "System.Collections.Generic.SortedDictionary`2", "System.Collections.Immutable.ImmutableDictionary`2",
        "System.Collections.Immutable.IImmutableDictionary`2",
    };

    private static readonly HashSet<string> Sequences = new(StringComparer.Ordinal)
    {
        "System.Collections.Generic.IEnumerable`1", "System.Collections.Generic.ICollection`1", "System.Collections.Generic.IList`1",
        "System.Collections.Generic.IReadOnlyList`1", "System.Collections.Generic.IReadOnlyCollection`1",
        "System.Collections.Generic.List`1", "System.Collections.Generic.HashSet`1", "System.Collections.Generic.ISet`1",
        "System.Collections.Generic.Queue`1", "System.Collections.Generic.Stack`1", "System.Collections.Immutable.ImmutableArray`1",
        "System.Collections.Immutable.ImmutableList`1", "System.Collections.ObjectModel.Collection`1",
        "System.Collections.ObjectModel.ReadOnlyCollection`1", "System.Collections.ObjectModel.ObservableCollection`1",
        "System.Collections.Generic.IAsyncEnumerable`1", "System.Collections.Generic.LinkedList`1",
        "System.Collections.Generic.SortedSet`1", "System.Collections.Generic.IReadOnlySet`1",
    };

    private static readonly string[] ContextWords =
    [
        "Context", "Kernel", "Runtime", "Session", "Environment", "Thread", "Workspace", "World", "Engine", "Host", "Executor",
        "Channel", "Connection", "Client",
    ];

    public static ArgumentKind Of(Type type)
    {
        if (type.IsByRef)
            type = type.GetElementType()!;
        if (type.IsPointer || type.IsGenericMethodParameter || type.IsGenericTypeParameter)
            return type.IsPointer ? ArgumentKind.Opaque : ArgumentKind.TypeParameter;
        if (type.IsArray)
            return OfArray(type.GetElementType()!);

        var full = TypeText.FullName(type);
        if (full is not null && Known.TryGetValue(full, out var known))
            return known;
        if (full == "System.Nullable`1")
            return Of(type.GetGenericArguments()[0]);
        if (type.IsPrimitive || type.IsEnum)
            return ArgumentKind.Scalar;
        if (Inheritance.Derives(type, "System.MulticastDelegate"))
            return ArgumentKind.Callback;
        if (full is not null && Dictionaries.Contains(full))
            return ArgumentKind.Dictionary;
        if (full is not null && Sequences.Contains(full))
            return OfSequence(type.GetGenericArguments()[0]);
        if (IsByRefLike(type))
            return full == "System.ReadOnlySpan`1" && TypeText.Is(type.GetGenericArguments()[0], "System.Char") ? ArgumentKind.Text : ArgumentKind.Opaque;

        return OfClass(type);
    }

    /// <summary>The same from a type name alone, for inventories and for signatures whose assemblies are missing.</summary>
    public static ArgumentKind OfName(string typeName) => OfName(typeName, 0);

    private static ArgumentKind OfName(string typeName, int depth)
    {
        // What is nested deeper is nobody's method, and would take the stack with it.
        if (depth > DeepestName)
            return ArgumentKind.Opaque;
        var name = typeName.Trim().TrimEnd('?');
        var simple = name.Contains('<', StringComparison.Ordinal) ? name[..name.IndexOf('<', StringComparison.Ordinal)] : name;
        simple = simple[(simple.LastIndexOf('.') + 1)..];
        var inner = name.Contains('<', StringComparison.Ordinal) ? name[(name.IndexOf('<', StringComparison.Ordinal) + 1)..].TrimEnd('>') : "";
        if (name.EndsWith("[]", StringComparison.Ordinal))
            return OfElementName(name[..^2], depth);

        return simple switch
        {
            "string" or "String" or "str" or "StringBuilder" => ArgumentKind.Text,
            "int" or "long" or "short" or "double" or "float" or "decimal" or "bool" or "char" or "byte" or "Guid" or "DateTime"
                or "TimeSpan" or "Uri" or "DateTimeOffset" or "Int32" or "Int64" or "Boolean" or "Double" or "Single" => ArgumentKind.Scalar,
            "object" or "Object" or "dynamic" or "Any" => ArgumentKind.Object,
            "CancellationToken" => ArgumentKind.Cancellation,
            "JsonElement" or "JsonNode" or "JsonObject" or "JsonDocument" or "JObject" or "JToken" => ArgumentKind.Json,
            "Dictionary" or "IDictionary" or "IReadOnlyDictionary" or "Hashtable" or "dict" or "Dict" => ArgumentKind.Dictionary,
            "List" or "IList" or "IEnumerable" or "IReadOnlyList" or "ICollection" or "IReadOnlyCollection" or "IAsyncEnumerable"
                or "HashSet" or "Sequence" or "list" => OfElementName(inner, depth),
            "Action" or "Func" or "EventHandler" or "Predicate" or "Callable" => ArgumentKind.Callback,
            "IProgress" => ArgumentKind.Progress,
            "IObserver" => ArgumentKind.Observer,
            "ChannelWriter" or "Channel" => ArgumentKind.Channel,
            "IServiceProvider" => ArgumentKind.Services,
            "ILogger" or "ILoggerFactory" => ArgumentKind.Logger,
            "IChatClient" => ArgumentKind.ChatClient,
            "HttpClient" => ArgumentKind.Http,
            "TimeProvider" => ArgumentKind.Clock,
            _ when simple.Length <= 3 && simple.StartsWith('T') && simple.All(char.IsLetter) && simple.Skip(1).All(char.IsUpper) => ArgumentKind.TypeParameter,
            "TIn" or "TInput" or "TRequest" or "TTask" or "TMessage" => ArgumentKind.TypeParameter,
            _ when NamesContext(simple) => ArgumentKind.Context,
            _ when MessageShape.NamesMessage(simple) => ArgumentKind.Message,
            _ when IsInterfaceName(simple) => ArgumentKind.Opaque,
            _ => ArgumentKind.Poco,
        };
    }

    public static bool NamesContext(string simpleName) =>
        ContextWords.Any(word => simpleName.EndsWith(word, StringComparison.Ordinal));

    private static bool IsInterfaceName(string name) => name.Length > 2 && name[0] == 'I' && char.IsUpper(name[1]) && char.IsLower(name[2]);

    private static ArgumentKind OfElementName(string name, int depth) => OfName(name, depth + 1) switch
    {
        ArgumentKind.Message => ArgumentKind.Messages,
        ArgumentKind.Text => ArgumentKind.TextList,
        _ when name == "byte" => ArgumentKind.Bytes,
        _ => ArgumentKind.List,
    };

    private static ArgumentKind OfArray(Type element) =>
        TypeText.Is(element, "System.Byte") ? ArgumentKind.Bytes : OfSequence(element);

    private static ArgumentKind OfSequence(Type element) => TypeText.FullName(element) switch
    {
        "System.String" => ArgumentKind.TextList,
        _ when Of(element) == ArgumentKind.Message => ArgumentKind.Messages,
        _ => ArgumentKind.List,
    };

    private static ArgumentKind OfClass(Type type)
    {
        if (MessageShape.IsMessage(type))
            return ArgumentKind.Message;
        if (Inheritance.Implements(type, "System.Collections.Generic.IDictionary`2"))
            return ArgumentKind.Dictionary;
        // A conversation: ChatHistory : IList<ChatMessageContent>.
        if (!type.IsInterface && Inheritance.ElementOf(type) is { } element && Of(element) is ArgumentKind.Message)
            return ArgumentKind.Messages;
        if (NamesContext(TypeText.Simple(type)))
            return ArgumentKind.Context;

        return (type.IsInterface || type.IsAbstract) && !DataAbstractions.Is(type) ? ArgumentKind.Opaque : ArgumentKind.Poco;
    }

    public static bool IsByRefLike(Type type)
    {
        try
        {
            return type.IsByRefLike;
        }
        catch (Exception e) when (Inheritance.IsMissing(e))
        {
            return false;
        }
    }
}
