using AgentCore.Adapters.Objects.Bindings;
using AgentCore.Adapters.Objects.Shapes;

namespace AgentCore.Adapters.Objects;

/// <summary>Puts a choice and a binding into words.</summary>
internal static class Explainer
{
    public static Explanation Explain(AgentShape shape, MethodChoice choice, ObjectBinding binding, bool given, bool factory) => new()
    {
        Type = shape.FullName,
        Class = binding.Class,
        Method = choice.Method?.Signature,
        Why = choice.Why,
        Passes = [.. binding.Arguments.Select(Pass)],
        Result = choice.Method is { } method ? Result(method, binding.Result) : "",
        Ignores = [.. choice.Left.Take(20).Select(left => $"{left.Method.Signature}: {left.Why}"), .. Unused(choice, binding)],
        Makes = given ? ["the given instance"] : factory ? ["by the given factory"] : Makes(shape, choice, binding),
        Lifecycle = Lifecycle(binding.Lifecycle),
        Abilities = binding.Abilities,
        Gaps = binding.Gaps,
    };

    private static string[] Makes(AgentShape shape, MethodChoice choice, ObjectBinding binding)
    {
        if (shape.IsStatic || choice.Method is { IsStatic: true })
            return ["nothing: static"];
        if (binding.Instance is { } member)
            return [$"by {shape.Name}.{member}"];
        string[] services = binding.Services is { } program ? [$"with the services of {Path.GetFileName(program)}"] : [];
        return binding.Construct.Count == 0 ? [$"new {shape.Name}()", .. services] : [.. binding.Construct.Select(Pass), .. services];
    }

    private static string Pass(ArgumentBinding a)
    {
        // What stands in an environment variable or was given in code isn't shown.
        var value = a is { From: ArgumentSource.Value or ArgumentSource.Environment, Value: { } text } ? $" '{text}'" : "";
        return $"{a.Type} {a.Name} <- {a.From}{value}{(a.Note is null ? "" : $" ({a.Note})")}".TrimStart();
    }

    private static string Result(MethodShape method, string result)
    {
        if (result != "auto")
            return result.Replace(":", " ", StringComparison.Ordinal);
        if (method.Parameters.Any(p => p.Out))
            return $"the out parameters {string.Join(", ", method.Parameters.Where(p => p.Out).Select(p => p.Name))}";
        return method.Return.Kind switch
        {
            ResultKind.Nothing => "nothing: the call's end is the result",
            ResultKind.Text => "the returned text",
            ResultKind.AsyncStream or ResultKind.Observable or ResultKind.Enumerator or ResultKind.TaskSequence => $"everything that {method.Return.InnerName} gives, joined",
            _ => $"the returned {method.Return.InnerName}, as text and as data",
        };
    }

    private static string[] Lifecycle(ObjectLifecycle life) =>
    [
        .. new[] { ("initialize", life.Initialize), ("start", life.Start), ("tick", life.Tick), ("stop", life.Stop), ("save", life.Save), ("load", life.Load) }
            .Where(m => m.Item2 is not null).Select(m => $"{m.Item1}: {m.Item2}"),
        .. life.Every is { } every ? new[] { $"every {every}" } : [],
    ];

    private static IEnumerable<string> Unused(MethodChoice choice, ObjectBinding binding)
    {
        if (choice.Lifecycle.Start is { } start && binding.Lifecycle.Start is null)
            yield return $"{start.Signature}: nothing stops it, so it isn't started by itself; name it in lifecycle.start";
        if (choice.Lifecycle.Tick is { } tick && binding.Lifecycle.Tick is null && choice.Method is not null)
            yield return $"{tick.Signature}: a beat beside a question to ask; name it in lifecycle.tick";
    }
}
