using AgentCore.Agents;
using AgentCore.Plugins;
using AgentCore.SemanticKernel;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.SemanticKernel;

[assembly: AgentCorePlugin(typeof(SemanticKernelPlugin))]

namespace AgentCore.SemanticKernel;

/// <summary>Adds <c>kind: kernel</c> to definition files: an agent whose instructions are a prompt template of Semantic Kernel,
/// and whose prompt functions come from folders.</summary>
public sealed class SemanticKernelPlugin : AgentCorePlugin
{
    private static readonly DefinitionField[] Fields =
    [
        new("instructions", DefinitionType.Text, "What the model is told to be and to do, as a prompt template: {{$name}} is a variable of the task's data, {{plugin.function}} a function.") { IsRequired = true },
        new("prompts", DefinitionType.TextList, "Folders of prompt functions, each a plugin of the folder's name: FOLDER/FUNCTION/skprompt.txt, with config.json beside it."),
        new("variables", DefinitionType.TextMap, "Values for the template's variables; the task's data win over them."),
        new("maxModelCalls", DefinitionType.Integer, "How many model calls a run may make; 20 without one.") { Minimum = 1, Maximum = 100_000 },
    ];

    /// <inheritdoc/>
    public override string Name => "SemanticKernel";

    /// <inheritdoc/>
    public override void Register(PluginRegistry registry)
    {
        ArgumentNullException.ThrowIfNull(registry);
        registry.AddAgentKind(new AgentKind("kernel", "A model with a prompt template of Semantic Kernel and prompt functions from folders.", Fields, Create));
    }

    private static KernelAgent Create(AgentDefinition definition, AgentHost host)
    {
        var builder = Kernel.CreateBuilder();
        builder.Services.AddSingleton(host.Client);
        var kernel = builder.Build();
        foreach (var folder in definition.Get<List<string>>("prompts") ?? [])
            AddPrompts(kernel, Path.GetFullPath(folder, definition.Folder), folder);

        var chat = new ChatAgentOptions();
        return new KernelAgent(
            definition.Metadata,
            kernel,
            new KernelAgentOptions
            {
                Instructions = definition.Get<string>("instructions")?.TrimEnd(),
                Arguments = new KernelArguments((definition.Get<Dictionary<string, string>>("variables") ?? []).ToDictionary(v => v.Key, v => (object?)v.Value)),
                Chat = definition.Get<int?>("maxModelCalls") is { } calls ? chat with { MaxModelCalls = calls } : chat,
            },
            definition.Options with { MaxConcurrentRuns = 0 });
    }

    private static void AddPrompts(Kernel kernel, string path, string folder)
    {
        if (!Directory.Exists(path))
            throw new DefinitionException("prompts", $"there is no folder '{folder}' ({path}).");

        try
        {
            var plugin = kernel.CreatePluginFromPromptDirectory(path);
            if (plugin.FunctionCount == 0)
                throw new DefinitionException("prompts", $"'{folder}' holds no prompt function; each is a folder in it with a file skprompt.txt.");
            kernel.Plugins.Add(plugin);
        }
        catch (Exception e) when (e is not DefinitionException)
        {
            throw new DefinitionException("prompts", $"'{folder}' can't be read as prompt functions: {e.Message}", e);
        }
    }
}
