using System.Reflection;
using AgentCore.Adapters.Objects.Bindings;
using AgentCore.Adapters.Objects.Shapes;

namespace AgentCore.Adapters.Objects.Calls;

/// <summary>Makes instances by a construction plan.</summary>
internal sealed class InstanceMaker(CallEnvironment environment)
{
    public object Make(Type type) => Make(type, environment.Constructors.Plan(type), []);

    /// <summary>Makes an instance; what the binding says goes before the plan.</summary>
    /// <exception cref="InvalidOperationException">A parameter is a gap, or the constructor failed.</exception>
    public object Make(Type type, IReadOnlyList<ArgumentBinding> given) =>
        Make(type, environment.Constructors.Plan(type, [.. given.Where(g => g.From != ArgumentSource.Default).Select(g => g.Name)]), given);

    private object Make(Type type, ConstructionPlan plan, IReadOnlyList<ArgumentBinding> given)
    {
        if (type.IsValueType && plan.Constructor is null)
            return Activator.CreateInstance(type)!;
        if (plan.Member is { } member)
            return Static(type, member.Name);
        if (plan.Constructor is not { } constructor)
            throw new InvalidOperationException($"{type.FullName} has no constructor that can be called. Give an instance or a factory.");

        var converter = new ValueConverter(environment);
        var arguments = constructor.GetParameters().Select(p =>
        {
            var binding = given.FirstOrDefault(g => TaskValues.Same(g.Name, p.Name!)) ?? plan.Arguments.First(a => a.Name == p.Name);
            return Value(p, binding, type, converter);
        }).ToArray();
        try
        {
            return constructor.Invoke(arguments);
        }
        catch (TargetInvocationException e) when (plan.Arguments.Any(a => a.From.StartsWith(ArgumentSource.New, StringComparison.Ordinal) && !given.Any(g => g.Name == a.Name && g.Note is null)))
        {
            throw new ArgumentMappingException(
                $"construct: {type.FullName} refuses what convention made for it ({e.InnerException!.Message}); give {string.Join(", ", plan.Arguments.Select(a => a.Name))} yourself", e.InnerException);
        }
        catch (TargetInvocationException e)
        {
            throw new InvalidOperationException($"The constructor of {type.FullName} failed: {e.InnerException!.GetType().Name}: {e.InnerException.Message}", e.InnerException);
        }
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
            made = method.Invoke(null, BindingFlags.OptionalParamBinding, null, [.. method.GetParameters().Select(_ => Type.Missing)], null);
        else
            throw new InvalidOperationException($"{type.FullName} has no static member '{member}'.");
        return made ?? throw new InvalidOperationException($"{type.FullName}.{member} gave null.");
    }

    private object? Value(ParameterInfo p, ArgumentBinding binding, Type owner, ValueConverter converter)
    {
        var what = $"{owner.Name}'s constructor argument '{p.Name}'";
        switch (binding.From)
        {
            case ArgumentSource.Value when binding.Given is not null:
                return binding.Given;
            case ArgumentSource.Value:
                return converter.FromText(binding.Value ?? owner.Name, p.ParameterType, what);
            case ArgumentSource.Environment:
                var variable = binding.Value ?? p.Name!;
                var text = Environment.GetEnvironmentVariable(variable)
                    ?? throw new InvalidOperationException($"{what} comes from the environment variable {variable}, which is not set.");
                return converter.FromText(text, p.ParameterType, what);
            case ArgumentSource.Null:
                return null;
            case ArgumentSource.Default:
                return p.HasDefaultValue ? p.DefaultValue : p.ParameterType.IsArray ? Array.CreateInstance(p.ParameterType.GetElementType()!, 0) : null;
            case ArgumentSource.Cancellation:
                return CancellationToken.None;
            case ArgumentSource.Client:
                return environment.Client ?? Services.Find(environment, p.ParameterType)
                    ?? throw new InvalidOperationException($"{what} is the host's model, and there is none. Give UniversalAgentOptions.Client.");
            case ArgumentSource.Missing:
                return environment.Services?.GetService(p.ParameterType)
                    ?? throw new ArgumentMappingException($"{what} has no value: {binding.Note ?? "say in the binding what fills it"}.");
            default:
                return binding.From.StartsWith(ArgumentSource.New, StringComparison.Ordinal) || binding.From == ArgumentSource.Services
                    ? Services.Get(environment, p.ParameterType, binding.From, what)
                    : throw new InvalidOperationException($"{what}: '{binding.From}' can't fill a constructor. Use value, env, services, new, null or default.");
        }
    }
}
