using System.Reflection;
using AgentCore.Adapters.Objects.Bindings;
using AgentCore.Adapters.Objects.Shapes;

namespace AgentCore.Adapters.Objects.Migration;

/// <summary>Finds agent classes and says what it takes to wrap each. Reads metadata only: nothing of the scanned code is loaded or run.</summary>
/// <param name="options">What to look for; null for whatever looks like an agent.</param>
public sealed class MigrationScanner(ScanOptions? options = null)
{
    private readonly ScanOptions _options = options ?? new ScanOptions();

    /// <summary>Scans an assembly, a folder of assemblies, or an inventory (<c>.jsonl</c>).</summary>
    /// <param name="path">The path.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="ArgumentException">There is nothing at the path, or an inventory's line is wrong.</exception>
    public ScanReport Scan(string path, CancellationToken cancellationToken = default) => Scan([path], cancellationToken);

    /// <summary>Scans assemblies, folders and inventories.</summary>
    /// <param name="paths">The paths.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="ArgumentException">There is nothing at a path, or an inventory's line is wrong.</exception>
    public ScanReport Scan(IEnumerable<string> paths, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(paths);
        var problems = new List<string>();
        var files = new List<string>();
        var agents = new List<ScannedAgent>();
        foreach (var path in paths)
        {
            if (Directory.Exists(path))
                files.AddRange(ScanFiles.Find(Path.GetFullPath(path), problems));
            else if (!File.Exists(path))
                throw new ArgumentException($"There is no file or folder at {Path.GetFullPath(path)}.", nameof(paths));
            else if (Inventory.IsInventory(path))
                agents.AddRange(Inventory.Read(path).Where(a => _options.Takes(a.Type)));
            else
                files.Add(Path.GetFullPath(path));
        }

        var seen = 0;
        IReadOnlyList<string> missing = [];
        if (files.Count > 0)
            (seen, missing) = ScanAssemblies(files, agents, problems, cancellationToken);
        return new ScanReport
        {
            Agents = UniqueNames.Give([.. agents.OrderBy(a => a.Class).ThenBy(a => a.Type, StringComparer.Ordinal)]),
            TypesSeen = seen,
            Assemblies = files,
            MissingDependencies = missing,
            Problems = [.. problems.Distinct(StringComparer.Ordinal)],
        };
    }

    private (int Seen, IReadOnlyList<string> Missing) ScanAssemblies(
        List<string> files, List<ScannedAgent> agents, List<string> problems, CancellationToken cancellationToken)
    {
        var resolver = new ScanResolver(files, _options.References);
        using var context = new MetadataLoadContext(resolver);
        var finder = new AgentTypeFinder(_options);
        var found = new List<(ScannedAgent Agent, Type Type)>();
        var seen = 0;
        foreach (var file in files)
        {
            cancellationToken.ThrowIfCancellationRequested();
            try
            {
                MetadataCircles.Check(file);
                var assembly = context.LoadFromAssemblyPath(file);
                var implementers = Implementers.Within(assembly);
                foreach (var type in AssemblyTypes.Of(assembly, problems))
                {
                    cancellationToken.ThrowIfCancellationRequested();
                    seen++;
                    if (Examine(type, file, finder, implementers, problems) is { } agent)
                        found.Add((agent, type));
                }
            }
            catch (Exception e) when (e is not OperationCanceledException)
            {
                // No assembly, or a damaged one: what a reader of such a file comes upon is open.
                problems.Add($"{file}: {Inheritance.FirstLine(e)}");
            }
        }

        agents.AddRange(ModelUser.WithoutModels(found));
        return (seen, resolver.Missing);
    }

    /// <summary>One type, whatever is wrong with it: a bad one is a problem in the report and never the end of the scan.</summary>
    private static ScannedAgent? Examine(Type type, string file, AgentTypeFinder finder, Implementers implementers, List<string> problems)
    {
        try
        {
            return Describe(type, file, finder.Why(type), implementers);
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            problems.Add($"{NameOf(type)}: {Inheritance.FirstLine(e)}");
            return null;
        }
    }

    private static string NameOf(Type type)
    {
        try
        {
            return type.FullName ?? type.Name;
        }
        catch (Exception e) when (Inheritance.IsMissing(e))
        {
            return $"the type with the token {type.MetadataToken:x8}";
        }
    }

    private static ScannedAgent? Describe(Type type, string file, IEnumerable<string> reasons, Implementers implementers)
    {
        (AgentShape Shape, MethodChoice Choice)? read = null;
        foreach (var reason in reasons)
        {
            if (read is null)
            {
                var shape = ShapeReader.Read(type);
                read = (shape, MethodChooser.Choose(shape));
            }

            if (IsBorneOut(reason, type, read.Value.Shape, read.Value.Choice))
                return Describe(read.Value.Shape, read.Value.Choice, new BindingPlanner(implementers), reason, file);
        }

        return null;
    }

    private static bool IsBorneOut(string reason, Type type, AgentShape shape, MethodChoice choice) => reason switch
    {
        AgentRole.FoundBy => AgentRole.IsPlayed(type, shape, choice),
        ModelUser.FoundBy => ModelUser.IsOne(shape, choice),
        ModelUser.FoundByTalk or ModelUser.FoundByModel => ModelUser.Answers(shape, choice),
        ModelUser.FoundByOwn => ModelUser.AnswersLater(shape, choice) || ModelUser.IsHosted(shape, choice),
        PromptUser.FoundBy => ModelUser.AnswersLater(shape, choice),
        _ => true,
    };

    internal static ScannedAgent Describe(AgentShape shape, MethodChoice choice, BindingPlanner planner, string foundBy, string? file)
    {
        var binding = planner.Plan(shape, choice) with { Assembly = file };
        return new ScannedAgent
        {
            Name = binding.Name,
            Type = shape.FullName,
            Assembly = file,
            Base = shape.BaseName,
            Class = choice.Class,
            Why = choice.Why,
            FoundBy = foundBy,
            Abilities = binding.Abilities,
            Problems = shape.Problems,
            Binding = binding,
            Methods = [.. shape.Methods.Where(m => m.IsPublic && !m.FromFramework).Select(m => m.Signature)],
        };
    }
}

/// <summary>Gives agents of the same name names of their own.</summary>
internal static class UniqueNames
{
    /// <summary>Gives each a name that no other has.</summary>
    /// <param name="agents">The agents.</param>
    /// <param name="isOthers">Whether a name is that of something else already; null for none.</param>
    public static IReadOnlyList<ScannedAgent> Give(IReadOnlyList<ScannedAgent> agents, Func<string, ScannedAgent, bool>? isOthers = null)
    {
        var taken = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        return [.. agents.Select(a => Named(a, Free(a)))];

        string Free(ScannedAgent a)
        {
            if (Take(a.Name, a))
                return a.Name;
            var spaces = a.Type.Split('.', '+');
            var longer = spaces.Length > 1 ? $"{AgentNames.For(spaces[^2])}-{a.Name}" : a.Name;
            var name = longer;
            for (var i = 2; !Take(name, a); i++)
                name = $"{longer}-{i}";
            return name;
        }

        bool Take(string name, ScannedAgent a) => isOthers?.Invoke(name, a) is not true && taken.Add(name);
    }

    private static ScannedAgent Named(ScannedAgent agent, string name) =>
        agent.Name == name ? agent : agent with { Name = name, Binding = agent.Binding with { Name = name } };
}
