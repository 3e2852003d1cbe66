using System.Runtime.ExceptionServices;
using AgentCore.Agents;
using AgentCore.Checkpoints;
using AgentCore.Hosting.Approvals;
using AgentCore.Hosting.Definitions;
using AgentCore.Hosting.Models;
using AgentCore.Hosting.Plugins;
using AgentCore.Hosting.Stores;
using AgentCore.Learning;
using AgentCore.Models;
using AgentCore.Plugins;
using AgentCore.Runs;
using AgentCore.Teams;
using AgentCore.Tools;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Options;

namespace AgentCore.Hosting;

/// <summary>A folder with its agents, teams, tools, models and store, and with those that are built in or that plugins add.
/// It owns what it makes: agents, model clients and stores are closed with it.</summary>
public sealed class AgentWorkspace : IAsyncDisposable, IDisposable
{
    private readonly AgentCoreOptions _options;
    private readonly TimeProvider _time;
    private readonly PluginRegistry _registry = new();
    private readonly Dictionary<string, AgentKind> _kinds;
    private readonly List<DefinitionError> _settingErrors = [];
    private readonly Lazy<ToolRegistry> _tools;
    private readonly Lazy<DefinitionSet> _definitions;
    private readonly Dictionary<string, IChatClient> _clients = new(StringComparer.Ordinal);
    private readonly Dictionary<LearningOptions, ErrorLearner> _learners = [];
    private readonly Owned _owned = new();
    private readonly SemaphoreSlim _lock = new(1, 1);
    private ModelChoice? _model;
    private string? _fallbackModel;
    private ICheckpointStore? _store;

    /// <summary>Opens a workspace: loads its plugins and reads its settings. Nothing is written.</summary>
    /// <param name="options">How it is set up.</param>
    /// <param name="time">The clock.</param>
    /// <exception cref="DirectoryNotFoundException">There is no such folder.</exception>
    public AgentWorkspace(IOptions<AgentCoreOptions> options, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(options);
        _options = options.Value;
        _time = time ?? throw new ArgumentNullException(nameof(time));
        Folder = Path.GetFullPath(_options.Workspace);
        if (!Directory.Exists(Folder))
            throw new DirectoryNotFoundException($"There is no workspace folder '{Folder}'. Make it, or name another with --workspace.");

        Settings = WorkspaceSettings.Read(Folder, _settingErrors);
        _registry.AddStore("file", FileStores.OpenAsync).AddAgentKind(AgentFields.Chat).AddAgentKind(AgentFields.Person);
        _options.Register?.Invoke(_registry);
        Plugins = PluginLoader.Load(_registry, Folder, _options.WorkspacePlugins);
        _kinds = new(_registry.AgentKinds, StringComparer.Ordinal);
        ProviderSettings = new ProviderSettings(Setting);
        Models = new ModelSelector(_registry.Providers, ProviderSettings, _time);
        _tools = new Lazy<ToolRegistry>(MakeTools);
        _definitions = new Lazy<DefinitionSet>(() => DefinitionSet.Load(Folder, _kinds, _registry, Tools));
    }

    /// <summary>The folder, as a full path.</summary>
    public string Folder { get; }

    /// <summary>What <c>agentcore.yaml</c> says.</summary>
    public WorkspaceSettings Settings { get; }

    /// <summary>The plugins that were found, loaded or refused.</summary>
    public IReadOnlyList<PluginStatus> Plugins { get; }

    /// <summary>Which models can be used.</summary>
    public ModelSelector Models { get; }

    /// <summary>Files and folders that agents may read, as full paths.</summary>
    public IReadOnlyList<string> Inputs => [.. Settings.Inputs.Concat(_options.Inputs.Select(i => Path.GetFullPath(i))).Distinct(StringComparer.Ordinal)];

    /// <summary>The tools that plugins add, over the inputs and the workspace.</summary>
    /// <exception cref="ArgumentException">An input isn't there.</exception>
    public ToolRegistry Tools => _tools.Value;

    /// <summary>The agents and teams, by name: the workspace's, then plugins', then the built-in ones.</summary>
    public IReadOnlyList<AgentListing> Agents => _definitions.Value.Listings;

