using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.AI;

namespace AgentCore.Tools;

/// <summary>The tools of an application. Agents see and call only those whose capabilities they hold.</summary>
public sealed class ToolRegistry
{
    private readonly ConcurrentDictionary<string, Tool> _tools = new(StringComparer.Ordinal);

    /// <summary>The tools, in ordinal order of their names.</summary>
    public IReadOnlyList<Tool> All => [.. _tools.Values.OrderBy(t => t.Name, StringComparer.Ordinal)];

    internal int Count => _tools.Count;

    /// <summary>Adds a function as a tool.</summary>
    /// <param name="function">The function; <c>AIFunctionFactory.Create</c> makes one of any method.</param>
    /// <param name="options">How it may be used; null for the defaults.</param>
    /// <exception cref="InvalidOperationException">The name is taken.</exception>
    public ToolRegistry Add(AIFunction function, ToolOptions? options = null) => Add(new Tool(function, options));

    /// <summary>Adds a tool.</summary>
    /// <param name="tool">The tool.</param>
    /// <exception cref="InvalidOperationException">The name is taken.</exception>
    public ToolRegistry Add(Tool tool)
    {
        ArgumentNullException.ThrowIfNull(tool);
        if (!_tools.TryAdd(tool.Name, tool))
            throw new InvalidOperationException($"A tool named '{tool.Name}' is registered already; names are unique in a registry. Rename one.");

        return this;
    }

    /// <summary>Finds a tool by name, whoever may use it.</summary>
    /// <param name="name">The tool's name.</param>
    /// <param name="tool">The tool.</param>
    public bool TryGet(string name, [NotNullWhen(true)] out Tool? tool) => _tools.TryGetValue(name, out tool);

    /// <summary>The tools that a set of capabilities allows, in ordinal order of their names.</summary>
    /// <param name="capabilities">What the agent holds.</param>
    public IReadOnlyList<Tool> For(CapabilitySet capabilities)
    {
        ArgumentNullException.ThrowIfNull(capabilities);
        return [.. All.Where(t => capabilities.FirstMissing(t.Required) is null)];
    }
}
