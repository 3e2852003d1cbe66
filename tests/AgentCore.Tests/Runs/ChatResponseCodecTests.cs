using System.Text.Json;
using AgentCore.Runs;
using Microsoft.Extensions.AI;

namespace AgentCore.Tests.Runs;

public class ChatResponseCodecTests
{
    [Fact]
    public void RoundTrip_CallWhoseArgumentsCouldNotBeRead_StaysOne()
    {
        var response = new ChatResponse(new ChatMessage(ChatRole.Assistant,
        [
            new FunctionCallContent("1", "delete") { Exception = new JsonException("bad at position 3") },
            new FunctionCallContent("2", "list"),
        ]));

        var calls = RoundTrip(RoundTrip(response)).Messages.Single().Contents.Cast<FunctionCallContent>().ToList();

        Assert.Equal("bad at position 3", calls[0].Exception!.Message);
        Assert.Null(calls[1].Exception);
    }

    private static ChatResponse RoundTrip(ChatResponse response) => ChatResponseCodec.Instance.Read(ChatResponseCodec.Instance.Write(response));
}
