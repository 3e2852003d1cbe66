using AgentCore.Agents;
using AgentCore.Checkpoints;
using AgentCore.Hosting.Approvals;
using AgentCore.Hosting.Definitions;
using AgentCore.Hosting.Plugins;
using AgentCore.Learning;
using AgentCore.Models;
using AgentCore.Plugins;
using AgentCore.Runs;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace AgentCore.Hosting.Tests;

public sealed class WorkspaceTests
{
    [Fact]
    public async Task AddAgentCore_HostWithAnAgentOfItsOwn_RunsItInTheWorkspacesStore()
    {
        using var folder = new TestFolder();
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Services.AddAgentCore(options =>
        {
            options.Workspace = folder.Path;
            options.Register = registry => registry.AddProvider(new Echo()).AddAgent("echo", host => new ChatAgent(new AgentMetadata("echo"), host.Client));
        });
        await using var host = (IAsyncDisposable)builder.Build();
        var workspace = ((IHost)host).Services.GetRequiredService<AgentWorkspace>();

        var agent = await workspace.CreateAsync("echo");
        var store = await workspace.OpenStoreAsync();
        var result = await agent.ExecuteAsync("hello", new RunOptions { Store = store });

        Assert.Equal("hello", result.EnsureDone().Output);
        Assert.Equal("test/echo", workspace.Model!.Id);
        Assert.Equal(result.RunId, (await new RunHistory(store).FindAsync("last")).Id);
    }

    [Fact]
    public async Task Create_AgentFile_SeesTheToolsThatItsCapabilitiesAllowAlone()
    {
        using var folder = new TestFolder();
        folder.Write("agents/reader.yaml", "instructions: read\ncapabilities: [files.read]\ntimeout: 90s\nretry: {maxRetries: 2}\n");
        folder.Write("agents/picky.yaml", "instructions: read\ntools: [files.list]\n");
        await using var workspace = folder.Open(o => o.Register = r => r.AddProvider(new Echo()));

        var reader = await workspace.CreateAsync("reader");
        var picky = await workspace.CreateAsync("picky");

        Assert.Equal(["files.list", "files.read", "files.search"], reader.Options.Tools!.All.Select(t => t.Name));
        Assert.Equal(["files.list"], picky.Options.Tools!.All.Select(t => t.Name));
        Assert.Equal(TimeSpan.FromSeconds(90), reader.Options.Timeout);
        Assert.Equal(2, reader.Options.Retry!.MaxRetries);
        Assert.NotNull(reader.Metadata.DefinitionHash);
    }

    [Fact]
    public async Task Create_FieldThatTakesAnyScalar_GetsItAsItWasWritten()
    {
        using var folder = new TestFolder();
        folder.Write("agents/one.yaml", "kind: odd\nvalues:\n- value: 007\n- value: true\n- value: 1.50\n- value: \"null\"\n- value: null\n- value: a word\n");
        List<string?> read = [];
        AgentKind odd = new("odd", "Takes scalars.", [new("values", DefinitionType.ObjectList, "Values.") { Fields = [new("value", DefinitionType.Scalar, "A value.")] }], (definition, host) =>
        {
            read.AddRange(definition.Fields["values"].EnumerateArray().Select(v => v.TryGetProperty("value", out var text) ? text.GetString() : null));
            return new ChatAgent(definition.Metadata, host.Client);
        });
        await using var workspace = folder.Open(o => o.Register = r => r.AddProvider(new Echo()).AddAgentKind(odd));

        await workspace.CreateAsync("one");

        Assert.Equal(["007", "true", "1.50", "null", null, "a word"], read);
    }

    [Fact]
    public async Task Create_AgentsThatLearnDifferently_GetTheirOwnRemediesAndShareTheStore()
    {
        using var folder = new TestFolder();
        folder.Write("agentcore.yaml", "learning: off\n");
        folder.Write("agents/plain.yaml", "instructions: read\n");
        folder.Write("agents/alike.yaml", "instructions: read\n");
        folder.Write("agents/keen.yaml", "instructions: read\nlearning: {autoFix: on, remedies: {switchModel: spare, raiseTimeout: 3}}\n");
        await using var workspace = folder.Open(o => o.Register = r => r.AddProvider(new Echo()));

        var plain = (await workspace.CreateAsync("plain")).Options.Learner!;
        var alike = (await workspace.CreateAsync("alike")).Options.Learner!;
        var keen = (await workspace.CreateAsync("keen")).Options.Learner!;

        Assert.Equal(AutoFix.Off, plain.Options.AutoFix);
        Assert.Same(plain, alike);
        Assert.Equal(AutoFix.On, keen.Options.AutoFix);
        Assert.Equal(["switch-model(to=spare)", "raise-timeout(by=3)"], keen.Options.Remedies.Select(r => r.Id));
        Assert.False(workspace.Store().Exists, "Making agents must not open a store.");
    }

