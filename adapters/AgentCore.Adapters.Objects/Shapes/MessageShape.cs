using System.Reflection;

namespace AgentCore.Adapters.Objects.Shapes;

/// <summary>Recognises a chat message type of any framework: it has a content and says who speaks.</summary>
internal static class MessageShape
{
    private static readonly string[] ContentNames = ["Content", "Text", "Message", "Body", "Contents", "Parts", "Value"];
    private static readonly string[] RoleNames = ["Role", "AuthorRole", "Author", "AuthorName", "From", "Sender", "Speaker", "Source", "Name"];

    public static bool IsMessage(Type type)
    {
        var simple = TypeText.Simple(type);
        if (!NamesMessage(simple) || NamesOther(simple))
            return false;

        // Interfaces and abstract messages count by name: something in the assembly implements them.
        return type.IsInterface || type.IsAbstract || (Has(type, ContentNames) && Has(type, RoleNames));
    }

    public static bool NamesMessage(string simpleName) =>
        simpleName.EndsWith("Message", StringComparison.Ordinal) || simpleName.EndsWith("Msg", StringComparison.Ordinal)
        || simpleName.EndsWith("ChatMessageContent", StringComparison.Ordinal) || simpleName.EndsWith("ChatTurn", StringComparison.Ordinal);

    public static string? ContentName(Type type) => Array.Find(ContentNames, name => Has(type, [name]));

    public static string? RoleName(Type type) => Array.Find(RoleNames, name => Has(type, [name]));

    private static bool NamesOther(string simple) => simple is "HttpRequestMessage" or "HttpResponseMessage" or "MailMessage";

    private static bool Has(Type type, string[] names)
    {
        try
        {
            for (Type? t = type; t is not null; t = Inheritance.Base(t))
            {
                if (names.Any(name => t.GetProperty(name, BindingFlags.Public | BindingFlags.Instance | BindingFlags.DeclaredOnly) is not null))
                    return true;
            }
        }
        catch (Exception e) when (Inheritance.IsMissing(e) || e is AmbiguousMatchException)
        {
            return true;
        }

        return false;
    }
}
