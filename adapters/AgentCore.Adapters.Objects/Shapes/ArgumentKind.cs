namespace AgentCore.Adapters.Objects.Shapes;

/// <summary>What a parameter asks for, read from its type and name.</summary>
internal enum ArgumentKind
{
    // What a task can give.
    Text,
    Scalar,
    Json,
    Dictionary,
    Message,
    Messages,
    TextList,
    List,
    Poco,
    Bytes,
    Object,
    TypeParameter,

    // What the adapter gives by itself.
    Cancellation,
    Services,
    Logger,
    Clock,
    Http,
    ChatClient,

    // Where an agent hands something back.
    Callback,
    Channel,
    Progress,
    Observer,

    // What only a person can decide on.
    Context,
    Opaque,
}

/// <summary>Groups of <see cref="ArgumentKind"/>.</summary>
internal static class ArgumentKindGroups
{
    public static bool IsData(this ArgumentKind kind) => kind <= ArgumentKind.TypeParameter;

    public static bool IsAmbient(this ArgumentKind kind) => kind is >= ArgumentKind.Cancellation and <= ArgumentKind.ChatClient;

    public static bool IsReplyChannel(this ArgumentKind kind) => kind is >= ArgumentKind.Callback and <= ArgumentKind.Observer;
}

/// <summary>What a method gives back once it has been awaited.</summary>
internal enum ResultKind
{
    Nothing,
    Text,
    Value,
    AsyncStream,
    Sequence,
    TaskSequence,
    Enumerator,
    Observable,
}

/// <summary>What a result comes wrapped in.</summary>
internal enum ResultWrapper
{
    None,
    Task,
    ValueTask,
}
