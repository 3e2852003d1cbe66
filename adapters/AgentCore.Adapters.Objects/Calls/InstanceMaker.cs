using System.Reflection;
using AgentCore.Adapters.Objects.Bindings;
using AgentCore.Adapters.Objects.Loading;
using AgentCore.Adapters.Objects.Shapes;
using AgentCore.Runs;
using Microsoft.Extensions.DependencyInjection;

namespace AgentCore.Adapters.Objects.Calls;

/// <summary>Makes instances by a construction plan.</summary>
internal sealed class InstanceMaker(CallEnvironment environment)
{
    /// <summary>Makes an instance as a binding says: by a static member, or by a constructor.</summary>
    public object Make(Type type, ObjectBinding binding)
    {
        if (binding.Instance is not { } member)
            return Make(type, binding.Construct);
        return environment.Constructors.ByFactory(type, member) is { Arguments.Count: > 0 } plan ? Make(type, plan, binding.Construct) : Static(type, member);
    }

    public object Make(Type type) => Make(type, environment.Constructors.Plan(type), []);

    /// <summary>Makes an instance; what the binding says goes before the plan.</summary>
    /// <exception cref="InvalidOperationException">A parameter is a gap, or the constructor failed.</exception>
    public object Make(Type type, IReadOnlyList<ArgumentBinding> given)
    {
        try
        {
            return Make(type, environment.Constructors.Plan(type, [.. given.Where(g => g.From != ArgumentSource.Default).Select(g => g.Name)]), given);
        }
        catch (Exception e) when (environment.Secrets.Hidden(e) is { } hidden)
        {
            throw hidden;
        }
    }

    private object Make(Type type, ConstructionPlan plan, IReadOnlyList<ArgumentBinding> given)
    {
        if (type.IsValueType && plan.Constructor is null)
            return Activator.CreateInstance(type)!;
        if (plan.Member is { } member)
            return Static(type, member.Name);
        if (((MethodBase?)plan.Constructor ?? plan.Factory) is not { } constructor)
            throw new InvalidOperationException($"{type.FullName} has no constructor that can be called. Give an instance or a factory.");

        var converter = new ValueConverter(environment);
        var parameters = constructor.GetParameters();
        var arguments = parameters.Select(p => Value(p.Name!, p.ParameterType, p, Binding(p.Name!), type, converter)).ToArray();
        var made = Construct(type, constructor, arguments, plan, given);
        foreach (var binding in plan.Arguments.Select(a => a.Name).Concat(given.Select(g => g.Name)).Distinct(StringComparer.OrdinalIgnoreCase)
            .Where(name => !Array.Exists(parameters, p => TaskValues.Same(p.Name!, name))).Select(Binding))
            SetMember(made, type, binding, converter);
        return made;

        ArgumentBinding Binding(string name) =>
            given.FirstOrDefault(g => TaskValues.Same(g.Name, name)) ?? plan.Arguments.First(a => TaskValues.Same(a.Name, name));
    }

    [System.Diagnostics.CodeAnalysis.SuppressMessage("Usage", "CA1816", Justification = "The object is not ours, and nobody else has it.")]
    private object Construct(Type type, MethodBase constructor, object?[] arguments, ConstructionPlan plan, IReadOnlyList<ArgumentBinding> given)
    {
        object? unfinished = null;
        try
        {
            if (constructor is MethodInfo factory)
                return Finished(factory.Invoke(null, arguments)) ?? throw new InvalidOperationException($"{type.FullName}.{factory.Name} gave null.");
            if (!HasFinalizer(type))
                return ((ConstructorInfo)constructor).Invoke(arguments);
            unfinished = System.Runtime.CompilerServices.RuntimeHelpers.GetUninitializedObject(type);
            constructor.Invoke(unfinished, arguments);
            return unfinished;
        }
        catch (TargetInvocationException e)
        {
            // The finalizer of half an object may throw, and that would end the process.
            if (unfinished is not null)
                GC.SuppressFinalize(unfinished);
            var cause = e.InnerException!;
            var blamed = Blamed(cause, plan, given);
            throw blamed.Count > 0
                ? new ArgumentMappingException($"construct: {type.FullName} refuses what convention made for it ({cause.Message}); give {string.Join(", ", blamed)} yourself", cause)
                {
                    At = [.. blamed.Select(name => $"construct.{name}")],
                }
                : new InvalidOperationException($"The constructor of {type.FullName} failed: {cause.GetType().Name}: {cause.Message}", cause);
        }
    }

    /// <summary>What a factory gives, waited for where it takes its time.</summary>
    private static object? Finished(object? made)
    {
        if (made?.GetType().GetMethod("AsTask") is { } asTask)
            made = asTask.Invoke(made, null);
        if (made is not Task task)
            return made;
        try
        {
            BlockingBridge.Run(async () =>
            {
                await task.ConfigureAwait(false);
                return true;
            });
        }
        catch (Exception e)
        {
            throw new TargetInvocationException(e);
        }

        return task.GetType().GetProperty(nameof(Task<object>.Result))!.GetValue(task);
    }

    /// <summary>Which of the values that convention made up the constructor refuses: the one it names, or else all of them.</summary>
    private List<string> Blamed(Exception cause, ConstructionPlan plan, IReadOnlyList<ArgumentBinding> given)
    {
        if (environment.Nothing.IsMissedIn(cause) && plan.Arguments.FirstOrDefault(a => a.Type == nameof(IServiceProvider)) is { } services)
            return [services.Name];
        var made = plan.Arguments.Where(a => IsMadeUp(a) && !given.Any(g => TaskValues.Same(g.Name, a.Name) && g.Note is null)).Select(a => a.Name).ToList();
        if (cause is ArgumentException { ParamName: { } named } && made.Find(name => TaskValues.Same(name, named)) is { } one)
            return [one];
        return environment.StandIns is { Used: true } ? [] : made;
    }

