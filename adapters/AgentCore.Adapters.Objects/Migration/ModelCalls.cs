using System.Reflection;
using AgentCore.Adapters.Objects.Shapes;

namespace AgentCore.Adapters.Objects.Migration;

/// <summary>Which classes' code asks a model, through whichever of the field's libraries. Reads the code's bytes; nothing is loaded or run.</summary>
internal static class ModelCalls
{
    private static readonly string[] Asks =
    [
        "GetResponseAsync", "GetStreamingResponseAsync", "CompleteChat", "CompleteChatAsync", "CompleteChatStreaming", "CompleteChatStreamingAsync", "GetChatMessageContentAsync", "GetChatMessageContentsAsync",
        "GetStreamingChatMessageContentsAsync", "InvokePromptAsync", "InvokePromptStreamingAsync", "GetChatCompletions", "GetChatCompletionsAsync", "GetChatCompletionsStreamingAsync", "CreateCompletion", "CreateResponse",
        "CreateResponseAsync", "CreateRun", "CreateRunAsync", "GetClaudeMessageAsync", "GenerateContent", "GenerateContentAsync", "ChatAsync", "GenerateAsync",
    ];

    // Common words: they ask a model where it is an agent or a kernel that is told so.
    private static readonly string[] Runs = ["RunAsync", "RunStreamingAsync", "InvokeAsync", "InvokeStreamingAsync"];

    /// <summary>The full names of the classes.</summary>
    public static IReadOnlySet<string> In(Assembly assembly) =>
        assembly.Location is { Length: > 0 } file && assembly.GetReferencedAssemblies().Any(a => ModelMakers.IsOf(a.Name)) ? FileCalls.Of(file).CallersOfAny(IsAsk) : new HashSet<string>();

    // They make vectors, pictures and sounds, and answer nothing.
    private static readonly string[] Others = ["Embedding", "Image", "Speech", "Audio", "Transcription"];

    private static bool IsAsk(Callee callee) => ModelMakers.IsOf(callee.Type) && !Array.Exists(Others, other => callee.Type.Contains(other, StringComparison.Ordinal))
        && (Array.IndexOf(Asks, callee.Method) >= 0 || Array.IndexOf(Runs, callee.Method) >= 0 && (callee.Type.EndsWith("Agent", StringComparison.Ordinal) || callee.Type.EndsWith("Kernel", StringComparison.Ordinal)));
}
