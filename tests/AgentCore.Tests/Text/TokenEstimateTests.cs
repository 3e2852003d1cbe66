using AgentCore.Text;
using Microsoft.Extensions.AI;

namespace AgentCore.Tests.Text;

public class TokenEstimateTests
{
    [Theory]
    [InlineData("", 0)]
    [InlineData("abcd", 1)]
    [InlineData("abcde", 2)]
    [InlineData("äöü", 2)]
    public void Of_Text_IsAQuarterOfItsBytes(string text, int tokens) => Assert.Equal(tokens, TokenEstimate.Of(text));

    [Fact]
    public void Of_Messages_CountsTextCallsAndOverhead()
    {
        var call = new ChatMessage(ChatRole.Assistant, [new FunctionCallContent("1", "abcd", new Dictionary<string, object?> { ["abcd"] = "abcd" })]);
        Assert.Equal(2 * TokenEstimate.PerMessage + 1 + 1 + 4, TokenEstimate.Of([new ChatMessage(ChatRole.User, "abcd"), call]));
    }
}