    [Fact]
    public async Task Create_NothingSaidOfLearning_SuggestsAndRetriesNothing()
    {
        using var folder = new TestFolder();
        folder.Write("agents/plain.yaml", "instructions: read\n");
        await using var workspace = folder.Open(o => o.Register = r => r.AddProvider(new Echo { Fails = true }));
        var agent = await workspace.CreateAsync("plain");
        var notes = new List<string>();

        var result = await agent.ExecuteAsync("hello", new RunOptions { OnEvent = e => notes.AddRange(e is NoteEvent note ? [note.Message] : []) });

        Assert.Equal(RunStatus.Failed, result.Status);
        var error = Assert.Single(await new ErrorPatterns(await workspace.OpenStoreAsync()).ListAsync().ToListAsync());
        Assert.Equal((1, "Connection <n> was reset."), (error.Count, error.Signature.Message));
        Assert.Empty(error.Remedies);
        Assert.Contains("A remedy for it is", Assert.Single(notes), StringComparison.Ordinal);
        Assert.Contains("Write 'learning: on' (", notes[0], StringComparison.Ordinal);
    }

    [Fact]
    public void Store_WorkspaceOfAnotherKind_IsRefusedWithWhatToDo()
    {
        using var folder = new TestFolder();
        folder.Write("checkpoints/runs/store.json", "{\"kind\":\"other\"}");

        Assert.Contains("no plugin that was loaded has that kind", Assert.Throws<StoreException>(() => folder.Open().Store()).Message, StringComparison.Ordinal);

        folder.Write("checkpoints/runs/store.json", "{\"kind\":\"file\"}");
        var asked = folder.Open(o =>
        {
            o.Store = "other";
            o.Register = r => r.AddStore("other", (_, _) => throw new NotSupportedException());
        });
        Assert.Contains("Leave --store out", Assert.Throws<StoreException>(() => asked.Store()).Message, StringComparison.Ordinal);

        folder.Write("checkpoints/runs/store.json", "{");
        Assert.Throws<StoreException>(() => folder.Open().Store());
    }

    [Fact]
    public async Task OpenStore_WrongKeyOrInUse_SpeaksOfWhatAWorkspaceHas()
    {
        using var folder = new TestFolder();
        folder.Write("agentcore.yaml", "store: file\nsettings: {AGENTCORE_STORE_KEY: \"${TEST_STORE_KEY}\"}\n");

        Environment.SetEnvironmentVariable("TEST_STORE_KEY", "short");
        await using (var workspace = folder.Open())
            Assert.Contains("AGENTCORE_STORE_KEY is shorter than 8 characters", await MessageAsync<StoreException>(workspace), StringComparison.Ordinal);

        Environment.SetEnvironmentVariable("TEST_STORE_KEY", "long enough");
        await using (var workspace = folder.Open())
        {
            await workspace.OpenStoreAsync();
            await using var second = folder.Open();
            Assert.Contains("agentcore runs list", await MessageAsync<StoreInUseException>(second), StringComparison.Ordinal);
        }

        folder.Write("agentcore.yaml", "store: file\n");
        await using (var workspace = folder.Open())
            Assert.Contains("(AGENTCORE_STORE_KEY)", await MessageAsync<StoreException>(workspace), StringComparison.Ordinal);

        static async Task<string> MessageAsync<T>(AgentWorkspace workspace) where T : Exception =>
            (await Assert.ThrowsAsync<T>(() => workspace.OpenStoreAsync())).Message;
    }

    [Fact]
    public async Task ReadStore_NewWorkspace_WritesNothing()
    {
        using var folder = new TestFolder();
        await using var workspace = folder.Open();

        Assert.Null(await workspace.ReadStoreAsync());
        Assert.Empty(Directory.EnumerateFileSystemEntries(folder.Path));
    }

