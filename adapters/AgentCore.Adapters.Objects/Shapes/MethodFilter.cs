namespace AgentCore.Adapters.Objects.Shapes;

/// <summary>Which methods can't be the one that executes the agent.</summary>
internal static class MethodFilter
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
            return $"it makes {m.Return.InnerName}, {(m.Return.InnerName == "Props" ? "by which its system makes it" : "another agent")}";
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
        if (m.Verb.Rank == VerbRank.Unknown && !m.Parameters.Any(p => p.Required && !p.Kind.IsAmbient()) && !(m.Return.HasValue && (MatchesName(shape, m) || (m.FromAgentInterface && !Array.Exists(Labels, label => label == m.Verb.Word) && Verbs.Words(m.Name)[^1] != "count"))))
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
    public static bool IsHook(MethodShape m) => m is { Verb: { Word: "is", Rank: VerbRank.None }, FromAgentInterface: true, IsOverride: true, IsPublic: true, FromFramework: false, Return.InnerName: "bool" };

    public static bool IsInternal(MethodShape m) => m is { IsPublic: false, IsProtected: false, IsExplicit: false, FromFramework: false };

    /// <summary>The class is named after what the method does: SummarizerAgent.Summarize.</summary>
    public static bool MatchesName(AgentShape shape, MethodShape m)
    {
        var stem = m.Verb.Word.Length >= 4 ? m.Verb.Word[..Math.Min(m.Verb.Word.Length, 5)] : null;
        return stem is not null && Verbs.Words(shape.Name).Any(word => word.StartsWith(stem, StringComparison.Ordinal));
    }

    private static bool IsFactory(MethodShape m) =>
        m is { IsStatic: true, Return.InnerName: "Props" }
        || m.Verb.Word is "create" or "build" or "make" or "get" or "new" or "produce"
        && (m.Return.InnerName.EndsWith("Agent", StringComparison.Ordinal) || m.Return.InnerName.EndsWith("Kernel", StringComparison.Ordinal)
            || m.Return.InnerName.EndsWith("ChatClient", StringComparison.Ordinal) || m.Return.InnerName.EndsWith("Builder", StringComparison.Ordinal) || m.Return.InnerName.EndsWith("Definition", StringComparison.Ordinal));

    /// <summary>Step(), Work() and Think() beat a loop, unless there is nothing else to call it for.</summary>
    private static bool AlsoExecutes(MethodShape m, LifecycleShape lifecycle) =>
        !lifecycle.Actor && ReferenceEquals(m, lifecycle.Tick) && m.Data.Any() && m.Verb.Rank >= VerbRank.Domain;
}
