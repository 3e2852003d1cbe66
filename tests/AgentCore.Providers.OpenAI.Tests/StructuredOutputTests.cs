using System.Text.Json;
using System.Text.Json.Nodes;
using AgentCore.Providers.Tests;
using Microsoft.Extensions.AI;

namespace AgentCore.Providers.OpenAI.Tests;

public class StructuredOutputTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task JsonSchema_SentAndAnswered_ReadsAsTheType(bool streaming)
    {
        await using var server = await WireServer.StartAsync(context =>
        {
            // The answer is made from the schema that was sent, so a schema that gets lost fails the test.
            var schema = JsonNode.Parse(context.Sent().Body)!["response_format"]!["json_schema"]!["schema"]!;
            var names = schema["properties"]!.AsObject().Select(p => p.Key).ToList();
            var answer = new JsonObject { [names[0]] = "Oslo", [names[1]] = new JsonArray(4, 7) }.ToJsonString();
            var escaped = JsonEncodedText.Encode(answer).ToString();
            return streaming
                ? context.FlushAsync(string.Concat(answer.Select(c => Wire.Text(JsonEncodedText.Encode(c.ToString()).ToString()))) + Wire.Stop + Wire.Done)
                : context.SendAsync(200, "application/json", Wire.Completion.Replace("Hello! How can I assist you today?", escaped, StringComparison.Ordinal));
        });
        using var client = Wire.Client(server.Endpoint);
        var options = new ChatOptions { ResponseFormat = ChatResponseFormat.ForJsonSchema<Forecast>(schemaDescription: "A forecast.") };

        var response = streaming
            ? await client.GetStreamingResponseAsync(Wire.Hello, options).ToChatResponseAsync()
            : await client.GetResponseAsync(Wire.Hello, options);

        var forecast = JsonSerializer.Deserialize<Forecast>(response.Text, AIJsonUtilities.DefaultOptions)!;
        Assert.Equal("Oslo", forecast.City);
        Assert.Equal([4, 7], forecast.Degrees);
        var format = server.Sent["response_format"]!;
        Assert.Equal("json_schema", format["type"]!.ToString());
        Assert.Equal(("Forecast", "A forecast."), (format["json_schema"]!["name"]!.ToString(), format["json_schema"]!["description"]!.ToString()));
        Assert.Equal("array", format["json_schema"]!["schema"]!["properties"]!["degrees"]!["type"]!.ToString());
        Assert.Null(format["json_schema"]!["strict"]);
    }

    [Fact]
    public async Task JsonWithoutSchema_AsksForAnObject()
    {
        await using var server = await WireServer.JsonAsync(Wire.Completion);
        using var client = Wire.Client(server.Endpoint);

        await client.GetResponseAsync(Wire.Hello, new ChatOptions { ResponseFormat = ChatResponseFormat.Json });

        Assert.Equal("""{"type":"json_object"}""", server.Sent["response_format"]!.ToJsonString());
    }

    [Fact]
    public async Task GenericTypesName_IsMadeAcceptable()
    {
        await using var server = await WireServer.JsonAsync(Wire.Completion);
        using var client = Wire.Client(server.Endpoint);
        var schema = JsonElement.Parse("""{"type":"object","properties":{}}""");

        await client.GetResponseAsync(Wire.Hello, new ChatOptions { ResponseFormat = ChatResponseFormat.ForJsonSchema(schema, "List<Forecast>`1") });

        Assert.Matches("^[a-zA-Z0-9_-]{1,64}$", server.Sent["response_format"]!["json_schema"]!["name"]!.ToString());
    }

    private sealed record Forecast(string City, int[] Degrees);
}
