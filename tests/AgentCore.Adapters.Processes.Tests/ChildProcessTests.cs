using System.Globalization;
using System.Text;

namespace AgentCore.Adapters.Processes.Tests;

/// <summary>What becomes of a child's process group.</summary>
public sealed class ChildProcessTests
{
    [UnixFact]
    public async Task Group_EndedAndEmpty_LetGoOf()
    {
        await using var child = ChildProcess.Start(new ProcessOptions("true"), []);

        await GroupGoneAsync(child);

        Assert.True(child.HasExited);
    }

    [UnixFact]
    public async Task Group_EndedButNotEmpty_KeptAndEndedWithTheChild()
    {
        // Without the mark nothing but its group tells whose it is.
        await using var child = ChildProcess.Start(new ProcessOptions("sh"), ["-c", "env -i sleep 3600 & echo $!"]);
        child.Output.Allow(1024);
        var left = int.Parse(Encoding.ASCII.GetString((await child.Output.ReadToEndAsync(CancellationToken.None)).Span), CultureInfo.InvariantCulture);
        var group = child.Group;
        Assert.True(child.HasExited);
        Assert.True(Processes.IsAlive(left));

        child.Kill();

        Assert.NotNull(group);
        await Processes.GoneAsync(left);
        await GroupGoneAsync(child);
    }

    private static async Task GroupGoneAsync(ChildProcess child)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        while (child.Group is not null)
            await Task.Delay(10, patience.Token);
    }
}
