using AgentCore.Adapters.Objects.Migration;
using AgentCore.Adapters.Objects.Tests.Stress;
using Microsoft.Extensions.Hosting;
using static AgentCore.Adapters.Objects.Tests.Stress.Migrated;

namespace AgentCore.Adapters.Objects.Tests;

/// <summary>Agents that live by themselves, as public repositories have them: services, loops, scripts of an engine, things that move.</summary>
public sealed class VerifyLifeTests
{
    [Fact]
    public async Task Verify_LoopThatEndsWhenTold_IsVerified()
    {
        var item = await OnlyAsync(
            """
            using System.Threading; using System.Threading.Tasks;
            public class PollAgent { public async Task RunAsync(CancellationToken token) { while (true) await Task.Delay(-1, token); } }
            """,
            // Long enough for a busy machine to have begun before it is told to stop.
            seconds: 3);

        Assert.Equal(MigrationStatus.Verified, item.Status);
        Assert.Contains("ended when they were told to", item.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Verify_LoopThatNothingEnds_TimesOutAndSaysWhy()
    {
        var item = await OnlyAsync("public class ChatBot { public async System.Threading.Tasks.Task RunAsync() => await System.Threading.Tasks.Task.Delay(-1); }", seconds: 0.5);

        Assert.Equal(MigrationStatus.TimedOut, item.Status);
        Assert.Contains("nothing can end it", item.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("ABot : IDisposable { public string Ask(string text) => text; public void Dispose() => new SemaphoreSlim(0).Wait(); }", MigrationStatus.Verified)]
    [InlineData("ABot : IAsyncDisposable { public string Ask(string text) => text; public ValueTask DisposeAsync() { new SemaphoreSlim(0).Wait(); return default; } }", MigrationStatus.Verified)]
    [InlineData("ABot { public string Nick { get { new SemaphoreSlim(0).Wait(); return null; } set { } } public string Ask(string text) => throw new InvalidOperationException(\"Set Nick first\"); }", MigrationStatus.SameError)]
    public async Task Verify_NeverReturnsBesideItsWork_IsLeftBehind(string agent, MigrationStatus status)
    {
        var item = await OnlyAsync($"using System; using System.Threading; using System.Threading.Tasks; public class {agent}", seconds: 3).WaitAsync(TimeSpan.FromSeconds(60));

        Assert.Equal(status, item.Status);
    }

    [Fact]
    public async Task Verify_QuestionThatIsNeverAnswered_TimesOut()
    {
        var item = await OnlyAsync(
            "public class DeafAgent { public async System.Threading.Tasks.Task<string> AskAsync(string question) { await System.Threading.Tasks.Task.Delay(-1); return question; } }", seconds: 0.5);

        Assert.Equal(MigrationStatus.TimedOut, item.Status);
    }

    [Fact]
    public async Task Verify_TimeoutOfTheAgentsOwn_IsItsErrorAndNoHang()
    {
        var item = await OnlyAsync("public class BusyAgent { public string Ask(string question) => throw new System.TimeoutException(\"Server busy.\"); }");

        Assert.Equal((MigrationStatus.SameError, "both fail alike: TimeoutException: Server busy."), (item.Status, item.Message));
    }

    [Fact]
    public async Task Verify_TellsByAnEventOnly_SaysHowToTakeIt()
    {
        var item = await OnlyAsync("public class AlarmAgent { public event System.EventHandler<string> Raised; public void Check(string reading) => Raised?.Invoke(this, reading); }");

        Assert.Equal((MigrationStatus.Verified, "1 task alike; it gives nothing back: take what it tells by its event with 'result: event:Raised'"), (item.Status, item.Message));
    }

    [Fact]
    public async Task Verify_StartWithATokenAndNoStop_RunsInTheBackground()
    {
        var item = await OnlyAsync(
            """
            using System.Threading; using System.Threading.Tasks;
            public abstract class BotBase
            {
                public async Task StartAsync(CancellationToken token) { while (true) { await StepsAsync(token); await Task.Delay(-1, token); } }
                protected abstract Task StepsAsync(CancellationToken token);
            }
            public class TradeBot : BotBase { protected override Task StepsAsync(CancellationToken token) => Task.CompletedTask; }
            """);

        Assert.Equal((AgentClass.D, MigrationStatus.Verified, "TradeBot is running."), (item.Class, item.Status, item.Message));
    }

    [Fact]
    public async Task Verify_NamedStartAndStop_AreTheLifecycle()
    {
        var item = await OnlyAsync("public class Bot { public void StartBot() { } public void StopBot() { } public void OnTimer(object sender, System.EventArgs e) => throw new System.Exception(); }");

        Assert.Equal((AgentClass.D, MigrationStatus.Verified), (item.Class, item.Status));
    }

    [Fact]
    public async Task Verify_WindowsServiceWrittenSmall_IsStarted()
    {
        var item = await OnlyAsync(
            """
            namespace System.ServiceProcess { public class ServiceBase { protected virtual void OnStart(string[] args) { } protected virtual void OnStop() { } } }
            public class agent : System.ServiceProcess.ServiceBase { protected override void OnStart(string[] args) { _ = args.Length; } }
            """);

        Assert.Equal((AgentClass.D, MigrationStatus.Verified), (item.Class, item.Status));
    }

    [Fact]
    public async Task Verify_HostedServiceNamedAfterAnAgent_IsFound()
    {
        var items = await AllAsync(
            """
            using System.Threading; using System.Threading.Tasks;
            public class AgentHeartbeatService : Microsoft.Extensions.Hosting.BackgroundService { protected override Task ExecuteAsync(CancellationToken token) => Task.Delay(-1, token); }
            public class BottleService : Microsoft.Extensions.Hosting.BackgroundService { protected override Task ExecuteAsync(CancellationToken token) => Task.Delay(-1, token); }
            """,
            references: [typeof(BackgroundService).Assembly.Location]);

        Assert.Equal((AgentClass.D, MigrationStatus.Verified), (items["AgentHeartbeatService"].Class, items["AgentHeartbeatService"].Status));
        Assert.Single(items);
    }

    [Theory]
    [InlineData("System.IO.FileNotFoundException(null, \"Mail.Client, Version=4.0.0.0\")", MigrationStatus.Gaps, "surroundings: ")]
    [InlineData("System.IO.InvalidDataException(\"no such rule\")", MigrationStatus.SameError, "both fail alike: InvalidDataException: no such rule")]
    public async Task Verify_ServiceWhoseWorkFails_IsBlamedForItAsTheOriginalIs(string error, MigrationStatus status, string says)
    {
        // Before its first wait, so that it has failed once it was started.
        var item = await OnlyAsync(
            $$"""
            using System.Threading; using System.Threading.Tasks; using Microsoft.Extensions.Hosting;
            public class MailAgent : IHostedService
            {
                public Task ExecuteTask { get; private set; }
                public Task StartAsync(CancellationToken token) { ExecuteTask = WorkAsync(); return Task.CompletedTask; }
                public Task StopAsync(CancellationToken token) => Task.CompletedTask;
                private async Task WorkAsync() => await Task.FromException(new {{error}});
            }
            """,
            references: [typeof(IHostedService).Assembly.Location]);

        Assert.Equal(status, item.Status);
        Assert.StartsWith(says, item.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Verify_ScriptOfAnEngine_IsTheEnginesToMake()
    {
        var item = await OnlyAsync(
            """
            namespace UnityEngine { public class MonoBehaviour { public MonoBehaviour Find(string name) => null; } }
            public class RunnerAgent : UnityEngine.MonoBehaviour { private void Start() => Find("Sensor").ToString(); private void Update() { } }
            """);

        Assert.Equal((AgentClass.D, MigrationStatus.Gaps), (item.Class, item.Status));
        Assert.Contains("construct.instance", item.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Verify_BeatBesideAProtectedHandler_IsTicked()
    {
        var item = await OnlyAsync(
            """
            public abstract class Agent { public abstract void Step(int turn = 0); protected abstract void HandleMessage(string message); }
            public class LoggerAgent : Agent { public override void Step(int turn = 0) { } protected override void HandleMessage(string message) => throw new System.Exception(); }
            """);

        Assert.Equal((AgentClass.D, MigrationStatus.Verified), (item.Class, item.Status));
    }

    [Fact]
    public async Task Verify_ThingThatMoves_IsTickedAndNotAskedForItsBasesHelp()
    {
        var item = await OnlyAsync(
            """
            public abstract class Element
            {
                public int X;
                public int PredictPosition(int steps) => X + steps;
                public abstract void Update();
            }
            public abstract class Agent : Element { public override void Update() => X += Rule(); protected abstract int Rule(); }
            public class BoidAgent : Agent
            {
                public BoidAgent() { }
                protected BoidAgent(BoidAgent other, int shift) { X = other.X + shift; }
                protected override int Rule() => 1;
            }
            """);

        Assert.Equal((AgentClass.D, MigrationStatus.Verified), (item.Class, item.Status));
    }
}
