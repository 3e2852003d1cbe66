namespace AgentCore.Adapters.Objects.Shapes;

/// <summary>How well a method fits as the one that executes the agent.</summary>
internal static class MethodScore
{
    private static readonly string[] InputNames =
        ["input", "prompt", "message", "messages", "query", "question", "task", "request", "text", "goal", "instruction", "usermessage", "userinput", "command"];

    /// <summary>Excluded for want of anything that speaks for it.</summary>
    public const string NoVerb = "it takes nothing and its name is no verb of execution";

    // Name() in place of a property.
    private static readonly string[] Labels = ["name", "id", "description", "version", "type", "kind", "title", "label"];

    /// <summary>Whether a parameter is named like what a task says.</summary>
    public static bool IsInputName(string name) => InputNames.Contains(string.Concat(Verbs.Words(name)), StringComparer.Ordinal);

    /// <summary>Why a method can't be the execution; null when it can.</summary>
    public static string? Excluded(AgentShape shape, MethodShape m, LifecycleShape lifecycle)
    {
        if (m.IsMarked)
            return null;
        if (m.FromFramework)
            return "it belongs to the framework's base class";
        if (IsInternal(m))
            return "it is internal";
        if (lifecycle.Members.Any(member => ReferenceEquals(member.Method, m)) && !AlsoExecutes(m, lifecycle))
            return "it is part of the lifecycle";
        if (IsFactory(m))
            return $"it makes {m.Return.InnerName}, another agent";
        if (m.Return.InnerName == shape.Name && m.Return.Kind == ResultKind.Value && m.Verb.Rank < VerbRank.Domain)
            return "it returns the agent itself (fluent configuration)";
        if (ExtendsFluently(m))
            return $"it configures the {m.Return.InnerName} that it extends";
        if (m.Verb.Rank == VerbRank.None)
            return "its name says configuration or state";
        if (m.IsProtected && m.Verb.Rank < VerbRank.Domain)
            return "it is protected and its name is no verb of execution";
        if (m.IsProtected && !m.IsOverride && (m.Depth == 0 ? m.Verb.Rank == VerbRank.Domain : m.Source?.IsVirtual == false))
            return "it is a protected helper";
        if (m.Verb.Rank == VerbRank.Unknown && !m.Parameters.Any(p => p.Required && !p.Kind.IsAmbient()) && !(m.Return.HasValue && (MatchesName(shape, m) || (m.FromAgentInterface && !Array.Exists(Labels, label => label == m.Verb.Word)))))
            return NoVerb;
        if (m.Verb.Word == "prepare" && !m.Data.Any() && !m.Return.HasValue)
            return "it prepares for the work";
        if (m.Name is "Main" or "DisposeAsync" or "Dispose" or "GetAsyncEnumerator" or "GetEnumerator" or "CompareTo" or "GetService")
            return "it is plumbing";
        return null;
    }

    /// <summary>AddAgent(this Builder b) gives the builder back.</summary>
    private static bool ExtendsFluently(MethodShape m) =>
        m is { IsStatic: true, Parameters: [var extended, ..] } && m.Return.InnerName == extended.TypeName && m.Source?.GetCustomAttributesData().Any(a => a.AttributeType.Name == "ExtensionAttribute") == true;

    /// <summary>GetTranslation(text), Start(input), Update(weather): asked or told by a name that elsewhere means state, where there is no better.</summary>
    public static bool IsQuestion(MethodShape m) => IsHook(m) ||
        m is { Verb.Word: "get" or "start" or "tick" or "update" or "notify" or "activate", IsProtected: false, FromFramework: false } && !IsInternal(m) && !IsFactory(m)
        && (m is { Verb.Word: "get", IsStatic: false } && m.Return is { HasValue: true, Wrapper: not ResultWrapper.None } && !m.Parameters.Any(p => p.Required && !p.Kind.IsAmbient()) || m.Data.Any(p => !Verbs.Words(p.Name).Exists(word => word is "id" or "key")) || (m.Verb.Word == "update" && m.Parameters.Any(p => p.Required && !p.Kind.IsAmbient())))
        && (m.Return.HasValue || m is { Verb: { Word: "tick" or "update" or "notify" or "activate", Rest: "" } } or { FromAgentInterface: true, Verb.Word: not "get" });