    /// <summary>What is wrong in the definition files, of all files.</summary>
    public IReadOnlyList<DefinitionError> Errors => [.. _settingErrors, .. _definitions.Value.Errors, .. ApprovalErrors()];

    /// <summary>The model that was chosen; null before an agent was made.</summary>
    public ModelChoice? Model => _model;

    /// <summary>The kinds of agent that definitions can ask for.</summary>
    public IReadOnlyCollection<AgentKind> AgentKinds => _kinds.Values;

    /// <summary>The commands that plugins add to the console program.</summary>
    public IReadOnlyCollection<PluginCommand> Commands => [.. _registry.Commands.Values];

    internal ProviderSettings ProviderSettings { get; }

    /// <summary>Makes an agent or a team.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>The agent; the workspace disposes it.</returns>
    /// <exception cref="UnknownNameException">There is no such agent, model or tool.</exception>
    /// <exception cref="DefinitionErrorsException">The settings, its definition file or one of its members' have errors.</exception>
    /// <exception cref="ModelException">The model can't be used.</exception>
    public Task<BaseAgent> CreateAsync(string name, CancellationToken cancellationToken = default) => CreateAsync(name, null, cancellationToken);

    /// <summary>Makes an agent (<paramref name="team"/> is false), a team (true), or what has the name (null).</summary>
    internal async Task<BaseAgent> CreateAsync(string name, bool? team, CancellationToken cancellationToken)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        ThrowIfErrors();
        var listing = _definitions.Value.Find(name, team);
        await _lock.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            _model ??= await Models.ChooseAsync(_options.Model ?? _fallbackModel ?? Settings.Model, cancellationToken).ConfigureAwait(false);
            return await MakeAsync(listing, team, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            _lock.Release();
        }
    }

    /// <summary>The rules of <c>config/approvals.yaml</c>, which answer approvals.</summary>
    /// <exception cref="DefinitionErrorsException">The file has errors.</exception>
    public ApprovalRules Approvals()
    {
        var errors = new List<DefinitionError>();
        var rules = ApprovalRules.Read(Folder, errors);
        return errors.Count == 0 ? rules : throw new DefinitionErrorsException(errors);
    }

    /// <summary>Which store the workspace has, or would have.</summary>
    /// <exception cref="StoreException">It has another kind than was asked for, or one that no plugin has.</exception>
    /// <exception cref="UnknownNameException">There is no such kind.</exception>
    public StoreChoice Store() => StoreChoice.For(Folder, _options.Store, Settings.Store, _registry);

    /// <summary>Whether what the store keeps is encrypted at rest.</summary>
    internal bool IsStoreEncrypted => StoreSettings.Locate("", readOnly: true, ProviderSettings).EncryptionKey is not null;

    /// <summary>The store for writing; opened once, created where the workspace has none.</summary>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="StoreInUseException">Another process has it open.</exception>
    /// <exception cref="StoreException">It can't be opened.</exception>
    public async Task<ICheckpointStore> OpenStoreAsync(CancellationToken cancellationToken = default)
    {
        await _lock.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            if (_store is not null)
                return _store;

            var choice = Store();
            if (!choice.Exists)
                choice.Record();
            _store = await OpenAsync(choice, readOnly: false, cancellationToken).ConfigureAwait(false);
            _owned.Add(_store);
            return _store;
        }
        finally
        {
            _lock.Release();
        }
    }

    /// <summary>The store as it is now, for reading beside another process that writes to it.</summary>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>The store, which the caller disposes; null where the workspace has none yet.</returns>
    /// <exception cref="StoreException">It can't be opened.</exception>
    public async Task<ICheckpointStore?> ReadStoreAsync(CancellationToken cancellationToken = default)
    {
        var choice = Store();
        return choice.Exists && Directory.Exists(choice.Folder) ? await OpenAsync(choice, readOnly: true, cancellationToken).ConfigureAwait(false) : null;
    }

    /// <summary>Takes over what a run began with, before its agent is made again.</summary>
    /// <param name="inputs">Its inputs, as full paths.</param>
    /// <param name="model">The model that wins over what definitions name; null for none.</param>
    /// <param name="fallback">The model that agents work with unless they name one.</param>
    /// <param name="maxTurns">The most turns; null for what definitions say.</param>
    internal void TakeOver(IReadOnlyList<string> inputs, string? model, string? fallback, int? maxTurns)
    {
        foreach (var input in inputs)
            _options.Inputs.Add(input);
        _options.Model = model;
        _options.MaxTurns = maxTurns;
        _fallbackModel = fallback;
    }

    /// <summary>Closes what it made: all of it, whatever can't be closed.</summary>
    /// <exception cref="AggregateException">More than one thing couldn't be closed. Where it is one, its own exception comes.</exception>
    public async ValueTask DisposeAsync()
    {
        var errors = await _owned.CloseAsync().ConfigureAwait(false);
        _lock.Dispose();
        if (errors.Count == 1)
            ExceptionDispatchInfo.Throw(errors[0]);
        if (errors.Count > 1)
            throw new AggregateException("More than one agent, model client or store of the workspace couldn't be closed; the rest is.", errors);
    }

    /// <summary>Closes what it made, and waits for it. <see cref="DisposeAsync"/> is better where the caller is asynchronous.</summary>
    public void Dispose() => BlockingBridge.Run(async () =>
    {
        await DisposeAsync().ConfigureAwait(false);
        return true;
    });

    private async Task<BaseAgent> MakeAsync(AgentListing listing, bool? team, CancellationToken cancellationToken)
    {
        var maker = new AgentMaker(_definitions.Value, _time, _options.MaxTurns ?? Settings.MaxTurns, ClientAsync, Host, Learner);
        try
        {
            var agent = await maker.MakeAsync(listing, cancellationToken).ConfigureAwait(false);
            if (team is true && agent is not Team)
                throw new UnknownNameException("team", listing.Name, Agents.Where(a => a.IsTeam).Select(a => a.Name));
            _owned.TakeOver(maker.Made);
            return agent;
        }
        catch
        {
            // What was made so far belongs to nothing. Why the rest couldn't be made is what is told.
            await maker.Made.CloseAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>One learner for all agents that learn alike. The store is opened with the first error: looking at an agent opens none.</summary>
    private ErrorLearner Learner(LearningOptions? own)
    {
        var options = own ?? Settings.Learning;
        if (!_learners.TryGetValue(options, out var learner))
            _learners[options] = learner = new ErrorLearner(async token => await OpenStoreAsync(token).ConfigureAwait(false), options);
        return learner;
    }

    private AgentHost Host(IChatClient client) => new(Folder, client, Tools) { Settings = ProviderSettings };

    /// <summary>The client of the model that a definition names, unless the command or the host names one for all.</summary>
    private async ValueTask<IChatClient> ClientAsync(string? own, CancellationToken cancellationToken)
    {
        var choice = _options.Model is null && own is not null ? await Models.ChooseAsync(own, cancellationToken).ConfigureAwait(false) : _model!;
        if (!_clients.TryGetValue(choice.Id, out var client))
        {
            _clients[choice.Id] = client = Models.CreateClient(choice);
            _owned.Add(client);
        }

        return client;
    }

    private ValueTask<ICheckpointStore> OpenAsync(StoreChoice choice, bool readOnly, CancellationToken cancellationToken) =>
        _registry.Stores[choice.Kind](StoreSettings.Locate(choice.Folder, readOnly, ProviderSettings), cancellationToken);

    private ToolRegistry MakeTools()
    {
        var registry = new ToolRegistry();
        var host = new ToolHost(Folder, Inputs, _time);
        foreach (var tool in _registry.Tools.SelectMany(make => make(host)))
            registry.Add(tool);
        return registry;
    }

    private string? Setting(string name) => Settings.Settings.TryGetValue(name, out var value)
        ? ProviderSettings.Environment.Expand(value)
        : Environment.GetEnvironmentVariable(name);

    private List<DefinitionError> ApprovalErrors()
    {
        var errors = new List<DefinitionError>();
        ApprovalRules.Read(Folder, errors);
        return errors;
    }

    /// <summary>Errors in what every agent needs; those in its own file are told when it is looked for.</summary>
    private void ThrowIfErrors()
    {
        List<DefinitionError> errors = [.. _settingErrors, .. _definitions.Value.Errors.Where(e => DefinitionSet.IsFolder(e.File)), .. ApprovalErrors()];
        if (errors.Count > 0)
            throw new DefinitionErrorsException(errors);
    }
}
