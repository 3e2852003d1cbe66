using AgentCore.Hosting.Models;
using AgentCore.Models;
using Microsoft.Extensions.AI;

namespace AgentCore.Hosting.Tests;

public sealed class ModelSelectorTests
{
    [Fact]
    public async Task Choose_SeveralAvailable_TakesTheMostPreferred()
    {
        var selector = Selector(new Provider("a", 0), new Provider("b", 100) { Status = new(false, "no server", []) }, new Provider("c", 50));

        var choice = await selector.ChooseAsync(null);

        Assert.Equal("c/m1", choice.Id);
        Assert.Contains("preference 50", choice.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Choose_NoneAvailable_SaysEachReason()
    {
        var selector = Selector(new Provider("a", 0) { Status = new(false, "A_KEY is not set", []) }, new Provider("b", 1) { Throws = true });

        var error = await Assert.ThrowsAsync<ModelException>(() => selector.ChooseAsync(null));

        Assert.Contains("a: A_KEY is not set", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("a", "a/m1")]
    [InlineData("a/m2", "a/m2")]
    [InlineData("a/tagged", "a/tagged")]
    public async Task Choose_Named_TakesIt(string id, string chosen)
    {
        var selector = Selector(new Provider("a", 0), new Provider("b", 100));

        Assert.Equal(chosen, (await selector.ChooseAsync(id)).Id);
    }

    [Theory]
    [InlineData("x/m1", "model provider")]
    [InlineData("a/m3", "model")]
    public async Task Choose_Unknown_NamesThoseThatThereAre(string id, string kind)
    {
        var error = await Assert.ThrowsAsync<UnknownNameException>(() => Selector(new Provider("a", 0)).ChooseAsync(id));

        Assert.Equal(kind, error.Kind);
        Assert.NotEmpty(error.Known);
    }

    [Theory]
    [InlineData("a/llama3.2", "model")]
    [InlineData("a/", "model")]
    public async Task Choose_TagOrModelThatIsNotThere_IsUnknown(string id, string kind)
    {
        var selector = Selector(new Provider("a", 0) { Status = new(true, "there", ["llama3.2:1b"]) });

        var error = await Assert.ThrowsAsync<UnknownNameException>(() => selector.ChooseAsync(id));

        Assert.Equal(kind, error.Kind);
        Assert.Contains("a/llama3.2:1b", error.Known);
    }

    [Theory]
    [InlineData("cloud")]
    [InlineData("cloud/")]
    [InlineData("cloud/ ")]
    [InlineData(null)]
    public async Task Choose_ProviderDoesNotTellItsModels_SaysToNameOne(string? id)
    {
        var selector = Selector(new Provider("cloud", 50) { Status = new(true, "CLOUD_KEY is set", []) });

        var error = await Assert.ThrowsAsync<ModelException>(() => selector.ChooseAsync(id));

        Assert.Contains("cloud/MODEL", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Choose_NamedOfAProviderThatDoesNotTellItsModels_TakesIt()
    {
        var selector = Selector(new Provider("cloud", 50) { Status = new(true, "CLOUD_KEY is set", []) });

        Assert.Equal("cloud/any", (await selector.ChooseAsync("cloud/any")).Id);
    }

    [Fact]
    public async Task Probe_ProviderThatHangs_IsLeftBehindWhenItsTimeIsUp()
    {
        var time = new ManualTime();
        var hanging = new Provider("slow", 100) { Hangs = true };
        var selector = new ModelSelector([hanging, new Provider("a", 0)], ProviderSettings.Environment, time);

        var probing = selector.ProbeAsync();
        await time.Timer.Task;
        time.FireFirst();
        var probes = await probing;

        Assert.Contains("no answer within 3 s", probes[0].Status.Reason, StringComparison.Ordinal);
        Assert.Equal("a/m1", ModelSelector.Best(probes)!.Id);
    }

    private static ModelSelector Selector(params ModelProvider[] providers) => new(providers, ProviderSettings.Environment, TimeProvider.System);

    private sealed class Provider(string name, int preference) : ModelProvider
    {
        public override string Name => name;

        public override int Preference => preference;

        public ProviderStatus Status { get; init; } = new(true, "it is there", ["m1", "m2", "tagged:latest"]);

        public bool Throws { get; init; }

        public bool Hangs { get; init; }

        public override async ValueTask<ProviderStatus> ProbeAsync(ProviderSettings settings, CancellationToken cancellationToken = default)
        {
            if (Hangs)
                await Task.Delay(Timeout.Infinite, cancellationToken);
            return Throws ? throw new HttpRequestException("secret") : Status;
        }

        public override IChatClient CreateClient(string model, ProviderSettings settings) => throw new NotSupportedException();
    }

    /// <summary>A clock whose first timer, that of the first provider, fires when the test says so; the others never do.</summary>
    private sealed class ManualTime : TimeProvider
    {
        private readonly List<Action> _timers = [];

        public TaskCompletionSource Timer { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public void FireFirst()
        {
            lock (_timers)
                _timers[0]();
        }

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            lock (_timers)
                _timers.Add(() => callback(state));
            Timer.TrySetResult();
            return new Nothing();
        }

        private sealed class Nothing : ITimer
        {
            public bool Change(TimeSpan dueTime, TimeSpan period) => true;

            public void Dispose()
            {
            }

            public ValueTask DisposeAsync() => default;
        }
    }
}
