using AgentCore.Tools;
using Microsoft.SemanticKernel;

namespace AgentCore.SemanticKernel.Gate;

/// <summary>A kernel's plugins behind the gate, and the kernels that run with them. It is made once per kernel; the kernels
/// are made per run and per call.</summary>
internal sealed class GatedPlugins
{
    private readonly Kernel _kernel;
    private readonly List<KernelPlugin> _twins = [];
    private readonly List<IFunctionInvocationFilter> _filters;

    /// <summary>Puts the functions that a kernel has now behind the gate.</summary>
    /// <param name="kernel">The caller's kernel, which is not changed.</param>
    /// <param name="capabilities">What functions may call by themselves.</param>
    /// <param name="options">How each function may be used; null for the safe defaults.</param>
    public GatedPlugins(Kernel kernel, CapabilitySet capabilities, Func<KernelFunction, ToolOptions?>? options)
    {
        _kernel = kernel;
        Capabilities = capabilities;
        foreach (var plugin in kernel.Plugins)
        {
            var functions = plugin.Select(f => new GatedFunction(this, f, OptionsOf(f, options))).ToList();
            Functions.AddRange(functions);
            _twins.Add(KernelPluginFactory.CreateFromFunctions(plugin.Name, plugin.Description, functions.Select(f => f.Twin)));
        }

        _filters = [.. kernel.FunctionInvocationFilters.Select(f => new OriginalsOnlyFilter(f))];
    }

    public CapabilitySet Capabilities { get; }

    /// <summary>Further tools that kernels of a run have as a plugin named <c>tools</c>; null for none.</summary>
    public ToolRegistry? Tools { get; init; }

    public List<GatedFunction> Functions { get; } = [];

    /// <summary>The kernel of a run: its functions and model calls are steps.</summary>
    /// <param name="context">The run.</param>
    /// <param name="allowed">A function of the caller's, not in the kernel, that may be invoked on it; null for none.</param>
    public Kernel KernelOf(AgentContext context, KernelFunction? allowed = null)
    {
        var kernel = Create(new GatedServices(_kernel.Services, client => new StepChatClient(client, context)), allowed);
        if (Tools is not null && RegistryPlugin.Create(Tools, context) is { } plugin)
        {
            if (kernel.Plugins.Contains(RegistryPlugin.Name))
                throw new InvalidOperationException($"The kernel has a plugin named '{RegistryPlugin.Name}', as the agent's own tools would have. Rename it.");
            kernel.Plugins.Add(plugin);
        }

        new RunGate(context).AttachTo(kernel);
        return kernel;
    }

    /// <summary>The kernel for one call of a native function, deny by default: it calls that function and twins.</summary>
    /// <param name="called">The function.</param>
    /// <param name="depth">How deep in functions the call is, from 1.</param>
    /// <param name="step">The step that the call is part of: what models use in it is counted there. Null outside a run.</param>
    public Kernel NestedKernel(KernelFunction called, int depth, StepContext? step)
    {
        var kernel = Create(new GatedServices(_kernel.Services, client => step?.Counted(client) ?? client), called);
        new NestedGate(this, depth, step).AttachTo(kernel);
        return kernel;
    }

    private Kernel Create(GatedServices services, KernelFunction? called)
    {
        var kernel = new Kernel(services, new KernelPluginCollection(_twins)) { Culture = _kernel.Culture };
        services.Kernel = kernel;
        foreach (var (key, value) in _kernel.Data)
            kernel.Data[key] = value;
        Replace(kernel.FunctionInvocationFilters, [new UngatedFunctionFilter(called), .. _filters]);
        Replace(kernel.PromptRenderFilters, _kernel.PromptRenderFilters);
        Replace(kernel.AutoFunctionInvocationFilters, _kernel.AutoFunctionInvocationFilters);
        return kernel;
    }

    private static void Replace<T>(IList<T> list, IEnumerable<T> items)
    {
        list.Clear();
        foreach (var item in items)
            list.Add(item);
    }

    private static ToolOptions OptionsOf(KernelFunction function, Func<KernelFunction, ToolOptions?>? options)
    {
        var chosen = options?.Invoke(function) ?? new ToolOptions();
        return chosen.Capabilities is null ? chosen with { Capabilities = [$"{function.PluginName}.{function.Name}"] } : chosen;
    }
}
