using System.Net;
using System.Numerics;
using AgentCore.Adapters.Objects.Bindings;
using AgentCore.Adapters.Objects.Calls;
using AgentCore.Adapters.Objects.Migration;
using static AgentCore.Adapters.Objects.Tests.Stress.Migrated;

namespace AgentCore.Adapters.Objects.Tests;

/// <summary>What stands in while an agent is tried: nothing that reaches outside, and nothing that fails by itself.</summary>
public sealed class StandInTests
{
    private static readonly CallEnvironment Bare = new(null, null, Implementers.Within(typeof(StandInTests).Assembly));

    [Theory]
    [InlineData("apikey")]
    [InlineData("keys")]
    [InlineData("filename")]
    [InlineData("hostname")]
    [InlineData("workspace")]
    [InlineData("baseUrls")]
    [InlineData("connectionstring")]
    [InlineData("webhook")]
    public void Make_TextThatReachesOutside_IsNotMadeUp(string name) => Assert.Null(new StandIns().Make(typeof(string), name, Bare));

    [Theory]
    [InlineData("name")]
    [InlineData("personality")]
    public void Make_AnyOtherText_IsMadeUp(string name) => Assert.NotNull(new StandIns().Make(typeof(string), name, Bare));

    [Fact]
    public void Make_CountOfTokens_IsMadeUp() => Assert.Equal(1, new StandIns().Make(typeof(int), "maxTokens", Bare));

    [Theory]
    [InlineData(typeof(Version))]
    [InlineData(typeof(nint))]
    [InlineData(typeof(IPAddress))]
    public void Make_NothingMakesIt_IsNull(Type type) => Assert.Null(new StandIns().Make(type, "it", Bare));

    [Fact]
    public async Task Answer_TextThatReachesOutside_IsEmpty()
    {
        var asked = Asked();

        Assert.Equal("", asked.GetApiKey());
        Assert.Equal("", asked.LogPath);
        Assert.Equal("", asked["OpenAI:ApiKey"]);
        Assert.Equal("", await asked.TokenAsync());
        Assert.NotEqual("", asked["Persona"]);
        Assert.NotEqual("", asked["the key to it all"]);
    }

    [Fact]
    public async Task Answer_NoTextMakesTheNumber_IsItsDefault()
    {
        Assert.Equal(BigInteger.Zero, Asked().Total());
        Assert.Equal(BigInteger.Zero, await Asked().TotalAsync());
    }

    [Fact]
    public void Answer_NumberHandedOut_IsItsDefault()
    {
        Assert.False(Asked().TryCount("tea", out var count));
        Assert.Equal(0, count);
    }

    [Fact]
    public void Answer_AskedForEverByWhoCatchesAll_KeepsNoProcessorBusy()
    {
        var asked = Asked(new StandIns(() => throw new TimeoutException("parked")));

        Assert.Throws<TimeoutException>(AskOn);

        void AskOn()
        {
            for (var i = 0; i < 50_000; i++)
            {
                try
                {
                    asked.Total();
                }
                catch (OperationCanceledException)
                {
                    // It goes on all the same.
                }
            }
        }
    }

    [Fact]
    public async Task Verify_ErrorThatCannotBeTold_KeepsTheGaps()
    {
        var item = await OnlyAsync(
            """
            public class OddException : System.Exception { public override string Message => throw new System.InvalidOperationException("odd"); }
            public class OddBot { public OddBot(int depth) { } public string Ask(string text) => throw new OddException(); }
            """);

        Assert.Equal(MigrationStatus.Gaps, item.Status);
        Assert.Contains("construct.depth", item.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void IsOf_WhileOthersAsk_Holds()
    {
        var standIns = new StandIns();
        var types = typeof(object).Assembly.GetTypes().Where(t => t is { IsInterface: true, IsPublic: true, IsGenericTypeDefinition: false }).ToList();

        Parallel.ForEach(types, type =>
        {
            standIns.Make(type, "it", Bare);

            Assert.True(standIns.IsOf(type));
        });

        Assert.False(standIns.IsOf(typeof(StandInTests)));
    }

    [Fact]
    public async Task Verify_PathBehindAGap_IsNotWrittenTo()
    {
        var file = $"sample.{Guid.NewGuid():n}";

        var item = await OnlyAsync($$"""
            public interface IPlaces { string LogFile { get; } }
            public class LogBot { private readonly IPlaces _places; public LogBot(IPlaces places) => _places = places; public string Ask(string text) { System.IO.File.WriteAllText(System.IO.Path.ChangeExtension(_places.LogFile, "{{file[7..]}}"), text); return text; } }
            """);

        Assert.Equal(MigrationStatus.Gaps, item.Status);
        Assert.False(File.Exists(file));
    }

    private static IAsked Asked(StandIns? standIns = null) => (IAsked)(standIns ?? new StandIns()).Make(typeof(IAsked), "asked", Bare)!;

    public interface IAsked
    {
        string LogPath { get; }

        string this[string name] { get; }

        string GetApiKey();

        Task<string> TokenAsync();

        bool TryCount(string of, out int count);

        BigInteger Total();

        Task<BigInteger> TotalAsync();
    }
}
