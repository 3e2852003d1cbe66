using System.Reflection;

namespace AgentCore.SemanticKernel.Tests;

public class SampleTests
{
    [Fact]
    public async Task Sample_RunsAsItsCommentsSay()
    {
        var entry = Assembly.Load("AgentCore.SemanticKernel.Sample").EntryPoint!;
        var before = Console.Out;
        using var written = new StringWriter();
        Console.SetOut(written);
        try
        {
            await Task.Run(() => entry.Invoke(null, [Array.Empty<string>()]));
        }
        finally
        {
            Console.SetOut(before);
        }

        Assert.Equal(["planner: Room 2 is free on Monday.", "checker: agreed"], written.ToString().Split(Environment.NewLine, StringSplitOptions.RemoveEmptyEntries));
    }
}