    /// <summary>IsPlaying(), where the base leaves that to each of its kind.</summary>
    private static bool IsHook(MethodShape m) => m is { Verb: { Word: "is", Rank: VerbRank.None }, FromAgentInterface: true, IsOverride: true, IsPublic: true, FromFramework: false, Return.InnerName: "bool" };

    public static bool IsInternal(MethodShape m) => m is { IsPublic: false, IsProtected: false, IsExplicit: false, FromFramework: false };

    public static int Of(AgentShape shape, MethodShape m)
    {
        if (m.IsMarked)
            return 1000;

        var score = m.Verb.Rank switch
        {
            VerbRank.Standard => 100 - m.Verb.Weight,
            VerbRank.Domain => 58 - (m.Verb.Weight / 20),
            _ => 25,
        };
        score += Name(shape, m) + Place(m) + Arguments(m) + Result(m);
        return score;
    }

    /// <summary>The class is named after what the method does: SummarizerAgent.Summarize.</summary>
    public static bool MatchesName(AgentShape shape, MethodShape m)
    {
        var stem = m.Verb.Word.Length >= 4 ? m.Verb.Word[..Math.Min(m.Verb.Word.Length, 5)] : null;
        return stem is not null && Verbs.Words(shape.Name).Any(word => word.StartsWith(stem, StringComparison.Ordinal));
    }

    private static int Name(AgentShape shape, MethodShape m)
    {
        var score = m.Verb.Rest.Length == 0 ? 8 : 0;
        if (MatchesName(shape, m))
            score += m.Verb.Rank == VerbRank.Standard ? 5 : 18;
        if (m.FromAgentInterface)
            score += IsHook(m) ? 28 : 14;
        // HandleErrorAsync, RunToolAsync, SendHeartbeat: parts of the work, not the work.
        if (m.Verb.Rest is not "" && IsPart(m.Verb.Rest))
            score -= 30;
        return score;
    }

    private static bool IsPart(string rest) =>
        rest.Contains("error", StringComparison.Ordinal) || rest.Contains("tool", StringComparison.Ordinal) || rest.Contains("exception", StringComparison.Ordinal)
        || rest.Contains("heartbeat", StringComparison.Ordinal) || rest.Contains("event", StringComparison.Ordinal) || rest.Contains("callback", StringComparison.Ordinal)
        || rest.Contains("health", StringComparison.Ordinal) || rest.Contains("command", StringComparison.Ordinal) || rest.Contains("function", StringComparison.Ordinal)
        || rest.Contains("config", StringComparison.Ordinal) || rest.Contains("log", StringComparison.Ordinal) || rest.Contains("status", StringComparison.Ordinal)
        || rest.EndsWith("file", StringComparison.Ordinal) || rest.EndsWith("title", StringComparison.Ordinal)
        // OnGameStarted(game), OnPlayerJoined(player): told, not asked.
        || rest.EndsWith("started", StringComparison.Ordinal) || rest.EndsWith("ended", StringComparison.Ordinal) || rest.EndsWith("finished", StringComparison.Ordinal)
        || rest.EndsWith("outcome", StringComparison.Ordinal) || rest.EndsWith("outcomes", StringComparison.Ordinal)
        || rest.EndsWith("changed", StringComparison.Ordinal) || rest.EndsWith("joined", StringComparison.Ordinal) || rest.EndsWith("connected", StringComparison.Ordinal)
        || rest.Contains("batch", StringComparison.Ordinal) || rest.Contains("all", StringComparison.Ordinal) && rest.Length < 6;

