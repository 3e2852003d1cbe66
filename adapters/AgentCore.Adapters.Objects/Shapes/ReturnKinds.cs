namespace AgentCore.Adapters.Objects.Shapes;

/// <summary>Reads what a method gives back.</summary>
internal static class ReturnKinds
{
    public static ReturnShape Of(Type type)
    {
        var name = TypeText.Of(type);
        switch (TypeText.FullName(type))
        {
            case "System.Void":
                return new ReturnShape(name, ResultWrapper.None, ResultKind.Nothing);
            case "System.Threading.Tasks.Task":
                return new ReturnShape(name, ResultWrapper.Task, ResultKind.Nothing);
            case "System.Threading.Tasks.ValueTask":
                return new ReturnShape(name, ResultWrapper.ValueTask, ResultKind.Nothing);
            case "System.Threading.Tasks.Task`1":
                return Inner(name, ResultWrapper.Task, type.GetGenericArguments()[0]);
            case "System.Threading.Tasks.ValueTask`1":
                return Inner(name, ResultWrapper.ValueTask, type.GetGenericArguments()[0]);
            default:
                return Inner(name, ResultWrapper.None, type);
        }
    }

    public static ReturnShape OfName(string name)
    {
        var text = name.Trim();
        if (text is "void" or "None" or "")
            return new ReturnShape("void", ResultWrapper.None, ResultKind.Nothing);
        foreach (var (prefix, wrapper) in new[] { ("Task", ResultWrapper.Task), ("ValueTask", ResultWrapper.ValueTask) })
        {
            if (text == prefix)
                return new ReturnShape(text, wrapper, ResultKind.Nothing);
            if (text.StartsWith(prefix + "<", StringComparison.Ordinal) && text.EndsWith('>'))
            {
                var inner = text[(prefix.Length + 1)..^1];
                return new ReturnShape(text, wrapper, KindOfName(inner)) { InnerName = inner };
            }
        }

        return new ReturnShape(text, ResultWrapper.None, KindOfName(text));
    }

    private static ReturnShape Inner(string name, ResultWrapper wrapper, Type type) =>
        new(name, wrapper, KindOf(type)) { InnerName = TypeText.Of(type) };

    private static ResultKind KindOf(Type type)
    {
        var full = TypeText.FullName(type);
        switch (full)
        {
            case "System.String":
                return ResultKind.Text;
            case "System.Collections.Generic.IAsyncEnumerable`1" or "System.Threading.Channels.ChannelReader`1":
                return ResultKind.AsyncStream;
            case "System.IObservable`1":
                return ResultKind.Observable;
            case "System.Collections.IEnumerator" or "System.Collections.Generic.IEnumerator`1":
                return ResultKind.Enumerator;
            case "System.Collections.IEnumerable":
                return ResultKind.Sequence;
        }

        if (TypeText.FullName(type) is not null && Inheritance.Implements(type, "System.Collections.Generic.IAsyncEnumerable`1"))
            return ResultKind.AsyncStream;
        if ((full == "System.Collections.Generic.IEnumerable`1" || type.IsArray) && Inheritance.ElementOf(type) is { } element)
            return TypeText.FullName(element) is "System.Threading.Tasks.Task" or "System.Threading.Tasks.Task`1" ? ResultKind.TaskSequence : ResultKind.Sequence;

        return ResultKind.Value;
    }

    private static ResultKind KindOfName(string name)
    {
        var simple = TypeText.Simple(name.Contains('<', StringComparison.Ordinal) ? name[..name.IndexOf('<', StringComparison.Ordinal)] : name);
        return simple[(simple.LastIndexOf('.') + 1)..] switch
        {
            "string" or "String" or "str" => ResultKind.Text,
            "IAsyncEnumerable" or "ChannelReader" or "AsyncGenerator" or "AsyncIterator" => ResultKind.AsyncStream,
            "IObservable" => ResultKind.Observable,
            "IEnumerator" => ResultKind.Enumerator,
            "IEnumerable" => name.Contains("<Task", StringComparison.Ordinal) ? ResultKind.TaskSequence : ResultKind.Sequence,
            _ => ResultKind.Value,
        };
    }
}
