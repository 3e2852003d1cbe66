using System.Collections;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.SemanticKernel;
using Microsoft.SemanticKernel.ChatCompletion;
using Microsoft.SemanticKernel.TextGeneration;

namespace AgentCore.SemanticKernel.Gate;

/// <summary>A kernel's services as functions and prompts get them: model calls are steps of the run or counted in one, and no
/// way leads to the caller's kernel or its plugins. Text generation services are not handed out, as their calls could be
/// neither.</summary>
/// <param name="services">The caller's services.</param>
/// <param name="client">A model as it is handed out.</param>
internal sealed class GatedServices(IServiceProvider services, Func<DeclaringChatClient, IChatClient> client) : IServiceProvider, IKeyedServiceProvider
{
    private readonly Dictionary<object, object> _wrapped = new(ReferenceEqualityComparer.Instance);

    public Kernel? Kernel { get; set; }

    public object? GetService(Type serviceType) => Gate(serviceType, () => services.GetService(serviceType));

    public object? GetKeyedService(Type serviceType, object? serviceKey) =>
        Gate(serviceType, () => (services as IKeyedServiceProvider)?.GetKeyedService(serviceType, serviceKey));

    public object GetRequiredKeyedService(Type serviceType, object? serviceKey) =>
        GetKeyedService(serviceType, serviceKey)
        ?? throw new InvalidOperationException($"There is no service {serviceType} with the key '{serviceKey}' in the kernel.");

    private object? Gate(Type type, Func<object?> find)
    {
        if (type == typeof(Kernel))
            return Kernel;
        if (type == typeof(KernelPluginCollection))
            return Kernel?.Plugins;
        if (type == typeof(IServiceProvider))
            return this;

        var isMany = type.IsGenericType && type.GetGenericTypeDefinition() == typeof(IEnumerable<>);
        var item = isMany ? type.GetGenericArguments()[0] : type;
        if (item == typeof(KernelPlugin) || item == typeof(ITextGenerationService))
            return isMany ? Array.CreateInstance(item, 0) : null;
        if (item != typeof(IChatClient) && item != typeof(IChatCompletionService))
            return find();
        return isMany ? WrapAll(item, (IEnumerable?)find()) : Wrap(find());
    }

    private Array WrapAll(Type item, IEnumerable? found)
    {
        var wrapped = (found ?? Array.Empty<object>()).Cast<object>().Select(Wrap).ToArray();
        var typed = Array.CreateInstance(item, wrapped.Length);
        wrapped.CopyTo(typed, 0);
        return typed;
    }

    private object? Wrap(object? service)
    {
        if (service is null)
            return null;
        if (_wrapped.TryGetValue(service, out var wrapped))
            return wrapped;

        // The functions are called outside the step, by the loop around it.
        wrapped = service switch
        {
            IChatClient chat => WithFunctions(client(new DeclaringChatClient(chat))),
            IChatCompletionService completion => WithFunctions(client(new DeclaringChatClient(completion))).AsChatCompletionService(),
            _ => service,
        };
        _wrapped.Add(service, wrapped);
        return wrapped;
    }

    private static IChatClient WithFunctions(IChatClient model) => new ChatClientBuilder(model).UseKernelFunctionInvocation().Build();
}
