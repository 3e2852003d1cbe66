using System.ComponentModel;
using AgentCore.Agents;
using AgentCore.Checkpoints;
using AgentCore.Plugins;
using AgentCore.SamplePlugin;
using AgentCore.Tools;
using Microsoft.Extensions.AI;

[assembly: AgentCorePlugin(typeof(SamplePlugin))]

namespace AgentCore.SamplePlugin;

/// <summary>Adds a model whose replies the task itself scripts, tools that write to a ledger outside, and agents.</summary>
public sealed class SamplePlugin : AgentCorePlugin
{
    /// <inheritdoc/>
    public override string Name => "Sample";

    /// <inheritdoc/>
    public override void Register(PluginRegistry registry)
    {
        ArgumentNullException.ThrowIfNull(registry);
        registry.AddProvider(new ScriptProvider())
            .AddTools(Tools)
            .AddAgent("clerk", host => new ChatAgent(
                new AgentMetadata("clerk") { Description = "Does what its task's script says.", Capabilities = new CapabilitySet(["*"]) },
                host.Client, options: new AgentOptions { Tools = host.Tools, MaxConcurrentRuns = 0 }))
            .AddAgent("asker", _ => new Asker())
            .AddStore("sample", async (location, cancellationToken) => await FileCheckpointStore.OpenAsync(
                new FileStoreOptions { Folder = location.Folder, ReadOnly = location.ReadOnly }, cancellationToken).ConfigureAwait(false))
            .AddCommand(new PluginCommand("ask-twice", "Asks an agent twice: ask-twice AGENT TASK.", AskTwiceAsync));
    }

    private static async Task<int> AskTwiceAsync(CommandCall call, CancellationToken cancellationToken)
    {
        if (call.Arguments is not [var name, var task])
            throw new ArgumentException("'agentcore ask-twice' needs AGENT and TASK.");

        var agent = await call.CreateAgent(name, cancellationToken).ConfigureAwait(false);
        var options = new RunOptions { Store = await call.OpenStore(cancellationToken).ConfigureAwait(false) };
        var first = await agent.ExecuteAsync(task, options, cancellationToken).ConfigureAwait(false);
        var second = await agent.ExecuteAsync(task, options, cancellationToken).ConfigureAwait(false);
        await call.Output.WriteLineAsync($"{first.Output} / {second.Output}").ConfigureAwait(false);
        return call.ExitCode(second.Status);
    }

    private static IEnumerable<Tool> Tools(ToolHost host)
    {
        var ledger = new Ledger(Path.Combine(host.Workspace, "ledger.txt"));
        yield return new Tool(AIFunctionFactory.Create(ledger.Append, "ledger.append"), new ToolOptions { Repeatable = true });
        yield return new Tool(AIFunctionFactory.Create(ledger.Pay, "ledger.pay"), new ToolOptions { Approval = true });
        yield return new Tool(AIFunctionFactory.Create(ledger.WaitAsync, "ledger.wait"), new ToolOptions { Repeatable = true });
        yield return new Tool(AIFunctionFactory.Create(ledger.HangAsync, "ledger.hang"));
    }

    private sealed class Asker() : AsyncAgent("asker")
    {
        protected override async ValueTask<AgentResult> OnExecuteAsync(AgentContext context)
        {
            var answer = await context.AskPersonAsync("colour", "Which colour?").ConfigureAwait(false);
            return AgentResult.Done($"It will be {answer}.");
        }
    }
}

/// <summary>Tools with effects that a test can count: each call is a line in a file.</summary>
internal sealed class Ledger(string path)
{
    [Description("Appends a line to the ledger.")]
    public string Append(string text)
    {
        File.AppendAllText(path, text + "\n");
        return $"written {text}";
    }

    [Description("Pays an amount.")]
    public string Pay(string to, int amount)
    {
        File.AppendAllText(path, $"paid {amount} to {to}\n");
        return $"paid {amount} to {to}";
    }

    [Description("Notes that it waits, and waits until the file go.txt is in the workspace.")]
    public async Task<string> WaitAsync(CancellationToken cancellationToken)
    {
        await File.AppendAllTextAsync(path, "waiting\n", cancellationToken).ConfigureAwait(false);
        while (!File.Exists(Path.Combine(Path.GetDirectoryName(path)!, "go.txt")))
            await Task.Delay(20, cancellationToken).ConfigureAwait(false);
        return "went on";
    }

    [Description("Notes that it hangs, and hangs until it is cancelled. It isn't repeatable.")]
    public async Task<string> HangAsync(CancellationToken cancellationToken)
    {
        await File.AppendAllTextAsync(path, "hanging\n", cancellationToken).ConfigureAwait(false);
        await Task.Delay(Timeout.Infinite, cancellationToken).ConfigureAwait(false);
        return "";
    }
}
