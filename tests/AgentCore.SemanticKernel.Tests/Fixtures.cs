using AgentCore.Testing;
using AgentCore.Tools;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.SemanticKernel;

namespace AgentCore.SemanticKernel.Tests;

/// <summary>An agent that is a function.</summary>
internal sealed class CodeAgent(string[] capabilities, Func<AgentContext, Task<string>> body, ToolRegistry? tools = null)
    : AsyncAgent(new AgentMetadata("code") { Capabilities = new CapabilitySet(capabilities) }, new AgentOptions { Tools = tools })
{
    protected override async ValueTask<AgentResult> OnExecuteAsync(AgentContext context) => AgentResult.Done(await body(context));
}

/// <summary>A kernel with a plugin <c>money</c> whose function <c>pay</c> counts how often it runs, and a model as connectors
/// register it: with a loop of its own that calls functions.</summary>
internal sealed class Bank
{
    private int _paid;

    public Bank(ScriptedChatClient? model = null, Action<IKernelBuilder>? configure = null)
    {
        Model = model ?? new ScriptedChatClient();
        var builder = Microsoft.SemanticKernel.Kernel.CreateBuilder();
        builder.Services.AddSingleton<IChatClient>(_ => new ChatClientBuilder(new Recorder(Model, Instructions)).UseKernelFunctionInvocation().Build());
        configure?.Invoke(builder);
        Kernel = builder.Build();
        Money = KernelPluginFactory.CreateFromFunctions("money", [KernelFunctionFactory.CreateFromMethod(Pay, "pay", "Pays an amount.")]);
        Kernel.Plugins.Add(Money);
    }

    public ScriptedChatClient Model { get; }

    /// <summary>The instructions of each call.</summary>
    public List<string?> Instructions { get; } = [];

    public Kernel Kernel { get; }

    public KernelPlugin Money { get; }

    public int Paid => Volatile.Read(ref _paid);

    private string Pay(int amount)
    {
        Interlocked.Increment(ref _paid);
        return $"paid {amount}";
    }

    internal sealed class Recorder(IChatClient client, List<string?> instructions) : DelegatingChatClient(client)
    {
        public override Task<ChatResponse> GetResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default)
        {
            instructions.Add(options?.Instructions);
            return base.GetResponseAsync(messages, options, cancellationToken);
        }
    }
}
