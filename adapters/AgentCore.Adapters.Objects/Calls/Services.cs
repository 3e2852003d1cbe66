using AgentCore.Adapters.Objects.Bindings;
using AgentCore.Adapters.Objects.Shapes;
using Microsoft.Extensions.AI;

namespace AgentCore.Adapters.Objects.Calls;

/// <summary>Gets what a parameter asks for that isn't data: from the service provider, or made.</summary>
internal static class Services
{
    /// <summary>From the service provider, or one of the few things that need none; null where there is none.</summary>
    public static object? Find(CallEnvironment environment, Type type)
    {
        if (type == typeof(IChatClient))
            return environment.GiveModel();
        if (environment.Services?.GetService(type) is { } service)
            return service;
        if (type == typeof(IServiceProvider))
            return environment.Services ?? environment.Nothing;
        if (type == typeof(TimeProvider))
            return TimeProvider.System;
        if (type == typeof(HttpClient))
            return new HttpClient();
        if (Silent(type) is { } logger)
            return logger;
        return environment.Client is { } client && type.IsInstanceOfType(client) ? client : null;
    }

    /// <summary>From the service provider, or made; what a person says is to be made, always is.</summary>
    /// <exception cref="InvalidOperationException">There is none and none can be made.</exception>
    public static object Get(CallEnvironment environment, Type type, ArgumentBinding binding, string what)
    {
        var from = binding.From;
        // Convention says why it makes something; a person just says so.
        var stands = from.StartsWith(ArgumentSource.New, StringComparison.Ordinal) && binding.Note is null;
        if (!stands && Find(environment, type) is { } found)
            return found;
        if (from.StartsWith(ArgumentSource.NewPrefix, StringComparison.Ordinal))
            return new InstanceMaker(environment).Make(Named(type, from[ArgumentSource.NewPrefix.Length..], what));
        if (from == ArgumentSource.New)
            return New(environment, type, what);
        throw new InvalidOperationException($"{what} comes from services, and there is no {TypeText.Of(type)}. Give UniversalAgentOptions.Services.");
    }

    /// <summary>A logger that says nothing. By name: an agent may bring a newer copy of the logging contracts.</summary>
    private static object? Silent(Type type)
    {
        var name = TypeText.FullName(type) switch
        {
            "Microsoft.Extensions.Logging.ILogger" => "NullLogger",
            "Microsoft.Extensions.Logging.ILogger`1" => "NullLogger`1",
            "Microsoft.Extensions.Logging.ILoggerFactory" => "NullLoggerFactory",
            _ => null,
        };
        if (name is null || type.Assembly.GetType("Microsoft.Extensions.Logging.Abstractions." + name) is not { } silent)
            return null;
        if (silent.IsGenericTypeDefinition)
            silent = silent.MakeGenericType(type.GetGenericArguments());
        return silent.GetField("Instance")?.GetValue(null) ?? silent.GetProperty("Instance")?.GetValue(null);
    }

    private static object New(CallEnvironment environment, Type type, string what)
    {
        if (type == typeof(Guid))
            return Guid.NewGuid();
        if (Sequences.IsDictionary(type))
            return Sequences.BuildDictionary(type, [], new ValueConverter(environment), what);
        if (Sequences.ElementOf(type) is { } element)
            return Sequences.Build(type, element, [], what);
        if (ConstructorPlanner.OptionsValue(type) is { } options)
        {
            var wrapper = type.Assembly.GetType("Microsoft.Extensions.Options.OptionsWrapper`1")!.MakeGenericType(options);
            var value = new InstanceMaker(environment).Make(options);
            return type.IsAssignableFrom(wrapper)
                ? Activator.CreateInstance(wrapper, value)!
                : throw new InvalidOperationException($"{what}: a {TypeText.Of(type)} must come from services.");
        }

        return new InstanceMaker(environment).Make(type);
    }

    private static Type Named(Type asked, string name, string what) =>
        asked.Assembly.GetType(name) ?? AppDomain.CurrentDomain.GetAssemblies().Select(a => a.GetType(name)).FirstOrDefault(t => t is not null && asked.IsAssignableFrom(t))
            ?? throw new InvalidOperationException($"{what}: there is no class {name}.");
}
