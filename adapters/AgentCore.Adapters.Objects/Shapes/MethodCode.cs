using System.Buffers;

namespace AgentCore.Adapters.Objects.Shapes;

/// <summary>What the code of a class's methods of one name is made of, with what the compiler keeps apart of it.</summary>
internal sealed class MethodCode
{
    private static readonly SearchValues<string> Minds = SearchValues.Create(["Chat", "OpenAI", "Kernel", "Completion", "LLM", "Llm", "IAgent", "Http"], StringComparison.Ordinal);

    private HashSet<(string Method, int Parameters)>? _own;

    /// <summary>Its length in bytes.</summary>
    public int Size { get; private set; }

    /// <summary>It calls what may answer for it: a model, another agent, a server.</summary>
    public bool AsksOthers { get; private set; }

    /// <summary>The names of the class's own methods that it calls.</summary>
    public IEnumerable<string> Calls => _own?.Select(callee => callee.Method) ?? [];

    /// <summary>It calls the class's own method of that name and as many parameters.</summary>
    public bool Has(string method, int parameters) => _own?.Contains((method, parameters)) == true;

    public void Add(FoundBody body)
    {
        Size += body.Size;
        if (body.Own.Count > 0)
            (_own ??= []).UnionWith(body.Own.Select(callee => (callee.Method, callee.Parameters)));
        AsksOthers = AsksOthers || body.Callees.Any(callee => !body.Own.Contains(callee) && IsMind(callee.Type));
    }

    /// <summary>What asks a model, or somebody who does, is called so in the field's libraries and in most houses' own.</summary>
    private static bool IsMind(string type) => type.AsSpan().ContainsAny(Minds);
}
