using System.Reflection;
using AgentCore.Adapters.Objects.Bindings;
using AgentCore.Adapters.Objects.Calls;
using AgentCore.Adapters.Objects.Loading;
using AgentCore.Adapters.Objects.Shapes;

namespace AgentCore.Adapters.Objects.Migration;

/// <summary>
/// Makes values up for the gaps that any value fills (a number, a choice, a label), so that an agent can be tried and what else is missing shows at once.
/// Nothing is made up for what reaches outside: a key, an address, a path.
/// </summary>
internal static class Trial
{
    private static readonly string[] OutsideWords =
        ["key", "token", "secret", "password", "credential", "credentials", "connection", "url", "uri", "endpoint", "address", "host", "server", "path", "file", "folder", "directory", "dir", "email", "mail", "user", "port", "command", "cli", "database", "deployment", "model"];

    /// <summary>The binding without gaps; null where a gap needs more than a made-up value.</summary>
    public static ObjectBinding? Of(ObjectBinding binding)
    {
        if (binding.Gaps.Any(gap => gap.At == "typeArguments") || binding.Assembly is null)
            return null;
        try
        {
            var type = AgentAssemblies.Find(binding.Assembly, binding.Type);
            var constructors = type.GetConstructors(BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance).SelectMany(c => c.GetParameters()).ToList();
            var methods = type.GetMethods(BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static).SelectMany(m => m.GetParameters()).ToList();
            var filled = binding with { Construct = Fill(binding.Construct, constructors), Arguments = Fill(binding.Arguments, methods) };
            return filled.Gaps.Count == 0 ? filled : null;
        }
        catch (Exception e) when (Inheritance.IsMissing(e) || e is ArgumentException)
        {
            return null;
        }
    }

    private static IReadOnlyList<ArgumentBinding> Fill(IReadOnlyList<ArgumentBinding> bindings, List<ParameterInfo> parameters) =>
        [.. bindings.Select(b => b.From == ArgumentSource.Missing && Value(b, parameters) is { } value ? b with { From = ArgumentSource.Value, Value = value } : b)];

    private static string? Value(ArgumentBinding binding, List<ParameterInfo> parameters) =>
        parameters.Find(p => p.Name == binding.Name && TypeText.Of(p.ParameterType) == binding.Type)?.ParameterType is { } type
        && (type == typeof(string) || Scalars.IsScalar(Nullable.GetUnderlyingType(type) ?? type))
        && !Verbs.Words(binding.Name).Exists(word => Array.IndexOf(OutsideWords, word) >= 0)
            ? SampleTask.Value(type, 0)?.ToString()
            : null;
}
