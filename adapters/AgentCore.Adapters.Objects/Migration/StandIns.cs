using System.Collections.Concurrent;
using System.Reflection;
using System.Runtime.CompilerServices;
using AgentCore.Adapters.Objects.Bindings;
using AgentCore.Adapters.Objects.Calls;
using AgentCore.Adapters.Objects.Shapes;

namespace AgentCore.Adapters.Objects.Migration;

/// <summary>
/// Stands in for what only a person can give, so that an agent can be tried and what else is missing shows at once. An interface is answered with plain values,
/// a class is made of such. Nothing is made up for what reaches outside: a key, an address, a path.
/// </summary>
/// <param name="park">Keeps whoever asks for ever; null to let its thread wait for ever, which is all that is lost.</param>
internal sealed class StandIns(Action? park = null)
{
    private const int MaxDepth = 4;

    private static readonly string[] OutsideWords =
        ["key", "token", "secret", "password", "credential", "connection", "url", "uri", "endpoint", "address", "host", "server", "path", "file", "folder", "directory", "dir", "email", "mail", "port", "command", "cli", "database",
            "workspace", "root", "script", "executable", "exe", "login", "dsn", "ip", "vault"];

    // Within a word that nobody parted: apikey, filename.
    private static readonly string[] OutsideStems = ["apikey", "secret", "password", "credential", "connectionstring", "filename", "filepath", "hostname", "username", "webhook", "endpoint", "baseurl"];

    // The agent may ask on several threads; one that is left behind may go on while what it did is judged.
    private readonly ConcurrentDictionary<Type, bool> _stoodFor = new();

    // What is made may ask for more.
    private readonly AsyncLocal<int> _depth = new();

    /// <summary>Something more than a plain value was made up.</summary>
    public bool Used => !_stoodFor.IsEmpty;

    /// <summary>Lets a caller that nothing else ends go no further.</summary>
    public void Park()
    {
        if (park is null)
            Thread.Sleep(Timeout.Infinite);
        else
            park();
    }

    /// <summary>Named as what reaches outside is: a key, an address, a path.</summary>
    public static bool ReachesOutside(string name) => Verbs.Words(name.Replace(':', '.').Replace('/', '.'))
        .Exists(word => Array.IndexOf(OutsideWords, word) >= 0 || word.EndsWith('s') && Array.IndexOf(OutsideWords, word[..^1]) >= 0 || Array.Exists(OutsideStems, stem => word.Contains(stem, StringComparison.Ordinal)));

    /// <summary>What a class of this type gave or failed of is the stand-in's doing.</summary>
    public bool IsOf(Type? type) => type is not null && _stoodFor.Keys.Any(stood => stood == type || type.IsAssignableFrom(stood) && type != typeof(object) && !type.IsValueType);

    /// <summary>What a stand-in gives here may be less than the agent asks of it: a number, a text or nothing never is.</summary>
    public bool MayLack(MemberInfo member)
    {
        if (!IsOf(member.DeclaringType))
            return false;
        if (ReachesOutside(member.Name))
            return true;
        var given = member switch { MethodInfo method => method.ReturnType, FieldInfo field => field.FieldType, _ => null };
        if (given is { IsGenericType: true } && ReturnKinds.Of(given).Wrapper != ResultWrapper.None)
            given = given.GetGenericArguments()[0];
        return given is { IsValueType: false } && given != typeof(void) && given != typeof(string) && given != typeof(Task);
    }

    /// <summary>A value for a parameter of that name; null where there is none to be made up.</summary>
    public object? Make(Type type, string name, CallEnvironment environment)
    {
        type = Nullable.GetUnderlyingType(type) ?? type;
        if (type == typeof(string) || Scalars.IsScalar(type))
            return Plain(type, name, environment);
        if (type.IsByRefLike || _depth.Value >= MaxDepth)
            return null;
        _depth.Value++;
        try
        {
            return Whole(type, environment);
        }
        finally
        {
            _depth.Value--;
        }
    }

    private static object? Plain(Type type, string name, CallEnvironment environment)
    {
        // A count of tokens is none; a port is.
        if (type == typeof(string) ? ReachesOutside(name) : Verbs.Words(name).Exists(word => Array.IndexOf(OutsideWords, word) >= 0))
            return null;
        try
        {
            return SampleTask.Value(type, 0)?.ToString() is { } text ? new ValueConverter(environment).FromText(text, type, name) : null;
        }
        catch (ArgumentMappingException)
        {
            // No text that is tried makes a version or a pointer.
            return null;
        }
    }

    private object? Whole(Type type, CallEnvironment environment)
    {
        _stoodFor.TryAdd(type, true);
        try
        {
            if (typeof(Delegate).IsAssignableFrom(type))
                return ReplyChannels.Delegate(type, new Collector());
            if (Sequences.IsDictionary(type))
                return Sequences.BuildDictionary(type, [], new ValueConverter(environment), type.Name);
            if (Sequences.ElementOf(type) is { } element)
                return Sequences.Build(type, element, [], type.Name);
            if (type.IsInterface)
                return Answering.Of(type, this, environment);
            return type.IsAbstract ? Completed(type, environment) : Class(type, environment);
        }
        catch (Exception e) when (e is not (OutOfMemoryException or OperationCanceledException))
        {
            return null;
        }
    }

    /// <summary>The first class that completes it and can be made.</summary>
    private object? Completed(Type type, CallEnvironment environment) =>
        environment.Implementers.Of(type).Where(t => !t.ContainsGenericParameters && t != type && type.IsAssignableFrom(t)).Take(MaxDepth).Select(t => Class(t, environment)).FirstOrDefault(made => made is not null);

    private object? Class(Type type, CallEnvironment environment)
    {
        _stoodFor.TryAdd(type, true);
        try
        {
            return new InstanceMaker(environment).Make(type);
        }
        catch (Exception e) when (e is InvalidOperationException or ArgumentException or TargetException or TargetInvocationException)
        {
            return Bare(type);
        }
    }

    /// <summary>Nothing but the place that it takes: its constructor refused.</summary>
    private static object? Bare(Type type)
    {
        if (type == typeof(string) || type.IsArray || ShapeReader.IsFramework(type))
            return null;
        var bare = RuntimeHelpers.GetUninitializedObject(type);
        SuppressFinalize(bare);
        return bare;
    }

    [System.Diagnostics.CodeAnalysis.SuppressMessage("Usage", "CA1816", Justification = "A finalizer of half an object may throw, and that would end the process.")]
    private static void SuppressFinalize(object made) => GC.SuppressFinalize(made);
}
