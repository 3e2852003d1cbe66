using System.Text.Json;
using AgentCore.Learning;
using FsCheck;
using FsCheck.Fluent;

namespace AgentCore.Tests.Learning;

/// <summary>What an error repeats of its task makes no other error of it.</summary>
public sealed class TaskEchoTests
{
    [Theory]
    [InlineData("x")]
    [InlineData("bill me")]
    [InlineData("4 bill me")]
    [InlineData("Hello, hello there!")]
    [InlineData("say \"hi\" to /tmp/x and\n  it's 12 o'clock")]
    [InlineData("text")]
    [InlineData("数据库")]
    public void Of_InputInBrackets_IsMasked(string input) =>
        Assert.Equal("The database <text> is locked (<text>)", Of($"The database 'main' is locked ({input})", input).Message);

    [Theory]
    [InlineData("a", "a file can't be read at a place")]
    [InlineData("No", "No, it can't")]
    [InlineData("is", "The disk is full: is it?")]
    [InlineData("lock", "The clock is locked")]
    [InlineData("text", "The key 'tea' is missing")]
    [InlineData("n", "Order 12 is missing")]
    [InlineData("<", "Order 12 is missing")]
    [InlineData("ext> is", "The key 'tea' is missing")]
    [InlineData("", "The disk is full")]
    [InlineData("  ", "The disk is full")]
    [InlineData("4711", "Order 4711 is missing")]
    [InlineData("/tmp/x", "No file /tmp/x")]
    public void Of_InputThatIsNoEcho_LeavesTheMessage(string input, string message) => Assert.Equal(Of(message, "").Message, Of(message, input).Message);

    [Theory]
    [InlineData("Unknown: x", "x")]
    [InlineData("Unknown: x.", "x")]
    [InlineData("No customer Miller here", "Miller")]
    [InlineData("word=ab; again", "ab")]
    public void Of_OtherInput_SameKey(string message, string input) =>
        Assert.Equal(Of(message, input).Key, Of(message.Replace(input, "Quitte", StringComparison.Ordinal), "Quitte").Key);

    [Fact]
    public void Of_LongPartOfTheInput_IsMasked()
    {
        const string input = "Please book the early train to Bern for 2 people, and a room with a view of the river.";

        Assert.Equal("Not understood: <text>…", Of("Not understood: Please book the early train to B…", input).Message.Replace(" B…", "…", StringComparison.Ordinal));
        Assert.Equal("No <text> is left", Of("No room with a view of the river is left", input).Message);
        Assert.Equal("No early train is left", Of("No early train is left", input).Message);
    }

    [Fact]
    public void Of_InputQuotesTheWholeError_LeavesTheMessage()
    {
        const string message = "The database is locked by another process";

        Assert.Equal(message, Of(message, $"What does this mean? {message}, it says.").Message);
    }

    [Theory]
    [InlineData("""{"product": "green tea", "amounts": [{"unit": "kg"}]}""")]
    [InlineData("""["green tea", "kg"]""")]
    public void Of_ValuesOfAJsonInput_AreMasked(string input) => Assert.Equal("No <text> is left (<text>)", Of("No green tea is left (kg)", input).Message);

    [Fact]
    public void Of_ValuesOfTheTasksData_AreMasked()
    {
        var task = new AgentTask("order").With("product", "green tea").With("more", new { Unit = "kg", Amount = 3 });

        Assert.Equal("No <text> is left (<text>)", ErrorSignature.Of(new AgentError("T", "No green tea is left (kg)"), "place", task).Message);
    }

    [Fact]
    public void Of_DataThatCantBeRead_IsPassedOver()
    {
        var document = JsonDocument.Parse("\"green tea\"");
        document.Dispose();
        var task = new AgentTask("{\"product\": ") { Data = new Dictionary<string, JsonElement> { ["a"] = document.RootElement, ["b"] = default } };

        Assert.Equal("No green tea", ErrorSignature.Of(new AgentError("T", "No green tea"), "place", task).Message);
    }

    [Fact]
    public void Of_SecretInTheInput_IsNotKept()
    {
        Assert.Equal("refused (<text>", Of("refused (log in with password=hunterTwo)", "log in with password=hunterTwo").Message);
        Assert.Equal("refused for <text>=<secret>", Of("refused for password=hunterTwo", "password").Message);
    }

    [Fact]
    public void Of_AnyInput_IsMaskedAndNothingElseIs() => Prop.ForAll<string>(text =>
    {
        var input = $"tell me {text} please";
        var message = Of($"Refused here [{input}] for good", input).Message;
        return message == "Refused here [<text>] for good";
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void Of_HugeTask_IsBounded()
    {
        var input = string.Concat(Enumerable.Repeat("/a'\"<1 tea ", 200_000));
        var task = new AgentTask(input);
        for (var i = 0; i < 1000; i++)
            task = task with { Data = new Dictionary<string, JsonElement>(task.Data) { [$"{i}"] = JsonSerializer.SerializeToElement(input[..1000]) } };

        Assert.True(ErrorSignature.Of(new AgentError("T", input), "place", task).Message.Length <= 400);
    }

    private static ErrorSignature Of(string message, string input) => ErrorSignature.Of(new AgentError("T", message), "place", new AgentTask(input));
}
