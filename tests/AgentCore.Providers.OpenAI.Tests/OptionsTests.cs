using Microsoft.Extensions.AI;

namespace AgentCore.Providers.OpenAI.Tests;

public class OptionsTests
{
    [Fact]
    public void Create_WrongOption_NamesOptionValueAndRule()
    {
        (Action<OpenAIChatClientOptions> Change, string Message)[] cases =
        [
            (o => o.Model = " ", "Model is empty"),
            (o => o.Endpoint = new Uri("v1", UriKind.Relative), "OPENAI_BASE_URL is no http or https address"),
            (o => o.Endpoint = new Uri("ftp://127.0.0.1/v1"), "OPENAI_BASE_URL is no http or https address"),
            (o => o.ApiKey = "", "OPENAI_API_KEY is empty"),
            (o => o.MaxRetries = 11, "MaxRetries is 11; choose 0 to 10"),
            (o => o.MaxRetries = -1, "MaxRetries is -1; choose 0 to 10"),
            (o => o.NetworkTimeout = TimeSpan.Zero, "NetworkTimeout is 00:00:00; choose more than zero"),
        ];

        foreach (var (change, message) in cases)
            Assert.Contains(message, Assert.Throws<ArgumentException>(() => Wire.Client(new Uri("http://127.0.0.1:1"), change)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Create_WithoutSettingNames_NamesTheProperties()
    {
        var options = new OpenAIChatClientOptions { Model = "m", ApiKey = "a b" };

        Assert.StartsWith("OpenAIChatClientOptions.ApiKey is empty", Assert.Throws<ArgumentException>(() => new OpenAIChatClient(options)).Message, StringComparison.Ordinal);
        options.ApiKey = null;
        options.Endpoint = new Uri("mailto:a@b");
        Assert.StartsWith("OpenAIChatClientOptions.Endpoint is no", Assert.Throws<ArgumentException>(() => new OpenAIChatClient(options)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void GetService_GivesMetadataSdkAndItself()
    {
        using var client = Wire.Client(new Uri("http://127.0.0.1:1/v1"));

        var metadata = client.GetService<ChatClientMetadata>()!;
        Assert.Equal(("openai", "gpt-4o", "http://127.0.0.1:1/v1"), (metadata.ProviderName, metadata.DefaultModelId, metadata.ProviderUri!.ToString()));
        Assert.Same(client, client.GetService<IChatClient>());
        Assert.NotNull(client.GetService<global::OpenAI.Chat.ChatClient>());
        Assert.Null(client.GetService<string>());
        Assert.Null(client.GetService(typeof(IChatClient), "key"));
    }

    [Fact]
    public void PublicApi_HasNoTypeOfTheSdk()
    {
        var types = typeof(OpenAIChatClient).Assembly.GetExportedTypes()
            .SelectMany(t => t.GetMembers())
            .SelectMany(m => m switch
            {
                System.Reflection.MethodInfo method => method.GetParameters().Select(p => p.ParameterType).Append(method.ReturnType),
                System.Reflection.ConstructorInfo constructor => constructor.GetParameters().Select(p => p.ParameterType),
                System.Reflection.PropertyInfo property => [property.PropertyType],
                _ => [],
            });

        Assert.DoesNotContain(types, t => t.Assembly.GetName().Name is "OpenAI" or "System.ClientModel");
    }
}
