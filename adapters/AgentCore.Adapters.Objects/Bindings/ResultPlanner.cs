using AgentCore.Adapters.Objects.Shapes;

namespace AgentCore.Adapters.Objects.Bindings;

/// <summary>Says where the result of a method is that may return nothing.</summary>
internal static class ResultPlanner
{
    private static readonly string[] ResultNames =
        ["Result", "LastResult", "Output", "LastOutput", "Response", "LastResponse", "Answer", "LastAnswer", "Reply", "LastReply", "LastMessage", "FinalOutput"];

    private static readonly string[] ReplyEvents = ["reply", "response", "message", "answer", "output", "result", "completed", "received", "generated", "token", "text", "said", "sent"];

    public static string Plan(AgentShape shape, MethodShape method)
    {
        if (method.Return.HasValue)
            return "auto";
        if (method.Parameters.Any(p => p.Out))
            return "auto";
        if (method.Parameters.Any(p => p.Required && p.Kind.IsReplyChannel()))
            return "collected";
        if (shape.Properties.FirstOrDefault(p => ResultNames.Contains(p.Name, StringComparer.Ordinal) && p.TypeName != "void") is { } property)
            return "property:" + property.Name;
        if (shape.Events.FirstOrDefault(IsReply) is { } raised)
            return "event:" + raised.Name;
        if (method.Data.FirstOrDefault(p => p.Mutable || p.ByRef) is { } changed)
            return "argument:" + changed.Name;
        return "auto";
    }

    private static bool IsReply(MemberShape e) =>
        Array.Exists(ReplyEvents, word => e.Name.Contains(word, StringComparison.OrdinalIgnoreCase)) && e.TypeName is not ("EventHandler" or "Action");
}
