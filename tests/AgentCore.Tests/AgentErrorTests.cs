using System.Reflection;
using AgentCore.Runs;

namespace AgentCore.Tests;

public sealed class AgentErrorTests
{
    [Fact]
    public void From_ExceptionThatReflectionOrTasksWrapped_IsTheOneInside()
    {
        var inner = new IOException("the disk is full");

        var error = AgentError.From(new TargetInvocationException(new AggregateException(inner)));

        Assert.Equal(AgentError.From(inner), error);
    }

    [Fact]
    public void From_ManyAtOnce_IsKeptWhole() =>
        Assert.Equal("System.AggregateException", AgentError.From(new AggregateException(new IOException("a"), new IOException("b"))).Type);

    [Fact]
    public void From_WorkThatWasLeftBehind_WasCancelled() =>
        Assert.Equal("System.OperationCanceledException", AgentError.From(new LeftBehindException(Task.CompletedTask, default)).Type);
}
