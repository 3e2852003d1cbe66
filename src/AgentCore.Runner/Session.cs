using System.CommandLine;
using AgentCore.Checkpoints;
using AgentCore.Hosting;
using AgentCore.Hosting.Definitions;
using AgentCore.Runner.Output;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace AgentCore.Runner;

/// <summary>One command being carried out: its options, and the host with the workspace.</summary>
internal sealed class Session : IAsyncDisposable
{
    private readonly IHost _host;

    private Session(IHost host, Terminal terminal, ParseResult parsed)
    {
        _host = host;
        Terminal = terminal;
        IsJson = parsed.GetValue(GlobalOptions.Json);
        Yes = parsed.GetValue(GlobalOptions.Yes);
        NoInput = parsed.GetValue(GlobalOptions.NoInput);
        Model = parsed.GetValue(GlobalOptions.Model);
        Inputs = parsed.GetValue(GlobalOptions.Input) ?? [];
        Budget = GlobalOptions.Tokens(parsed.GetValue(GlobalOptions.Budget));
        MaxTurns = GlobalOptions.Turns(parsed.GetValue(GlobalOptions.MaxTurns));
        Workspace = host.Services.GetRequiredService<AgentWorkspace>();
    }

    public Terminal Terminal { get; }

    public AgentWorkspace Workspace { get; }

    public bool IsJson { get; }

    public bool Yes { get; }

    public bool NoInput { get; }

    public string? Model { get; }

    public IReadOnlyList<string> Inputs { get; }

    public long? Budget { get; }

    public int? MaxTurns { get; }

    /// <summary>Opens the workspace that a command line names.</summary>
    public static Session Open(ParseResult parsed, Terminal terminal, bool tellsRefusals = true)
    {
        var inputs = parsed.GetValue(GlobalOptions.Input) ?? [];
        foreach (var input in inputs)
        {
            if (string.IsNullOrWhiteSpace(input))
                throw new UsageException("--input is empty; name a file or folder that agents may read.");
            if (!File.Exists(input) && !Directory.Exists(input))
                throw new UsageException($"There is no file or folder '{input}' ({Path.GetFullPath(input)}). --input names what agents may read.{Near(input)}", "missing_folder");
        }

        var folder = GlobalOptions.Folder(parsed);
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true });
        builder.Services.AddAgentCore(options =>
        {
            options.Workspace = folder;
            options.Model = parsed.GetValue(GlobalOptions.Model);
            options.Store = parsed.GetValue(GlobalOptions.Store);
            options.Register = registry => CommandLine.Names.ToList().ForEach(name => registry.ReserveCommand(name));
            options.MaxTurns = GlobalOptions.Turns(parsed.GetValue(GlobalOptions.MaxTurns));
            foreach (var input in inputs)
                options.Inputs.Add(input);
        });
        var session = new Session(builder.Build(), terminal, parsed);
        foreach (var plugin in session.Workspace.Plugins.Where(p => tellsRefusals && !p.IsLoaded))
            terminal.Note($"agentcore: plugin {plugin.Name} was not loaded: {plugin.Refused}");
        return session;
    }

    /// <summary>The runs, for reading beside a process that writes; null where the workspace has none yet.</summary>
    public Task<ICheckpointStore?> ReadStoreAsync(CancellationToken cancellationToken) => Workspace.ReadStoreAsync(cancellationToken);

    public async ValueTask DisposeAsync()
    {
        if (_host is IAsyncDisposable host)
            await host.DisposeAsync();
        else
            _host.Dispose();
    }

    private static string Near(string input)
    {
        var full = Path.GetFullPath(input);
        var folder = Path.GetDirectoryName(full);
        return folder is null || !Directory.Exists(folder)
            ? ""
            : NearestName.Hint(Path.GetFileName(full), Directory.EnumerateFileSystemEntries(folder).Take(1_000).Select(e => Path.GetFileName(e)));
    }
}