    private static bool IsMadeUp(ArgumentBinding a) => a.From.StartsWith(ArgumentSource.New, StringComparison.Ordinal) || a is { From: ArgumentSource.Null, Note: not null };

    private static bool HasFinalizer(Type type) =>
        !type.IsValueType && type.GetMethod("Finalize", BindingFlags.NonPublic | BindingFlags.Instance, []) is { } finalizer && finalizer.DeclaringType != typeof(object);

    private void SetMember(object made, Type type, ArgumentBinding binding, ValueConverter converter)
    {
        var property = type.GetProperties(BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance)
            .FirstOrDefault(p => TaskValues.Same(p.Name, binding.Name) && p.SetMethod is not null && p.GetIndexParameters().Length == 0)
            ?? throw new ArgumentException($"The binding's construct fills '{binding.Name}', and {type.FullName} has neither such a constructor parameter nor such a property.");
        // What the constructor has set stands; convention only fills what is empty.
        if (binding.From == ArgumentSource.New && property.GetMethod is not null && property.GetValue(made) is not null)
            return;
        property.SetValue(made, Value(property.Name, property.PropertyType, null, binding, type, converter));
    }

    /// <summary>The static property, field or method that gives the instance.</summary>
    public static object Static(Type type, string member)
    {
        const BindingFlags Statics = BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Static;
        object? made;
        if (type.GetProperty(member, Statics) is { } property)
            made = property.GetValue(null);
        else if (type.GetField(member, Statics) is { } field)
            made = field.GetValue(null);
        else if (Array.Find(type.GetMethods(Statics), m => m.Name == member && m.GetParameters().All(p => p.IsOptional)) is { } method)
            made = Finished(method.Invoke(null, BindingFlags.OptionalParamBinding, null, [.. method.GetParameters().Select(_ => Type.Missing)], null));
        else
            throw new InvalidOperationException($"{type.FullName} has no static member '{member}'.");
        return made ?? throw new InvalidOperationException($"{type.FullName}.{member} gave null.");
    }

    private object? Value(string name, Type type, ParameterInfo? parameter, ArgumentBinding binding, Type owner, ValueConverter converter)
    {
        var what = parameter is null ? $"{owner.Name}'s property '{name}'" : $"{owner.Name}'s constructor argument '{name}'";
        switch (binding.From)
        {
            case ArgumentSource.Value when binding.Given is not null:
                return binding.Given;
            case ArgumentSource.Value:
                return converter.FromText(binding.Value ?? owner.Name, type, what);
            case ArgumentSource.Environment:
                var variable = binding.Value ?? name;
                var text = Environment.GetEnvironmentVariable(variable)
                    ?? throw new InvalidOperationException($"{what} comes from the environment variable {variable}, which is not set.");
                return converter.FromEnvironment(variable, text, type, what);
            case ArgumentSource.Null:
                return null;
            case ArgumentSource.Default:
                return parameter is { HasDefaultValue: true } ? parameter.DefaultValue : type.IsArray ? Array.CreateInstance(type.GetElementType()!, 0) : null;
            case ArgumentSource.Cancellation:
                return CancellationToken.None;
            case ArgumentSource.Client:
                return Services.Find(environment, type)
                    ?? throw new InvalidOperationException($"{what} is the host's model, and there is none. Give UniversalAgentOptions.Client.");
            case ArgumentSource.Missing:
                return Service(type, parameter) ?? environment.StandIns?.Make(type, name, environment)
                    ?? throw new ArgumentMappingException($"{what} has no value{(environment.Services is null ? "" : ", and the services have none")}: {binding.Note ?? "say in the binding what fills it"}.") { At = [$"construct.{name}"] };
            default:
                return binding.From.StartsWith(ArgumentSource.New, StringComparison.Ordinal) || binding.From == ArgumentSource.Services
                    ? Made(name, type, binding, what)
                    : throw new InvalidOperationException($"{what}: '{binding.From}' can't fill a constructor. Use value, env, services, new, null or default.");
        }
    }

    /// <summary>By the key that the parameter names, where it names one.</summary>
    private object? Service(Type type, ParameterInfo? parameter)
    {
        if (environment.Services is not { } services || type == typeof(IServiceProvider))
            return environment.Services;
        var keyed = parameter?.GetCustomAttributesData().FirstOrDefault(a => a.AttributeType.Name == nameof(FromKeyedServicesAttribute));
        return keyed is null ? services.GetService(type) : ProgramScope.Keyed(services, type, keyed.ConstructorArguments is [var key, ..] ? Key(key) : null);

        static object? Key(CustomAttributeTypedArgument key) => key is { ArgumentType.IsEnum: true, Value: { } number } ? Enum.ToObject(key.ArgumentType, number) : key.Value;
    }

    private object Made(string name, Type type, ArgumentBinding binding, string what)
    {
        try
        {
            return Services.Get(environment, type, binding, what);
        }
        catch (Exception e) when (e is ArgumentMappingException or InvalidOperationException && binding.From.StartsWith(ArgumentSource.New, StringComparison.Ordinal))
        {
            // Told of the agent's own argument, which a binding can fill, and not of what lies deeper.
            throw new ArgumentMappingException($"{what} ({TypeText.Of(type)}) can't be made by convention: {e.Message}", e) { At = [$"construct.{name}"] };
        }
    }
}
