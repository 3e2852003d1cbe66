using System.Collections.Concurrent;
using System.Reflection;
using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;

namespace AgentCore.Adapters.Objects.Shapes;

/// <summary>What models, and the agents of the field's libraries, are called.</summary>
internal static class ModelNames
{
    private static readonly string[] Models =
        ["IChatClient", "ChatClient", "Kernel", "IChatCompletionService", "ITextGenerationService", "AIAgent", "ChatClientAgent", "ChatCompletionAgent", "OpenAIClient", "AzureOpenAIClient", "AnthropicClient", "IOllamaApiClient", "OllamaApiClient", "GenerativeModel"];

    private static readonly string[] Makers = ["llm", "gpt", "openai", "ollama", "gemini", "claude", "anthropic", "mistral", "groq", "grok", "deepseek", "cohere", "gemma", "llama", "qwen", "bedrock", "openrouter"];

    // People talk here, no model.
    private static readonly string[] Rooms = ["twitch", "discord", "slack", "irc", "telegram", "xmpp", "signal", "teams", "room"];

    public static bool IsModel(string name) => Array.IndexOf(Models, name) >= 0;

    public static bool IsAgent(string name) => name is "AIAgent" or "ChatClientAgent" or "ChatCompletionAgent" or "AgentGroupChat";

    public static bool IsMaker(string word) => Array.IndexOf(Makers, word.TrimEnd('0', '1', '2', '3', '4', '5', '6', '7', '8', '9')) >= 0;

    /// <summary>ILlmClient, OpenAIService, IChatClientFactory, ISemanticKernelService: a model behind a name of one's own.</summary>
    public static bool IsOwn(List<string> words) =>
        words is [.., "client" or "service" or "provider" or "gateway" or "factory" or "llm" or "connector" or "resolver"]
        && (words.Exists(IsMaker)
            || words.Contains("chat") && words.Exists(word => word is "client" or "completion" or "provider" or "model") && !words.Exists(word => Array.IndexOf(Rooms, word) >= 0)
            || words.Contains("kernel") && (words.Contains("semantic") || words is [_, "kernel", "service"] or ["kernel", "service"]) || words.Contains("open") && words.Contains("ai"));

    /// <summary>It asks a model, or hands one out: ILlmService, OllamaClient, LLMRouter.</summary>
    public static bool Reaches(string name) => Verbs.Words(name) is [.., var last] words
        && (IsOwn(words) || words.Exists(IsMaker) && last is "client" or "service" or "provider" or "router" or "registry" or "engine" or "api");

    /// <summary>The assembly names any of them at all. Reads its tables of names; nothing is resolved.</summary>
    public static bool AreIn(Assembly assembly)
    {
        try
        {
            using var image = new PEReader(File.OpenRead(assembly.Location));
            var metadata = image.GetMetadataReader();
            return metadata.TypeReferences.Select(metadata.GetTypeReference).Any(t => ModelMakers.IsOf(metadata.GetString(t.Namespace)) && IsTheirs(metadata.GetString(t.Name)) || IsOwn(metadata.GetString(t.Name)))
                || metadata.TypeDefinitions.Any(t => IsOwn(metadata.GetString(metadata.GetTypeDefinition(t).Name)));
        }
        catch (Exception e) when (e is BadImageFormatException or InvalidOperationException or IOException or UnauthorizedAccessException or ArgumentException)
        {
            return false;
        }
    }

    private static bool IsTheirs(string name) => IsModel(name) || IsAgent(name) || name is "Executor" or "ReflectingExecutor" || name.StartsWith("Executor`", StringComparison.Ordinal) || name.StartsWith("ReflectingExecutor`", StringComparison.Ordinal);

    private static bool IsOwn(string name) => IsOwn(Verbs.Words(name));
}
