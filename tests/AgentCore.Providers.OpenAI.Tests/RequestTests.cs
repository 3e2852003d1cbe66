using System.ComponentModel;
using System.Text.Json.Nodes;
using AgentCore.Providers.Tests;
using Microsoft.Extensions.AI;

namespace AgentCore.Providers.OpenAI.Tests;

public class RequestTests
{
    [Fact]
    public async Task Send_PlainText_IsOneStringToTheRightPlace()
    {
        var sent = await SendAsync([new(ChatRole.System, "Be brief."), new(ChatRole.User, "Hi") { AuthorName = "Ann Lee" }], null);

        AssertJson("""{"model":"gpt-4o","messages":[{"role":"system","content":"Be brief."},{"role":"user","name":"Ann_Lee","content":"Hi"}]}""", sent);
    }

    [Fact]
    public async Task Send_EveryOption_HasItsNameOnTheWire()
    {
        var sent = await SendAsync(Wire.Hello, new ChatOptions
        {
            Instructions = "Be brief.",
            ModelId = "other",
            Temperature = 0.7f,
            TopP = 0.9f,
            TopK = 40,
            FrequencyPenalty = -0.5f,
            PresencePenalty = 0.25f,
            MaxOutputTokens = 64,
            Seed = 42,
            StopSequences = ["END", "\n\n"],
            Reasoning = new() { Effort = ReasoningEffort.Low },
            ResponseFormat = ChatResponseFormat.Text,
        });

        AssertJson(
            """
            {"model":"other","messages":[{"role":"system","content":"Be brief."},{"role":"user","content":"Hello!"}],
             "temperature":0.7,"top_p":0.9,"frequency_penalty":-0.5,"presence_penalty":0.25,"top_k":40,"max_tokens":64,"seed":42,
             "reasoning_effort":"low","stop":["END","\n\n"],"response_format":{"type":"text"}}
            """,
            sent);
    }

