namespace AgentCore.Adapters.Objects.Shapes;

/// <summary>The namespaces, and assemblies, of the libraries through which .NET speaks to models.</summary>
internal static class ModelMakers
{
    private static readonly string[] Makers =
        ["Microsoft.Extensions.AI", "Microsoft.SemanticKernel", "Microsoft.Agents.AI", "OpenAI", "Azure.AI", "Anthropic", "OllamaSharp", "Mscc.GenerativeAI", "LangChain", "Google.GenAI", "GenerativeAI", "LLama"];

    /// <summary>A type of that namespace, or an assembly of that name, is theirs.</summary>
    public static bool IsOf(string? name) => name is not null && Array.Exists(Makers, maker => name.StartsWith(maker, StringComparison.Ordinal));
}