    private static int Place(MethodShape m) =>
        (m.IsPublic ? 10 : m.IsExplicit ? 6 : -28) + (m.IsStatic ? -12 : 0) + (IsTrigger(m) ? -30 : 0) + (m.IsObsolete ? -60 : 0) - Math.Min(m.Depth, 4) - (m.GenericArity > 0 ? 6 : 0);

    /// <summary>[Function]: what a host calls to reach the agent.</summary>
    private static bool IsTrigger(MethodShape m)
    {
        try
        {
            return m.IsStatic && m.Source?.GetCustomAttributesData().Any(a => a.AttributeType.Name is "FunctionAttribute" or "FunctionNameAttribute") == true;
        }
        catch (Exception e) when (Inheritance.IsMissing(e))
        {
            return false;
        }
    }

    private static int Arguments(MethodShape m)
    {
        var data = m.Data.ToList();
        // What a move is made on, its maker is asked with: NextStep(state).
        var move = m.Verb is { Rank: VerbRank.Domain, Word: "next" or "best" or "get" or "take" };
        var score = data.Count switch { 0 => move && m.Parameters.Any(p => p.Required && p.Kind is ArgumentKind.Opaque) ? 0 : -10, 1 => 14, var n => 6 - (5 * n) };
        foreach (var p in m.Parameters.Where(p => p.Required))
        {
            score += p.Kind switch
            {
                ArgumentKind.Text => 6,
                ArgumentKind.Message or ArgumentKind.Messages => 5,
                ArgumentKind.Poco or ArgumentKind.Json or ArgumentKind.Dictionary => 4,
                ArgumentKind.Scalar or ArgumentKind.Object or ArgumentKind.TypeParameter => 2,
                ArgumentKind.Context or ArgumentKind.Opaque => move ? 0 : -12,
                ArgumentKind.Callback or ArgumentKind.Channel or ArgumentKind.Progress or ArgumentKind.Observer => -8,
                _ => 0,
            };
        }

        if (data.Any(p => IsInputName(p.Name)))
            score += 5;
        // What is said goes before where it stands: AnalyzeTranscript(text), ProcessTranscriptFile(path).
        if (data.Any(p => p.Kind == ArgumentKind.Text && Verbs.Words(p.Name) is [.., "path" or "file" or "filename" or "folder" or "directory"]))
            score -= 12;
        return score + (m.HasCancellation ? 3 : 0);
    }

    private static int Result(MethodShape m)
    {
        var score = m.Return.Wrapper == ResultWrapper.None ? 0 : 3;
        return score + m.Return.Kind switch
        {
            ResultKind.Text => 7,
            ResultKind.Nothing => -14,
            ResultKind.AsyncStream or ResultKind.Observable or ResultKind.TaskSequence or ResultKind.Enumerator => 1,
            // IsReady(), CompareAll(): looked at, not asked.
            _ when m.Return.InnerName == "bool" => m.Data.Any() || IsHook(m) ? -2 : -20,
            _ => 5,
        };
    }

    private static bool IsFactory(MethodShape m) =>
        m.Verb.Word is "create" or "build" or "make" or "get" or "new" or "produce"
        && (m.Return.InnerName.EndsWith("Agent", StringComparison.Ordinal) || m.Return.InnerName.EndsWith("Kernel", StringComparison.Ordinal)
            || m.Return.InnerName.EndsWith("ChatClient", StringComparison.Ordinal) || m.Return.InnerName.EndsWith("Builder", StringComparison.Ordinal) || m.Return.InnerName.EndsWith("Definition", StringComparison.Ordinal));

    /// <summary>Step(), Work() and Think() beat a loop, unless there is nothing else to call it for.</summary>
    private static bool AlsoExecutes(MethodShape m, LifecycleShape lifecycle) =>
        !lifecycle.Actor && ReferenceEquals(m, lifecycle.Tick) && m.Data.Any() && m.Verb.Rank >= VerbRank.Domain;
}
