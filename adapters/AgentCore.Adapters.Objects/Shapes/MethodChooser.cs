namespace AgentCore.Adapters.Objects.Shapes;

/// <summary>Chooses the method that executes an agent and sorts the agent into classes A to E.</summary>
internal static class MethodChooser
{
    private static readonly string[] ToldNames = ["Message", "Event", "Command", "Request", "Notification", "Query", "Task", "Input", "Percept", "Args"];

    // Of the public classes tried, a method with a rival as near as this is the wrong one five times as often as others.
    private const int Near = MethodRanking.Scale;

    public static MethodChoice Choose(AgentShape shape, string? requested = null)
    {
        var lifecycle = LifecycleShape.Read(shape);
        if (requested is not null)
            return Requested(shape, requested, lifecycle);

        if (shape.IsInterface)
            return new MethodChoice(AgentClass.E, "an interface: nothing to make; wrap what implements it");
        if (shape.IsAbstract)
            return new MethodChoice(AgentClass.E, "an abstract class: nothing to make; wrap what completes it");

        var left = new List<(MethodShape, string)>();
        var methods = Candidates(shape, lifecycle, left);
        var candidates = Rank(shape, methods, withCode: true);
        if (candidates.Count == 0 || IsLifecycleOnly(candidates[0].Method, lifecycle, shape))
            return WithoutMethod(shape, lifecycle, left);

        var (best, score) = candidates[0];
        left.InsertRange(0, candidates.Skip(1).Select(c => (c.Method, $"scored {c.Score}, below {score}")));
        var (agentClass, reason) = Classify(best);
        if (candidates.Count > 1 && Rank(shape, methods, withCode: false)[0].Method != best)
            reason += CallSites.IsCalled(shape, best) ? "; it is what other classes call" : "; it is what the class's code is for";
        if (candidates.Find(c => c.Score > score - Near && IsRival(best, c.Method)).Method is { } rival)
            reason += $"; {rival.Signature} is nearly as likely";
        return new MethodChoice(agentClass, reason) { Method = best, Lifecycle = lifecycle, Left = left };
    }

    /// <summary>The methods that may be the execution; those that can't be go to <paramref name="left"/>.</summary>
    public static List<MethodShape> Candidates(AgentShape shape, LifecycleShape lifecycle, List<(MethodShape Method, string Why)> left)
    {
        var candidates = new List<MethodShape>();
        foreach (var method in shape.Methods)
        {
            if (MethodFilter.Excluded(shape, method, lifecycle) is { } why && !(why == MethodFilter.NoVerb && CallSites.IsCalled(shape, method)))
                left.Add((method, why));
            else
                candidates.Add(method);
        }

        // A public class may keep its work to its assembly, or call it by a name that elsewhere means state.
        if (!lifecycle.Any && candidates.TrueForAll(m => IsPlumbing(m) || m is { Verb.Rank: VerbRank.Unknown, IsMarked: false } && !CallSites.IsCalled(shape, m)))
        {
            var asked = shape.Methods.Where(m => (MethodFilter.IsInternal(m) && m.Verb.Rank >= VerbRank.Domain) || MethodFilter.IsQuestion(m)).ToList();
            if (asked.Count > 0)
                candidates.RemoveAll(IsPlumbing);
            candidates.AddRange(asked);
        }

        // Agents that are bred are bred by others; a fuzzer's work it is.
        if (!candidates.TrueForAll(IsBreeding))
            candidates.RemoveAll(IsBreeding);
        return candidates;
    }

    private static bool IsBreeding(MethodShape m) => m is { IsMarked: false, Verb.Word: "crossover" or "mutate" or "breed" };

    /// <summary>BeginTransaction() of a base: it takes nothing, gives nothing, and keeps house.</summary>
    private static bool IsPlumbing(MethodShape m) => m is { Depth: > 0, IsMarked: false, Return.HasValue: false } && !m.Parameters.Any(p => p.Required && !p.Kind.IsAmbient())
        && Verbs.Words(m.Name).Exists(word => word is "trans" or "transaction" or "connection" or "session" or "scope");

    /// <summary>The likeliest first.</summary>
    private static List<(MethodShape Method, int Score)> Rank(AgentShape shape, List<MethodShape> methods, bool withCode)
    {
        if (methods.Count == 1)
            return [(methods[0], 0)];
        var candidates = MethodRanking.Score(shape, methods, withCode);
        if (withCode && candidates.Count > 1 && shape.Type is { } type)
            candidates = IdleMethods.Demote(candidates, type);
        Sort(candidates);
        return candidates;
    }

