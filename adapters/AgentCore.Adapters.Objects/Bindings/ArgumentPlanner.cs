using System.Reflection;
using AgentCore.Adapters.Objects.Shapes;

namespace AgentCore.Adapters.Objects.Bindings;

/// <summary>Says what of a task fills each parameter of a method.</summary>
internal sealed class ArgumentPlanner(ConstructorPlanner? constructors, Implementers? implementers)
{
    private static readonly string[] DictionaryNames =
        ["context", "parameters", "metadata", "options", "data", "variables", "args", "arguments", "settings", "inputs", "properties", "state"];

    // What names one of the things that an agent has: Execute(function, arguments).
    private static readonly string[] ChoiceNames = ["function", "functionname", "tool", "toolname", "method", "methodname", "operation", "operationname"];

    private static readonly string[] PrimaryNames =
        ["input", "prompt", "message", "messages", "query", "question", "task", "request", "text", "goal", "instruction", "usermessage", "userinput", "userprompt", "content"];

    public IReadOnlyList<ArgumentBinding> Plan(MethodShape method)
    {
        var primary = Primary(method);
        var several = method.Data.Count() > 1;
        return [.. method.Parameters.Select(p => Fill(p, ReferenceEquals(p, primary), several, method))];
    }

    private static ParameterShape? Primary(MethodShape method)
    {
        var data = method.Data.ToList();
        if (data.Count == 0)
        {
            // Run(string? prompt = null): the one optional text takes the task.
            return method.Parameters.FirstOrDefault(p => p.Optional && p.Kind is ArgumentKind.Text or ArgumentKind.Messages or ArgumentKind.Message or ArgumentKind.TextList);
        }

        return data.Find(p => PrimaryNames.Contains(string.Concat(Verbs.Words(p.Name)), StringComparer.Ordinal) && p.Kind != ArgumentKind.Scalar)
            ?? data.Find(p => p.Kind == ArgumentKind.Text)
            ?? data.Find(p => p.Kind is ArgumentKind.Messages or ArgumentKind.Message)
            ?? data.Find(p => p.Kind is ArgumentKind.Poco or ArgumentKind.Json or ArgumentKind.Object or ArgumentKind.TypeParameter)
            ?? data[0];
    }

    private ArgumentBinding Fill(ParameterShape p, bool primary, bool several, MethodShape method)
    {
        var binding = new ArgumentBinding { Name = p.Name, Type = p.TypeName, From = ArgumentSource.Missing };
        if (Marked(p, method) is { } marked)
            return binding with { From = marked.From, Value = marked.Value };
        if (p.Out)
            return binding with { From = ArgumentSource.Out };
        if (p.Optional && !primary)
        {
            var filled = p.Kind == ArgumentKind.Cancellation ? ArgumentSource.Cancellation : ArgumentSource.Default;
            return binding with { From = filled };
        }

        if (several && p.Kind == ArgumentKind.Text && ChoiceNames.Contains(string.Concat(Verbs.Words(p.Name)), StringComparer.Ordinal))
            return binding with { Note = $"which {Verbs.Words(p.Name)[0]} of the agent: give it as '{p.Name}' in the task's data, or with from: value" };
        if (p is { Kind: ArgumentKind.Opaque, Type: { } span } && ArgumentKinds.IsByRefLike(span))
            return binding with { Note = $"{GapNotes.Article(p.TypeName)} {p.TypeName} '{p.Name}' lives on the stack alone and can't be kept for a call: write the call in code (.Call)" };

        return p.Kind switch
        {
            ArgumentKind.Cancellation => binding with { From = ArgumentSource.Cancellation },
            ArgumentKind.ChatClient => binding with { From = ArgumentSource.Client, Note = "the host's model" },
            ArgumentKind.Context or ArgumentKind.Opaque => Decide(binding, p, alone: method.Parameters.Count(x => x.Required && !x.Kind.IsAmbient()) == 1),
            _ when p.Kind.IsAmbient() => binding with { From = ArgumentSource.Services },
            _ when p.Kind.IsReplyChannel() => binding with { From = ArgumentSource.Collect, Note = "what it is told becomes the result" },
            _ => binding with { From = Data(p, primary, several) } is var data && CanConvert(p) is { } problem
                ? data with { From = ArgumentSource.Missing, Note = problem }
                : binding with { From = Data(p, primary, several) },
        };
    }

