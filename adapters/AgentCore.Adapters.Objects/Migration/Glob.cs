using System.IO.Enumeration;

namespace AgentCore.Adapters.Objects.Migration;

/// <summary>Name patterns with * and ?.</summary>
internal static class Glob
{
    public static bool Matches(string pattern, string name) => FileSystemName.MatchesSimpleExpression(pattern, name, ignoreCase: false);
}
