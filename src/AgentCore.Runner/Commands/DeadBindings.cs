using AgentCore.Adapters.Objects;
using AgentCore.Adapters.Objects.Bindings;
using AgentCore.Adapters.Objects.Loading;
using AgentCore.Hosting;
using AgentCore.Hosting.Definitions;

namespace AgentCore.Runner.Commands;

/// <summary>Wrapped classes that a run could not call: what is named isn't there. Nothing of theirs is run.</summary>
internal static class DeadBindings
{
    public static IEnumerable<string> In(AgentWorkspace workspace) =>
        from agent in workspace.Agents
        where agent.File is { Kind: BindingFile.Kind }
        from problem in Problems(Path.Combine(workspace.Folder, agent.Source))
        select $"{agent.Source}: {problem}";

    private static List<string> Problems(string path)
    {
        try
        {
            var binding = BindingFile.Read(path);
            var problems = Unset(binding.Construct, "construct").Concat(Unset(binding.Arguments, "arguments")).ToList();
            if (binding.Services is { } program && !File.Exists(program))
                problems.Add($"services: there is no program at {program}. Build it, or correct the path.");
            using var agent = new UniversalAgentAdapter(AgentAssemblies.Find(binding.Assembly!, binding.Type), binding);
            return problems;
        }
        catch (ArgumentException e)
        {
            return [PlainMessage.Of(e)];
        }
    }

    private static IEnumerable<string> Unset(IEnumerable<ArgumentBinding> arguments, string field) =>
        from argument in arguments
        where argument.From == ArgumentSource.Environment
        let variable = argument.Value ?? argument.Name
        where Environment.GetEnvironmentVariable(variable) is null
        select $"{field}.{argument.Name}: the environment variable {variable} is not set. Set it, or name another.";
}