    private static string Data(ParameterShape p, bool primary, bool several)
    {
        if (p.Kind == ArgumentKind.Messages && (primary || several))
            return ArgumentSource.Messages;
        if (p.Kind == ArgumentKind.Dictionary && (primary || !several || DictionaryNames.Contains(p.Name.ToLowerInvariant(), StringComparer.Ordinal)))
            return ArgumentSource.Data;
        if (!primary)
            return ArgumentSource.DataPrefix + p.Name;

        return p.Kind switch
        {
            ArgumentKind.Message => ArgumentSource.Message,
            ArgumentKind.Poco or ArgumentKind.Json or ArgumentKind.List => ArgumentSource.Task,
            _ => ArgumentSource.Input,
        };
    }

    /// <summary>Why no value of the parameter's type could be made of data; null when it can.</summary>
    private string? CanConvert(ParameterShape p)
    {
        if (p.Type is null || implementers is null)
            return null;
        var type = p.Kind is ArgumentKind.Messages or ArgumentKind.List ? Inheritance.ElementOf(Plain(p.Type)) ?? p.Type : Plain(p.Type);
        if (!type.IsAbstract && !type.IsInterface)
            return p.Kind == ArgumentKind.Poco && DataAbstractions.IsClosed(type) ? $"{GapNotes.Article(p.TypeName)} {p.TypeName} '{p.Name}': its content is its own, and no data can set it; give one through services or in code (.ArgumentValue)" : null;
        if (p.Kind is not (ArgumentKind.Message or ArgumentKind.Messages or ArgumentKind.Poco) || implementers.Of(type).Count > 0 || TypeText.FullName(type) == "System.Object")
            return null;
        return $"{GapNotes.Article(p.TypeName)} {p.TypeName} '{p.Name}': nothing in the assembly implements {TypeText.Of(type)}; give the value in the task's data or in code";
    }

    private ArgumentBinding Decide(ArgumentBinding binding, ParameterShape p, bool alone)
    {
        if (p.Type is { } type && constructors is not null && implementers is not null)
        {
            var plain = Plain(type);
            if (!plain.IsAbstract && !plain.IsInterface && constructors.CanMake(plain))
                return binding with { From = ArgumentSource.New, Note = "a fresh one for each call" };
            // An IssueContext with nothing but data in it is the request itself.
            if (alone && DataAbstractions.IsDataOnly(plain))
                return binding with { From = ArgumentSource.Task, Note = "it holds data alone" };
            // NextStep(IState state): a state that nothing has happened in is none to move on.
            if (implementers.Of(plain).Where(constructors.CanMake).Take(2).ToList() is [var only])
                return binding with { Note = $"{Asked(p)}; from: {ArgumentSource.NewPrefix}{only.FullName} makes one afresh for each call" };
        }

        return binding with { Note = Asked(p) };
    }

    private static string Asked(ParameterShape p) =>
        $"{GapNotes.Article(p.TypeName)} {p.TypeName} '{p.Name}': give it through services, in the task's data, with from: new:Full.Name, or in code (.ArgumentValue)";

    private static Type Plain(Type type) => type.IsByRef ? type.GetElementType()! : type;

    private static (string From, string? Value)? Marked(ParameterShape p, MethodShape method)
    {
        var parameter = method.Source?.GetParameters().FirstOrDefault(x => x.Name == p.Name);
        try
        {
            var data = parameter?.GetCustomAttributesData().FirstOrDefault(a => a.AttributeType.Name == nameof(AgentArgumentAttribute));
            return data is null
                ? null
                : ((string)data.ConstructorArguments[0].Value!, data.NamedArguments.FirstOrDefault(n => n.MemberName == "Value").TypedValue.Value as string);
        }
        catch (Exception e) when (Inheritance.IsMissing(e))
        {
            return null;
        }
    }
}
