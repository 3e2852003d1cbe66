using System.CommandLine;
using System.Reflection;
using System.Runtime.InteropServices;
using AgentCore.Checkpoints;
using AgentCore.Hosting;
using AgentCore.Hosting.Definitions;
using AgentCore.Hosting.Models;
using AgentCore.Hosting.Stores;
using AgentCore.Runner.Output;
using AgentCore.Runs;

namespace AgentCore.Runner.Commands;

/// <summary><c>agentcore doctor</c>: what there is, what is chosen and why, and what is wrong.</summary>
internal static class DoctorCommand
{
    public static Command Create(Terminal terminal)
    {
        var command = new Command("doctor", "Show what there is (models, store, agents, plugins), what is chosen and why, and what is wrong.");
        command.SetAction(async (parsed, cancellationToken) =>
        {
            await using var session = Session.Open(parsed, terminal);
            var probes = await session.Workspace.Models.ProbeAsync(cancellationToken);
            var findings = Findings.Of(session, probes, await ChoiceAsync(session, probes, cancellationToken), await StoreProblemAsync(session, cancellationToken));
            if (session.IsJson)
                JsonOutput.Write(terminal, findings.Document());
            else
                findings.Write(terminal);
            return findings.Problems.Count == 0 ? ExitCode.Done : ExitCode.Failed;
        });
        return command;
    }

    private static async Task<(ModelChoice? Choice, string? Problem)> ChoiceAsync(Session session, IReadOnlyList<ProviderProbe> probes, CancellationToken cancellationToken)
    {
        try
        {
            var named = session.Model ?? session.Workspace.Settings.Model;
            return named is null
                ? (ModelSelector.Best(probes), ModelSelector.Best(probes) is null ? "No model can be used; see the providers' reasons." : null)
                : (await session.Workspace.Models.ChooseAsync(named, cancellationToken), null);
        }
        catch (AgentException e)
        {
            return (null, e.Message);
        }
    }

    /// <summary>Why the runs can't be read, such as a missing key or a damaged file.</summary>
    private static async Task<string?> StoreProblemAsync(Session session, CancellationToken cancellationToken)
    {
        try
        {
            await using var store = await session.ReadStoreAsync(cancellationToken);
            if (store is null)
                return null;
            await foreach (var _ in new RunHistory(store).ListAsync(status: null, cancellationToken))
                break;
            return null;
        }
        catch (Exception e) when (e is StoreException or ArgumentException)
        {
            return e.Message;
        }
        catch (UnknownNameException)
        {
            // Told where the kind of store is.
            return null;
        }
    }

    private sealed record Findings(AgentWorkspace Workspace, IReadOnlyList<ProviderProbe> Probes, ModelChoice? Model, string StoreLine, object? Store, IReadOnlyList<AgentListing> Agents, int Tools, IReadOnlyList<string> Problems)
    {
        public static Findings Of(Session session, IReadOnlyList<ProviderProbe> probes, (ModelChoice? Choice, string? Problem) model, string? storeProblem)
        {
            var workspace = session.Workspace;
            var problems = new List<string>();
            if (model.Problem is { } problem)
                problems.Add(problem);
            problems.AddRange(workspace.Plugins.Where(p => !p.IsLoaded).Select(p => $"Plugin {p.Name} ({p.Path}) was not loaded: {p.Refused}"));
            var (storeLine, store) = Try(() => workspace.Store() is var s ? ($"{s.Kind} in {s.Folder}{(s.Exists ? "" : " (made with the first run)")}: {s.Reason}", (object?)s) : default, problems) ?? ("unknown", null);
            if ((store as StoreChoice)?.WriteProblem() is { } unwritable)
                problems.Add(unwritable);
            if (storeProblem is not null && !problems.Contains(storeProblem))
                problems.Add(storeProblem);
            var tools = Try(() => workspace.Tools.All.Count, problems);
            var agents = tools is null ? [] : workspace.Agents;
            if (tools is not null)
                problems.AddRange(workspace.Errors.Select(e => e.ToString()).Concat(DeadBindings.In(workspace)));
            return new Findings(workspace, probes, model.Choice, storeLine, store, agents, tools ?? 0, problems);
        }

        public object Document() => new
        {
            Version = VersionOf(),
            Runtime = RuntimeInformation.FrameworkDescription,
            Workspace = Workspace.Folder,
            Model = Model is null ? null : new { Model.Id, Model.Reason },
            Providers = Probes.Select(ModelsCommand.Document),
            Store,
            Workspace.Inputs,
            Agents = Agents.Where(a => !a.IsTeam).Select(a => new { a.Name, a.Description, a.Source }),
            Teams = Agents.Where(a => a.IsTeam).Select(a => new { a.Name, a.Description, a.Source }),
            Kinds = Workspace.AgentKinds.Select(k => k.Name).Order(StringComparer.Ordinal),
            Tools,
            Commands = Workspace.Commands.Select(c => new { c.Name, c.Description }),
            Plugins = Workspace.Plugins.Select(p => new { p.Name, p.Version, p.Path, p.FromWorkspace, Loaded = p.IsLoaded, p.Refused }),
            Problems,
        };

        public void Write(Terminal terminal)
        {
            void Line(string text) => terminal.Out.WriteLine(text);
            Line($"agentcore {VersionOf()} on {RuntimeInformation.FrameworkDescription}");
            Line($"workspace  {Workspace.Folder}");
            Line(Model is null ? "model      none" : $"model      {Model.Id}: {Model.Reason}");
            foreach (var probe in Probes)
                Line($"           {(probe.Status.Available ? "+" : "-")} {probe.Provider.Name}: {probe.Status.Reason}");
            Line($"store      {StoreLine}");
            Line($"inputs     {(Workspace.Inputs.Count == 0 ? "none (--input PATH)" : string.Join(", ", Workspace.Inputs))}");
            Line($"tools      {Tools}, see 'agentcore tools list'");
            Section(terminal, "agents", Agents.Where(a => !a.IsTeam).Select(a => $"{a.Name}  {a.Description} ({a.Source})"));
            Section(terminal, "teams", Agents.Where(a => a.IsTeam).Select(a => $"{a.Name}  {a.Description} ({a.Source})"));
            Section(terminal, "kinds", [string.Join(", ", Workspace.AgentKinds.Select(k => k.Name).Order(StringComparer.Ordinal))]);
            Section(terminal, "commands", Workspace.Commands.Select(c => $"{c.Name}  {c.Description}"));
            Section(terminal, "plugins", Workspace.Plugins.Select(p => $"{(p.IsLoaded ? "+" : "-")} {p.Name} {p.Version}{(p.FromWorkspace ? " (workspace)" : "")}"));
            Line("");
            Line(Problems.Count == 0 ? "No problems found." : $"{Problems.Count} problem{(Problems.Count == 1 ? "" : "s")}:");
            foreach (var problem in Problems)
                Line($"  {problem}");
        }

        private static void Section(Terminal terminal, string title, IEnumerable<string> lines)
        {
            var label = title.PadRight(11);
            foreach (var line in lines)
            {
                terminal.Out.WriteLine(label + line);
                label = new string(' ', 11);
            }
        }

        private static T? Try<T>(Func<T> find, List<string> problems) where T : struct
        {
            try
            {
                return find();
            }
            catch (Exception e) when (e is AgentException or ArgumentException or InvalidOperationException or IOException)
            {
                problems.Add(ErrorReport.From(e).Message);
                return null;
            }
        }

        private static string VersionOf() => Assembly.GetExecutingAssembly().GetName().Version?.ToString(3) ?? "";
    }
}
