using System.Text.RegularExpressions;

namespace AgentCore.Hosting.Definitions;

/// <summary>An exception's message for who writes definitions: the parameter of a method says nothing to them.</summary>
internal static partial class PlainMessage
{
    public static string Of(Exception exception) => Parameter().Replace(exception.Message, "");

    [GeneratedRegex(@" \(Parameter '[^']*'\)$")]
    private static partial Regex Parameter();
}
