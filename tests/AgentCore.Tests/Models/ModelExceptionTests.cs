using AgentCore.Models;

namespace AgentCore.Tests.Models;

public class ModelExceptionTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void AgentErrorFrom_ModelException_IsRetryableWhereItIsTransient(bool transient) =>
        Assert.Equal(transient, AgentError.From(new ModelException("no") { IsTransient = transient }).Retryable);

    [Fact]
    public void AgentErrorFrom_OtherException_IsRetryable() => Assert.True(AgentError.From(new IOException("no")).Retryable);
}
