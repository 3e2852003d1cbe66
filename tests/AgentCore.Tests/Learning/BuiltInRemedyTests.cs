using AgentCore.Learning;
using AgentCore.Learning.BuiltIn;
using Microsoft.Extensions.AI;

namespace AgentCore.Tests.Learning;

public sealed class BuiltInRemedyTests
{
    [Fact]
    public void Reduce_LongTalk_KeepsSystemAndTheNewest()
    {
        var messages = new List<ChatMessage> { new(ChatRole.System, "rules") };
        for (var i = 0; i < 20; i++)
            messages.Add(new ChatMessage(i % 2 == 0 ? ChatRole.User : ChatRole.Assistant, $"{i} {new string('x', 100)}"));

        var reduced = ContextReduction.Apply(messages, 0.5);

        Assert.Equal("rules", reduced[0].Text);
        Assert.Same(messages[^1], reduced[^1]);
        Assert.InRange(reduced.Count, 8, 12);
    }

    [Fact]
    public void Reduce_ToolResults_NeverWithoutTheirCall()
    {
        var messages = new List<ChatMessage>();
        for (var i = 0; i < 10; i++)
        {
            messages.Add(new ChatMessage(ChatRole.Assistant, [new FunctionCallContent($"{i}", "f")]));
            messages.Add(new ChatMessage(ChatRole.Tool, [new FunctionResultContent($"{i}", new string('y', 300))]));
        }

        for (var share = 0.05; share < 1; share += 0.05)
            Assert.NotEqual(ChatRole.Tool, ContextReduction.Apply(messages, share)[0].Role);
    }

    [Fact]
    public void Reduce_OneHugeMessage_CutInTheMiddle()
    {
        var reduced = ContextReduction.Apply([new ChatMessage(ChatRole.User, "begin" + new string('z', 100_000) + "end")], 0.1);

        Assert.InRange(reduced[0].Text.Length, 1000, 11_000);
        Assert.StartsWith("begin", reduced[0].Text, StringComparison.Ordinal);
        Assert.EndsWith("end", reduced[0].Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("This model's maximum context length is 8192 tokens", "reduce-context(keep=0.5)")]
    [InlineData("429 Too Many Requests", "retry-later(after=15s)")]
    [InlineData("'x' is an invalid start of a value. JSON path $", "repair-json")]
    [InlineData("The tool took longer than its timeout", "raise-timeout(by=2)")]
    [InlineData("Cannot access a disposed object", "reinitialize")]
    public void Fits_Error_OffersWhatCouldHelp(string message, string expected)
    {
        var error = new AgentError("T", message);

        Assert.Contains(expected, Remedies.Standard.Where(r => r.Fits(error, ErrorSignature.Of(error, "a"))).Select(r => r.Id));
    }

    [Fact]
    public void Fits_UnrelatedError_NothingOffered()
    {
        var error = new AgentError("System.ArgumentException", "The colour must be red or green.");

        Assert.DoesNotContain(Remedies.Standard, r => r.Fits(error, ErrorSignature.Of(error, "a")));
        Assert.True(Remedies.SwitchModel("m").Fits(error, ErrorSignature.Of(error, "a: model gpt")));
        Assert.False(Remedies.SwitchModel("m").Fits(error, ErrorSignature.Of(error, "a: tool f")));
    }
}
