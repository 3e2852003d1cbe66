namespace AgentCore.Adapters.Objects.Shapes;

/// <summary>Reads method signatures from text: a bare name, <c>Task&lt;string&gt; RunAsync(string input, CancellationToken token = default)</c>, or <c>run(self, task: str) -&gt; str</c>.</summary>
internal static class SignatureText
{
    public static MethodShape Parse(string text)
    {
        var open = text.IndexOf('(', StringComparison.Ordinal);
        if (open < 0)
        {
            // A name alone says nothing of its arguments; most agents take one text.
            var bare = text.Trim();
            return Shape(bare, Verbs.Read(bare).Rank >= VerbRank.Domain ? [new ParameterShape("input", "string", ArgumentKind.Text)] : [], ReturnKinds.OfName("object"));
        }

        var head = text[..open].Trim();
        var close = text.LastIndexOf(')');
        var inside = close > open ? text[(open + 1)..close] : text[(open + 1)..];
        var tail = close > open ? text[(close + 1)..].Trim() : "";
        var space = LastSpace(head);
        var name = head[(space + 1)..];
        var generic = name.IndexOf('<', StringComparison.Ordinal);
        var arity = generic > 0 ? name[generic..].Count(c => c == ',') + 1 : 0;
        var returns = tail.StartsWith("->", StringComparison.Ordinal) ? tail[2..].Trim(' ', ':') : space > 0 ? WithoutModifiers(head[..space]) : "object";
        var parameters = Split(inside).Select(Parameter).OfType<ParameterShape>().ToList();
        return Shape(generic > 0 ? name[..generic] : name, parameters, ReturnKinds.OfName(returns)) with { GenericArity = arity };
    }

    private static MethodShape Shape(string name, IReadOnlyList<ParameterShape> parameters, ReturnShape returns) =>
        new(name, parameters, returns) { Verb = Verbs.Read(name), IsPublic = !name.StartsWith('_') || name == "__call__" };

    private static ParameterShape? Parameter(string text)
    {
        text = text.Trim();
        // run(*messages) takes what it is given; other rests may stay empty.
        if (text.StartsWith('*') && MethodFilter.IsInputName(text.TrimStart('*').Split(':')[0].Trim()))
            text = text.TrimStart('*');
        if (text.Length == 0 || text is "self" or "cls" || text.StartsWith('*') || text == "/")
            return null;
        var equals = text.IndexOf('=', StringComparison.Ordinal);
        var optional = equals > 0;
        if (optional)
            text = text[..equals].Trim();

        string type, name;
        var colon = text.IndexOf(':', StringComparison.Ordinal);
        if (colon > 0 && !text.Contains("::", StringComparison.Ordinal))
        {
            (name, type) = (text[..colon].Trim(), PythonType(text[(colon + 1)..]));
            // A default says little in Python: what is named like an input is one.
            optional = optional && !MethodFilter.IsInputName(name);
        }
        else
        {
            var isOut = text.StartsWith("out ", StringComparison.Ordinal);
            var byRef = isOut || text.StartsWith("ref ", StringComparison.Ordinal);
            foreach (var modifier in new[] { "out ", "ref ", "in ", "this ", "params " })
            {
                if (text.StartsWith(modifier, StringComparison.Ordinal))
                    (text, optional) = (text[modifier.Length..], optional || modifier == "params ");
            }

            var space = LastSpace(text);
            (type, name) = space > 0 ? (text[..space].Trim(), text[(space + 1)..]) : IsName(text) ? ("object", text) : (text, "value");
            if (byRef)
                return new ParameterShape(name, type, ArgumentKinds.OfName(type)) { ByRef = true, Out = isOut };
        }

        var kind = ArgumentKinds.OfName(type);
        return new ParameterShape(name, type, kind) { Optional = optional || kind == ArgumentKind.Cancellation && optional, Mutable = kind is ArgumentKind.Poco or ArgumentKind.Messages };
    }

    /// <summary>A lone word is a type in C# and a name in Python; types that are written small are known.</summary>
    private static bool IsName(string text) => char.IsLower(text[0]) && !text.Contains('[', StringComparison.Ordinal) && ArgumentKinds.OfName(text) == ArgumentKind.Poco;

    /// <summary>A type hint, written as C# writes types: <c>Optional[List[str]]</c> and <c>list[str] | None</c> are <c>List&lt;str&gt;</c>.</summary>
    private static string PythonType(string hint)
    {
        var type = hint.Trim().Trim('"', '\'').Replace("| None", "", StringComparison.Ordinal).Trim().Replace('[', '<').Replace(']', '>');
        return type.StartsWith("Optional<", StringComparison.Ordinal) && type.EndsWith('>') ? type["Optional<".Length..^1] : type;
    }

    private static string WithoutModifiers(string text)
    {
        var words = Split(text, ' ').Where(w => w is not ("public" or "private" or "protected" or "internal" or "static" or "async" or "virtual" or "override" or "abstract" or "sealed" or "new" or "def"));
        return string.Join(' ', words);
    }

    private static IEnumerable<string> Split(string text, char separator = ',')
    {
        var depth = 0;
        var start = 0;
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] is '<' or '(' or '[')
                depth++;
            else if (text[i] is '>' or ')' or ']')
                depth--;
            else if (text[i] == separator && depth == 0)
            {
                yield return text[start..i];
                start = i + 1;
            }
        }

        yield return text[start..];
    }

    private static int LastSpace(string text)
    {
        var depth = 0;
        for (var i = text.Length - 1; i >= 0; i--)
        {
            if (text[i] is '>' or ')' or ']')
                depth++;
            else if (text[i] is '<' or '(' or '[')
                depth--;
            else if (text[i] == ' ' && depth == 0)
                return i;
        }

        return -1;
    }
}
