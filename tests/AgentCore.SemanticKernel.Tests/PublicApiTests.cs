using System.Diagnostics.CodeAnalysis;
using System.Reflection;

namespace AgentCore.SemanticKernel.Tests;

public class PublicApiTests
{
    private const BindingFlags Own = BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;

    [Fact]
    public void PublicApi_OfThePlugin_HasNoTypeThatIsMarkedExperimental()
    {
        var exported = typeof(KernelAgent).Assembly.GetExportedTypes();
        var used = exported.SelectMany(TypesOf).SelectMany(Parts).Distinct().ToList();

        Assert.Contains(typeof(Microsoft.SemanticKernel.Kernel), used);
        Assert.DoesNotContain(used, t => t.GetCustomAttribute<ExperimentalAttribute>() is not null);
    }

    [Fact]
    public void Attribute_OfAGroupChat_IsWhatTheTestLooksFor() =>
        Assert.NotNull(typeof(Microsoft.SemanticKernel.Agents.AgentGroupChat).GetCustomAttribute<ExperimentalAttribute>());

    private static IEnumerable<Type> TypesOf(Type type)
    {
        var members = type.GetMembers(Own).Where(IsVisible).SelectMany(member => member switch
        {
            MethodInfo method => method.GetParameters().Select(p => p.ParameterType).Append(method.ReturnType),
            ConstructorInfo constructor => constructor.GetParameters().Select(p => p.ParameterType),
            FieldInfo field => [field.FieldType],
            _ => [],
        });
        return [.. type.GetInterfaces(), .. type.BaseType is { } parent ? new[] { parent } : [], .. members];
    }

    private static bool IsVisible(MemberInfo member) => member switch
    {
        MethodBase method => method.IsPublic || method.IsFamily || method.IsFamilyOrAssembly,
        FieldInfo field => field.IsPublic || field.IsFamily || field.IsFamilyOrAssembly,
        _ => false,
    };

    private static IEnumerable<Type> Parts(Type type) => type.HasElementType
        ? Parts(type.GetElementType()!)
        : type.IsGenericType ? type.GetGenericArguments().SelectMany(Parts).Append(type.GetGenericTypeDefinition()) : [type];
}