    [Fact]
    public async Task Send_Headers_CarryTheKeyAndPath()
    {
        await using var server = await WireServer.JsonAsync(Wire.Completion);
        using var client = Wire.Client(new Uri(server.Url, "/some/prefix/v1/"));

        await client.GetResponseAsync(Wire.Hello);

        var request = server.Requests.Single();
        Assert.Equal(("POST", "/some/prefix/v1/chat/completions"), (request.Method, request.Path));
        Assert.Equal("Bearer " + Wire.Key, request.Headers["Authorization"]);
        Assert.StartsWith("application/json", request.Headers["Content-Type"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Send_WithoutKey_SendsNoAuthorization()
    {
        await using var server = await WireServer.JsonAsync(Wire.Completion);
        using var client = Wire.Client(server.Endpoint, o => o.ApiKey = null);

        await client.GetResponseAsync(Wire.Hello);

        Assert.False(server.Requests.Single().Headers.ContainsKey("Authorization"));
    }

    [Fact]
    public async Task Send_PartsOfEachKind_AreWritten()
    {
        var sent = await SendAsync(
            [
                new(ChatRole.User,
                [
                    new TextContent("What is this?"),
                    new UriContent("https://example.com/a.png", "image/png") { AdditionalProperties = new() { ["detail"] = "low" } },
                    new DataContent(new byte[] { 1, 2, 3 }, "image/jpeg"),
                    new DataContent(new byte[] { 4 }, "audio/wav"),
                    new DataContent(new byte[] { 5 }, "application/pdf") { Name = "a.pdf" },
                    new HostedFileContent("file-1"),
                ]),
            ],
            null);

        AssertJson(
            """
            [{"type":"text","text":"What is this?"},
             {"type":"image_url","image_url":{"url":"https://example.com/a.png","detail":"low"}},
             {"type":"image_url","image_url":{"url":"data:image/jpeg;base64,AQID"}},
             {"type":"input_audio","input_audio":{"data":"BA==","format":"wav"}},
             {"type":"file","file":{"filename":"a.pdf","file_data":"data:application/pdf;base64,BQ=="}},
             {"type":"file","file":{"file_id":"file-1"}}]
            """,
            sent["messages"]![0]!["content"]!);
    }

    [Fact]
    public async Task Send_ContentItCannotTake_IsMisuseAndNotSent()
    {
        await using var server = await WireServer.JsonAsync(Wire.Completion);
        using var client = Wire.Client(server.Endpoint);
        AIContent[] bad = [new DataContent(new byte[1], "video/mp4"), new UriContent("file:///etc/passwd", "image/png"), new UriContent("https://x/y", "text/html")];

        foreach (var content in bad)
        {
            var error = await Assert.ThrowsAsync<ArgumentException>(() => client.GetResponseAsync([new(ChatRole.User, [content])]));
            Assert.Contains("can't take", error.Message, StringComparison.Ordinal);
            Assert.DoesNotContain("/etc", error.Message, StringComparison.Ordinal);
        }

        Assert.Empty(server.Requests);
    }

    [Fact]
    public async Task Send_ContentThatHasNoPlaceInItsMessage_IsMisuseAndNotSent()
    {
        await using var server = await WireServer.JsonAsync(Wire.Completion);
        using var client = Wire.Client(server.Endpoint);
        ChatMessage[] bad =
        [
            new(ChatRole.Assistant, [new TextContent("here"), new DataContent(new byte[1], "image/png")]),
            new(ChatRole.Assistant, [new UriContent("https://example.com/a.png", "image/png")]),
            new(ChatRole.Assistant, [new HostedFileContent("file-1"), new FunctionCallContent("1", "a")]),
            new(ChatRole.User, [new TextContent("a"), new HostedVectorStoreContent("vs_1")]),
            new(ChatRole.User, [new TextContent("a"), new FunctionCallContent("1", "a")]),
        ];

        foreach (var message in bad)
        {
            var error = await Assert.ThrowsAsync<ArgumentException>(() => client.GetResponseAsync([.. Wire.Hello, message]));
            Assert.Contains("can't take", error.Message, StringComparison.Ordinal);
        }

        Assert.Empty(server.Requests);
    }

    [Fact]
    public async Task Send_WhatOnlyDescribesAnAnswer_IsLeftOut()
    {
        AIContent[] described = [new TextContent("Hi"), new TextReasoningContent("hm"), new UsageContent(new()), new ErrorContent("slow"), new AIContent()];

        var sent = await SendAsync([new(ChatRole.Assistant, [.. described]), new(ChatRole.User, [.. described])], null);

        AssertJson("""[{"role":"assistant","content":"Hi"},{"role":"user","content":"Hi"}]""", sent["messages"]!);
    }

    [Theory]
    [InlineData("""{"type":"object","oneOf":[{"required":["city"]},{"required":["zip"]}]}""", """{"type":"object","oneOf":[{"required":["city"]},{"required":["zip"]}],"properties":{}}""")]
    [InlineData("""{"properties":{"city":{}}}""", """{"type":"object","properties":{"city":{}}}""")]
    [InlineData("""{"$ref":"#/$defs/a","$defs":{"a":{"type":"object"}}}""", """{"type":"object","$ref":"#/$defs/a","$defs":{"a":{"type":"object"}},"properties":{}}""")]
    [InlineData("""{"type":"object","additionalProperties":{"type":"string"}}""", """{"type":"object","additionalProperties":{"type":"string"},"properties":{}}""")]
    [InlineData("{}", """{"type":"object","properties":{}}""")]
    [InlineData("true", """{"type":"object","properties":{}}""")]
    public async Task Send_SchemaThatLeavesSomethingOut_KeepsTheRest(string schema, string expected)
    {
        var tool = AIFunctionFactory.CreateDeclaration("find", null, System.Text.Json.JsonElement.Parse(schema));

        AssertJson(expected, (await SendAsync(Wire.Hello, new ChatOptions { Tools = [tool] }))["tools"]![0]!["function"]!["parameters"]!);
    }

    [Fact]
    public async Task Send_Tools_AreFunctionsWithSchema()
    {
        var sent = await SendAsync(Wire.Hello, new ChatOptions
        {
            Tools = [AIFunctionFactory.Create(([Description("where")] string city, int days = 1) => city, "weather", "Tells the weather."), new Bare()],
            AllowMultipleToolCalls = false,
        });

        AssertJson(
            """
            [{"type":"function","function":{"name":"weather","description":"Tells the weather.","parameters":
               {"type":"object","properties":{"city":{"description":"where","type":"string"},"days":{"type":"integer","default":1}},"required":["city"]}}},
             {"type":"function","function":{"name":"bare","parameters":{"type":"object","properties":{}}}}]
            """,
            sent["tools"]!);
        Assert.False(sent["parallel_tool_calls"]!.GetValue<bool>());
        Assert.Null(sent["tool_choice"]);
    }

    [Fact]
    public async Task Send_ToolMode_IsTheChoice()
    {
        (ChatToolMode Mode, string Choice)[] cases =
        [
            (ChatToolMode.None, "\"none\""),
            (ChatToolMode.Auto, "\"auto\""),
            (ChatToolMode.RequireAny, "\"required\""),
            (ChatToolMode.RequireSpecific("bare"), """{"type":"function","function":{"name":"bare"}}"""),
        ];

        foreach (var (mode, choice) in cases)
            AssertJson(choice, (await SendAsync(Wire.Hello, new ChatOptions { Tools = [new Bare()], ToolMode = mode }))["tool_choice"]!);
    }

    [Fact]
    public async Task Send_DottedToolNames_GoOutCleanAndComeBackWhole()
    {
        await using var server = await WireServer.JsonAsync(Wire.ToolCalls.Replace("\"weather\"", "\"files_read\"", StringComparison.Ordinal));
        using var client = Wire.Client(server.Endpoint);
        var options = new ChatOptions { Tools = [new Bare("files.read")], ToolMode = ChatToolMode.RequireSpecific("files.read") };

        var response = await client.GetResponseAsync(Wire.Hello, options);

        Assert.Equal("files_read", server.Sent["tools"]![0]!["function"]!["name"]!.ToString());
        Assert.Equal("files_read", server.Sent["tool_choice"]!["function"]!["name"]!.ToString());
        Assert.Equal("files.read", ((FunctionCallContent)response.Messages[0].Contents[0]).Name);

        server.Requests.Clear();
        await client.GetResponseAsync([.. Wire.Hello, .. response.Messages], options);
        Assert.Equal("files_read", server.Sent["messages"]![1]!["tool_calls"]![0]!["function"]!["name"]!.ToString());
    }

    [Fact]
    public async Task Send_ToolsThatCannotBe_AreMisuse()
    {
        ChatOptions[] bad =
        [
            new() { Tools = [new HostedWebSearchTool()] },
            new() { Tools = [new Bare("a.b"), new Bare("a_b")] },
            new() { Tools = [new Bare()], ToolMode = ChatToolMode.RequireSpecific("other") },
            new() { ToolMode = ChatToolMode.RequireAny },
            new() { Tools = [], ToolMode = ChatToolMode.RequireSpecific("bare") },
            new() { ConversationId = "conv_1" },
            new() { ContinuationToken = ResponseContinuationToken.FromBytes(new byte[] { 1 }) },
            new() { Temperature = float.NaN },
        ];

        foreach (var options in bad)
            await Assert.ThrowsAsync<ArgumentException>(() => SendAsync(Wire.Hello, options));
    }

    [Fact]
    public async Task Send_StrictAsked_ClosesTheSchema()
    {
        var sent = await SendAsync(Wire.Hello, new ChatOptions
        {
            Tools = [AIFunctionFactory.Create((string city, int days = 1) => city, "weather")],
            ResponseFormat = ChatResponseFormat.ForJsonSchema<Answer>(),
            AdditionalProperties = new() { ["strict"] = System.Text.Json.JsonElement.Parse("true") },
        });

        var function = sent["tools"]![0]!["function"]!;
        Assert.True(function["strict"]!.GetValue<bool>());
        Assert.False(function["parameters"]!["additionalProperties"]!.GetValue<bool>());
        AssertJson("""["city","days"]""", function["parameters"]!["required"]!);
        var format = sent["response_format"]!["json_schema"]!;
        Assert.True(format["strict"]!.GetValue<bool>());
        Assert.False(format["schema"]!["additionalProperties"]!.GetValue<bool>());
    }

    private static async Task<JsonNode> SendAsync(List<ChatMessage> messages, ChatOptions? options)
    {
        await using var server = await WireServer.JsonAsync(Wire.Completion);
        using var client = Wire.Client(server.Endpoint);
        await client.GetResponseAsync(messages, options);
        return server.Sent;
    }

    private static void AssertJson(string expected, JsonNode actual) =>
        Assert.True(JsonNode.DeepEquals(JsonNode.Parse(expected), actual), $"expected {expected}\nactual {actual.ToJsonString()}");

    private sealed record Answer(string City, int? Days = null);

    private sealed class Bare(string name = "bare") : AIFunction
    {
        public override string Name => name;

        protected override ValueTask<object?> InvokeCoreAsync(AIFunctionArguments arguments, CancellationToken cancellationToken) => new((object?)null);
    }
}