    /// <summary>It does something else; the same as a stream, or without waiting, is no rival.</summary>
    private static bool IsRival(MethodShape best, MethodShape other) => best.Verb.Word != other.Verb.Word || !IsForm(best.Verb.Rest, other.Verb.Rest) && !IsForm(other.Verb.Rest, best.Verb.Rest);

    private static bool IsForm(string plain, string form) => form == plain || form.Replace("streaming", "", StringComparison.Ordinal).Replace("stream", "", StringComparison.Ordinal) == plain;

    /// <summary>The best first; of equals that which stands first: a class begins with what it is for.</summary>
    private static void Sort(List<(MethodShape Method, int Score)> candidates) => candidates.Sort((x, y) => (-x.Score, x.Method.Depth, x.Method.Source?.MetadataToken ?? 0).CompareTo((-y.Score, y.Method.Depth, y.Method.Source?.MetadataToken ?? 0)) is not 0 and var order
        ? order
        : string.CompareOrdinal(x.Method.Signature, y.Method.Signature));

    /// <summary>The class of an agent that is executed by this method, with the reason.</summary>
    public static (AgentClass Class, string Why) Classify(MethodShape m)
    {
        var data = m.Data.ToList();
        var context = m.Parameters.Where(p => p.Required && p.Kind is ArgumentKind.Context or ArgumentKind.Opaque).ToList();
        var reply = m.Parameters.Where(p => p.Required && p.Kind.IsReplyChannel()).ToList();
        if (context.Count > 0)
            return (AgentClass.C, $"{m.Name} needs {Names(context)}, which a task doesn't carry");
        if (reply.Count > 0)
            return (AgentClass.C, $"{m.Name} answers through {Names(reply)}");
        if (data.Count > 1)
            return (AgentClass.C, $"{m.Name} takes {data.Count} data arguments: {Names(data)}");

        var hints = new List<string>();
        if (m.Verb.Rank != VerbRank.Standard)
            hints.Add(m.Verb.Rank == VerbRank.Domain ? $"'{m.Name}' is a domain verb" : $"'{m.Name}' is the likeliest method left");
        if (data.Count == 0)
            hints.Add("it takes no argument");
        if (!m.Return.HasValue && !(data.Count == 1 && IsTold(data[0])))
            hints.Add(data.Count == 1 && data[0].Mutable ? $"it returns nothing: the changed '{data[0].Name}' is the result" : "it returns nothing");
        if (m.IsProtected)
            hints.Add($"it is a protected template method");
        if (m.IsMarked)
            return (AgentClass.A, $"{m.Name} carries [AgentMethod]");
        return hints.Count == 0
            ? (AgentClass.A, $"{m.Name} is a standard verb with one data argument ({data[0].TypeName} {data[0].Name})")
            : (AgentClass.B, $"{m.Name}: {string.Join("; ", hints)}");
    }

    /// <summary>Handle(OrderPlaced message): told something, it answers by what it does.</summary>
    private static bool IsTold(ParameterShape p) =>
        p.Kind == ArgumentKind.Message || p.Kind == ArgumentKind.Poco
        && Array.Exists(ToldNames, name => TypeText.Simple(p.TypeName).EndsWith(name, StringComparison.Ordinal) || p.Name.EndsWith(name, StringComparison.OrdinalIgnoreCase));

    private static MethodChoice Requested(AgentShape shape, string requested, LifecycleShape lifecycle)
    {
        var name = requested.Trim();
        var found = shape.Methods.Where(m => m.Signature == name).ToList();
        if (found.Count == 0 && name.Contains('(', StringComparison.Ordinal))
        {
            // A binding may have been written of the open generic class: its parameters' names stay when their types close.
            var written = SignatureText.Parse(name);
            found = [.. shape.Methods.Where(m => m.Name == written.Name && m.Parameters.Select(p => p.Name).SequenceEqual(written.Parameters.Select(p => p.Name)))];
        }

        if (found.Count == 0)
        {
            found = [.. Rank(shape, [.. shape.Methods.Where(m => m.Name == name || m.Name == name + "Async")], withCode: true).Select(c => c.Method)];
        }

        if (found.Count == 0)
        {
            var near = shape.Methods.Select(m => m.Signature).Take(12);
            throw new ArgumentException(
                $"{shape.FullName} has no method '{requested}'. Name one of these, by name or in full: {string.Join("; ", near)}.", nameof(requested));
        }

        var (agentClass, why) = Classify(found[0]);
        return new MethodChoice(agentClass, $"named by the binding; {why}")
        {
            Method = found[0],
            Lifecycle = lifecycle,
            Left = [.. shape.Methods.Where(m => !ReferenceEquals(m, found[0])).Select(m => (m, "the binding names another"))],
        };
    }

