using System.Text;

namespace AgentCore.Adapters.Processes.Tests;

/// <summary>Messages that aren't as the protocol has them.</summary>
public sealed class WireTests
{
    private const string Secret = "s3cret-value";

    [Theory]
    [InlineData("""{"type":"event","id":"1","name":"cut","data":"cut \ud83d"}""")]
    [InlineData("""{"type":"event","id":"1","text":"token","data":{"t":"cut \ud83d"}}""")]
    [InlineData("""{"type":"event","id":"1","text":"cut \ud83d"}""")]
    [InlineData("""{"type":"progress","id":"1","text":"token","state":["\ud800"]}""")]
    [InlineData("""{"data":{"type":"result","score":NaN},"type":"event","id":"1"}""")]
    [InlineData("""{"type":"event","id":"1","data":[{"type":"error","id":"1"},NaN]}""")]
    [InlineData("""{"type":"event","id":"1","text":"say \"type\":\"result\"","data":NaN}""")]
    [InlineData("""{"type":5,"text":"result","id":"1"}""")]
    public void TryRead_NoAnswerAndFaulty_IsNoise(string line) => Assert.False(Wire.TryRead(Encoding.UTF8.GetBytes(line), out _));

    [Theory]
    [InlineData("""{"data":{"type":"event","id":"2","x":NaN},"type":"result","id":"1"}""")]
    [InlineData("""{ "data" : [ "id", Infinity ], "id" : "1", "type" : "result" }""")]
    [InlineData("""{"type":"result","id":"1","output":"{\"id\":\"2\"} \\\ud800"}""")]
    [InlineData("""{"type":"result","id":"1","output":"a secret","data":"\ud800"}""")]
    public void TryRead_FaultyAnswer_ItsOwnTypeAndIdAndNoContents(string line)
    {
        Assert.True(Wire.TryRead(Encoding.UTF8.GetBytes(line), out var message));

        Assert.Equal(new WireMessage { Type = "result", Id = "1", Fault = message.Fault }, message);
        Assert.NotNull(message.Fault);
    }

    [Fact]
    public void Masked_FaultyFieldNamedLikeASecret_NotShown()
    {
        Assert.True(Wire.TryRead(Encoding.UTF8.GetBytes($$"""{"type":"result","id":"1","{{Secret}}":NaN}"""), out var message));

        Assert.DoesNotContain(Secret, message.Masked(new SecretMask([Secret])).Fault, StringComparison.Ordinal);
    }
}