    [Fact]
    public void Settings_SecretInTheFile_IsAnErrorAndNotRepeated()
    {
        using var folder = new TestFolder();
        folder.Write("agentcore.yaml", "settings:\n  MY_API_KEY: sk-123456\n  OTHER_TOKEN: ${REAL_TOKEN}\n");

        var error = Assert.Single(folder.Open().Errors);

        Assert.Equal((2, "settings.MY_API_KEY"), (error.Line, error.Field));
        Assert.DoesNotContain("sk-123456", error.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("MAX_TOKENS", "5", false)]
    [InlineData("max_output_tokens", "2000", false)]
    [InlineData("maxTokens", "5", false)]
    [InlineData("API_TOKENS", "a,b", true)]
    [InlineData("MAX_TOKENS_KEY", "5", true)]
    [InlineData("MY_TOKEN", "5", true)]
    [InlineData("api_key", "5", true)]
    public void Settings_NameOfASecretOrOfACount_AreToldApart(string name, string value, bool isSecret)
    {
        using var folder = new TestFolder();
        folder.Write("agentcore.yaml", $"settings: {{{name}: \"{value}\"}}\n");

        Assert.Equal(isSecret ? [$"settings.{name}"] : [], folder.Open().Errors.Select(e => e.Field));
    }

    [Theory]
    [InlineData("0.9.0.0", "Update this program")]
    [InlineData("0.0.9.0", "Update the plugin")]
    public void Incompatible_PluginForAnotherVersion_SaysWhichToUpdate(string version, string says)
    {
        var file = new PluginFile("x.dll", "X", new Version(1, 0, 0), true, new Dictionary<string, Version> { ["AgentCore"] = new(version) });

        Assert.Contains(says, file.Incompatible(), StringComparison.Ordinal);
    }

    [Fact]
    public void Incompatible_PluginForThisVersion_IsNull()
    {
        var file = new PluginFile("x.dll", "X", new Version(1, 0, 0), true, new Dictionary<string, Version> { ["AgentCore"] = typeof(BaseAgent).Assembly.GetName().Version! });

        Assert.Null(file.Incompatible());
    }

    [Fact]
    public void Plugins_FileThatOthersMayChange_IsRefused()
    {
        if (OperatingSystem.IsWindows())
            return;
        using var folder = new TestFolder();
        Directory.CreateDirectory(Path.Combine(folder.Path, "plugins"));
        var plugin = Path.Combine(folder.Path, "plugins", "x.dll");
        File.Copy(typeof(BaseAgent).Assembly.Location, plugin);
        File.SetUnixFileMode(plugin, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.OtherWrite);

        Assert.Contains("chmod o-w", Assert.Single(folder.Open().Plugins, p => p.FromWorkspace).Refused, StringComparison.Ordinal);

        File.SetUnixFileMode(plugin, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        Assert.Contains("AgentCorePlugin", Assert.Single(folder.Open().Plugins, p => p.FromWorkspace).Refused, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("files.write", "writer", "{\"path\":\"notes/a.md\"}", "Approve")]
    [InlineData("files.write", "writer", "{\"path\":\"secret/a.md\"}", null)]
    [InlineData("files.write", "Writer", "{\"path\":\"notes/a.md\"}", null)]
    [InlineData("files.write", "writer", "{}", null)]
    [InlineData("shell.run", "writer", "{}", "Deny")]
    [InlineData("mail.send", "writer", "{}", null)]
    public async Task ApprovalRules_Call_IsDecidedByTheFirstThatFits(string tool, string agent, string arguments, string? verdict)
    {
        using var folder = new TestFolder();
        folder.Write("config/approvals.yaml", """
            rules:
              - {tool: mail.*, decision: ask}
              - {tool: files.write, decision: allow, agent: writer, arguments: {path: notes/*}}
              - {tool: shell.*, decision: deny, reason: never}
              - {tool: mail.send, decision: allow}
            """);
        var errors = new List<DefinitionError>();
        var rules = ApprovalRules.Read(folder.Path, errors);

        var decision = await rules.DecideAsync(
            new DecisionRequest(new PendingDecision("1", DecisionKind.Approval, tool, "?") { Arguments = arguments }, "run", agent, ""), CancellationToken.None);

        Assert.Empty(errors);
        Assert.Equal(verdict, decision?.Verdict.ToString());
    }

    [Theory]
    [InlineData("asistant", "assistant")]
    [InlineData("reserach", "research")]
    [InlineData("ASSISTANT", "assistant")]
    [InlineData("xyz", null)]
    public void NearestName_Typo_IsFound(string name, string? nearest) =>
        Assert.Equal(nearest, NearestName.Of(name, ["assistant", "research", "review"]));

    [Theory]
    [InlineData("0.2ms", 0.0002)]
    [InlineData("30s", 30d)]
    [InlineData("5 m", 300d)]
    [InlineData("1.5h", 5400d)]
    [InlineData("5", null)]
    [InlineData("-5s", null)]
    [InlineData("5 weeks", null)]
    public void Seconds_Text_IsReadOrRefused(string text, double? seconds) =>
        Assert.Equal(seconds, FieldReader.Seconds(text));

    internal sealed class Echo : ModelProvider
    {
        public override string Name => "test";

        public override int Preference => 10_000;

        public override ValueTask<ProviderStatus> ProbeAsync(ProviderSettings settings, CancellationToken cancellationToken = default) => new(new ProviderStatus(true, "always", ["echo"]));

        public bool Fails { get; init; }

        public override IChatClient CreateClient(string model, ProviderSettings settings) => new EchoClient(Fails);
    }

    private sealed class EchoClient(bool fails) : IChatClient
    {
        public Task<ChatResponse> GetResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default) =>
            fails ? throw new IOException("Connection 7 was reset.") : Task.FromResult(new ChatResponse(new ChatMessage(ChatRole.Assistant, messages.Last().Text)));

        public IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default) =>
            throw new NotSupportedException();

        public object? GetService(Type serviceType, object? serviceKey = null) => null;

        public void Dispose()
        {
        }
    }
}
