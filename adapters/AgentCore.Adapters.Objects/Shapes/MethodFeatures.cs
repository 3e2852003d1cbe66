namespace AgentCore.Adapters.Objects.Shapes;

/// <summary>
/// What speaks for and against a method as the one that executes its agent: its name, its arguments, its result, who calls it, and how much of the class's
/// code is behind it. What each is worth, <see cref="MethodRanking"/> has from the public classes it was fitted on.
/// </summary>
internal static class MethodFeatures
{
    private const int MostArguments = 5;
    private const double ManyCallers = 4;

    // Between three bytes and nine there is no difference.
    private const int Trifle = 50;

    /// <summary>The features of each of the methods, which are those that a class's execution is chosen from.</summary>
    public static IReadOnlyList<IReadOnlyDictionary<string, double>> Of(AgentShape shape, IReadOnlyList<MethodShape> methods, bool withCode)
    {
        var first = methods.MinBy(m => (m.Depth, m.Source?.MetadataToken ?? 0));
        var read = methods.Select(m => Written(shape, m, Plain(m) == Plain(first!))).ToList();
        if (withCode && shape.Type is { } type && CallSites.Of(type.Assembly) is { HasCode: true } calls)
            AddCode(shape, type, methods, calls, read);
        return read;
    }

    /// <summary>What its declaration says.</summary>
    private static Dictionary<string, double> Written(AgentShape shape, MethodShape m, bool first)
    {
        var features = new Dictionary<string, double>(StringComparer.Ordinal);
        Set($"verb {m.Verb.Word}");
        Set($"rank {m.Verb.Rank}");
        Set("name words", Verbs.Words(Plain(m)).Count);
        If("name plain", m.Verb.Rest.Length == 0);
        If("name of class", MethodFilter.MatchesName(shape, m));
        If("name of move", MethodNames.IsMove(m.Name));
        If("name of part", MethodNames.IsPart(m.Verb.Rest));
        If("first", first);
        If("interface", m.FromAgentInterface);
        If("hook", MethodFilter.IsHook(m));
        If("override", m.IsOverride);
        If("public", m.IsPublic);
        If("explicit", m.IsExplicit);
        If("static", m.IsStatic);
        If("trigger", MethodNames.IsTrigger(m));
        If("obsolete", m.IsObsolete);
        If("generic", m.GenericArity > 0);
        Set("depth", Math.Min(m.Depth, 3));
        AddArguments();
        Set($"result {m.Return.Kind}");
        If("result bool", m.Return.InnerName == "bool");
        If("result later", m.Return.Wrapper != ResultWrapper.None);
        return features;

        void AddArguments()
        {
            Set($"arguments {Math.Min(m.Parameters.Count(p => p.Required && !p.Kind.IsAmbient()), MostArguments)}");
            foreach (var parameter in m.Parameters)
                Set($"argument {parameter.Kind}");
            If("argument input", m.Data.Any(p => MethodFilter.IsInputName(p.Name)));
            If("argument path", m.Data.Any(MethodNames.IsPath));
        }

        void If(string name, bool set) => Set(name, set ? 1 : 0);

        void Set(string name, double value = 1)
        {
            if (value != 0)
                features[name] = value;
        }
    }

    /// <summary>What code says, the class's own and that of others.</summary>
    private static void AddCode(AgentShape shape, Type type, IReadOnlyList<MethodShape> methods, CallSites calls, List<Dictionary<string, double>> features)
    {
        var behind = methods.Select(m => calls.Behind(type, m.Name).ToList()).ToList();
        // Code is known by its method's name: each of several overloads has its part of it.
        var size = methods.Select(m => calls.Size(type, m.Name) / Math.Max(1, shape.Methods.Count(other => other.Name == m.Name))).ToList();
        var reach = methods.Select((m, i) => behind[i].Sum(code => code.Size) - calls.Size(type, m.Name) + size[i]).ToList();
        var callers = methods.Select(m => calls.Callers(type, m)).ToList();
        var names = methods.Select(m => m.Name).ToHashSet(StringComparer.Ordinal);
        for (var i = 0; i < methods.Count; i++)
        {
            var own = calls.OwnCallers(type, methods[i]).ToList();
            Set("reach", Part(reach[i], reach.Max()));
            Set("size", Part(size[i], size.Max()));
            Set("reach most", reach[i] + Trifle >= reach.Max() ? 1 : 0);
            Set("asks others", behind[i].Exists(code => code.AsksOthers) ? 1 : 0);
            Set("called", callers[i] > 0 ? 1 : 0);
            Set("called most", callers[i] > 0 && callers[i] == callers.Max() ? 1 : 0);
            Set("called alone", callers[i] > 0 && callers.Count(c => c > 0) == 1 ? 1 : 0);
            Set("callers", Math.Min(callers[i], ManyCallers) / ManyCallers);
            Set("helps", own.Count > 0 ? 1 : 0);
            Set("helps a candidate", own.Exists(names.Contains) ? 1 : 0);
            Set($"does {calls.Does(methods[i])}", 1);

            void Set(string name, double value)
            {
                if (value != 0)
                    features[i][name] = value;
            }
        }
    }

    /// <summary>Run and RunAsync are one.</summary>
    private static string Plain(MethodShape m) => m.Name.EndsWith("Async", StringComparison.Ordinal) ? m.Name[..^"Async".Length] : m.Name;

    private static double Part(int size, int most) => (double)(size + Trifle) / (most + Trifle);
}