    /// <summary>Run(), Execute(token): a loop beside Start and Stop, or a hosted service's body, is no question to ask.</summary>
    private static bool IsLifecycleOnly(MethodShape best, LifecycleShape lifecycle, AgentShape shape)
    {
        // Move(Vector3), OnActionReceived(…): what an engine tells its scripts as it runs them.
        if (shape.EngineDriven && !best.IsMarked && (best.Verb.Rank != VerbRank.Standard || !best.Return.HasValue))
            return true;
        // OnTimer(object sender, ElapsedEventArgs e): what it has subscribed to as it was started.
        if (lifecycle.Any && !best.IsMarked && best.Parameters is [{ Kind: ArgumentKind.Object }, var told] && told.TypeName.EndsWith("EventArgs", StringComparison.Ordinal))
            return true;
        // OnReceive(object): the mailbox of an actor, which only its runtime fills.
        if (lifecycle.Actor && !best.IsMarked && best.IsProtected)
            return true;
        // HandleUpdateAsync(client, update, token): what a service has registered itself for as it was started.
        if ((lifecycle.Hosted || lifecycle.Start is not null) && best is { IsMarked: false, Return.HasValue: false, FromAgentInterface: false } && best.Parameters.Any(p => p.Required && p.Kind is ArgumentKind.Context or ArgumentKind.Opaque))
            return true;
        // The body of a base's loop, which its Start calls; and what an agent has of some base of things that move, where it beats itself.
        if (best is { IsProtected: true, IsMarked: false } && !best.Data.Any() && !best.Return.HasValue && lifecycle.Start is { IsPublic: true })
            return true;
        // What only a base calls, beside a beat that anyone may give.
        if (best is { IsProtected: true, IsMarked: false } && !best.Return.HasValue && lifecycle.Tick is { IsPublic: true })
            return true;
        // IsDead(), CheckEnergy() beside Step(): what others look at between two beats.
        if (lifecycle.Tick is { IsPublic: true } && best is { IsMarked: false, FromAgentInterface: false, Return.InnerName: "bool" } && !best.Data.Any())
            return true;
        if (lifecycle.Tick is { } tick && !best.FromAgentInterface && best.Verb.Rank < VerbRank.Standard && best.Depth > tick.Depth)
            return true;
        if (best.IsMarked || best.Data.Any() || best.Return.HasValue || best.Parameters.Any(p => p.Required && !p.Kind.IsAmbient()))
            return false;
        return lifecycle.Hosted || (lifecycle.Actor && !LifecycleShape.IsGrain(shape)) || lifecycle.Stop is not null || lifecycle.Tick is not null;
    }

    private static MethodChoice WithoutMethod(AgentShape shape, LifecycleShape lifecycle, List<(MethodShape Method, string Why)> left)
    {
        if (lifecycle.Any)
            return new MethodChoice(AgentClass.D, LifecycleReason(lifecycle)) { Lifecycle = lifecycle, Left = left };

        if (shape.HasMain)
            return new MethodChoice(AgentClass.D, "a program: its Main is the whole of it") { Lifecycle = lifecycle, Left = left };
        return new MethodChoice(AgentClass.E, NothingReason(shape, left)) { Lifecycle = lifecycle, Left = left };
    }

    private static string LifecycleReason(LifecycleShape lifecycle)
    {
        var kind = lifecycle.Hosted ? "a hosted service" : lifecycle.Actor ? "an actor, driven by its runtime" : "a lifecycle without a question to ask";
        var members = lifecycle.Members.Select(m => $"{m.Role}: {m.Method.Name}");
        return lifecycle.Members.Any() ? $"{kind} ({string.Join(", ", members)})" : kind;
    }

    private static string NothingReason(AgentShape shape, List<(MethodShape Method, string Why)> left)
    {
        if (shape.Problems.Count > 0 && shape.Methods.Count == 0)
            return $"its members can't be read: {shape.Problems[0]}";
        if (left.Find(l => l.Why.Contains("another agent", StringComparison.Ordinal)) is { Method: { } factory })
            return $"a factory: {factory.Name} makes {factory.Return.InnerName}; wrap what it makes";
        if (shape.Properties.Any(p => p.Name is "Instructions" or "SystemPrompt" or "Prompt" or "SystemMessage"))
            return "a definition in a class: instructions and settings, no method to run; a ChatAgent can be made from it";
        if (shape.Methods.Count == 0)
            return shape.Properties.Count > 0 ? $"data: {shape.Properties.Count} properties and no method" : "an empty class";
        return $"no method executes anything: {string.Join(", ", shape.Methods.Take(4).Select(m => m.Name))} only configure or report";
    }

    private static string Names(IEnumerable<ParameterShape> parameters) => string.Join(", ", parameters.Select(p => $"{p.TypeName} {p.Name}"));
}
