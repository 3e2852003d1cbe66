using AgentCore.Learning;
using FsCheck;
using FsCheck.Fluent;

namespace AgentCore.Tests.Learning;

public sealed class ErrorSignatureTests
{
    [Theory]
    [InlineData("Could not open /var/lib/data/x7.db", "Could not open /tmp/other.db")]
    [InlineData("Order 4711 of customer 12 not found", "Order 9 of customer 800,123.5 not found")]
    [InlineData("Key 'abc' is missing in \"config\"", "Key 'a longer one' is missing in \"settings\"")]
    [InlineData("Run 0197f3a2-1111-7abc-9def-0123456789ab failed", "Run 019aaaaa-2222-7abc-9def-ba9876543210 failed")]
    [InlineData("GET https://a.example/v1/x?id=5 returned 500", "GET http://b.example:8080/ returned 502")]
    [InlineData("Timed out at 2026-03-01T12:00:01.5Z after 3.5 s", "Timed out at 2027-12-31 23:59:59 after 40 s")]
    [InlineData("Host worker-a83f2b91 refused", "Host worker-0012ffe9 refused")]
    [InlineData(@"No file C:\data\in.txt", @"No file D:\x\out.csv")]
    [InlineData("Offset 0xDEADBEEF out of range", "Offset 0x1f out of range")]
    public void Of_SameErrorOtherDetails_SameKey(string one, string other)
    {
        Assert.Equal(Of(one).Message, Of(other).Message);
        Assert.Equal(Of(one).Key, Of(other).Key);
    }

    [Theory]
    [InlineData("The disk is full", "The disk is gone")]
    [InlineData("can't read what isn't there", "can't write what isn't there")]
    [InlineData("HTTP error: unauthorized", "HTTP error: forbidden")]
    [InlineData("token: expired", "token: revoked")]
    [InlineData("Authorization: missing.", "Authorization: denied.")]
    [InlineData("The API key: invalid, ask for another", "The API key: disabled, ask for another")]
    [InlineData("Missing required secret: DATABASE_URL", "Missing required secret: STRIPE_KEY")]
    public void Of_OtherError_OtherKey(string one, string other) => Assert.NotEqual(Of(one).Key, Of(other).Key);

    [Fact]
    public void Of_TypeOrPlaceDiffers_OtherKey()
    {
        var error = new AgentError("System.IO.IOException", "x");

        Assert.NotEqual(ErrorSignature.Of(error, "a").Key, ErrorSignature.Of(error, "b").Key);
        Assert.NotEqual(ErrorSignature.Of(error, "a").Key, ErrorSignature.Of(error with { Type = "T" }, "a").Key);
    }

    [Theory]
    [InlineData("Login failed for Host=db;Username=app;Password=hunterTwo")]
    [InlineData("Login failed for Host=db;Pwd = hunterTwo;Username=app")]
    [InlineData("password: hunterTwo")]
    [InlineData("DB_PASSWORD='hunterTwo' is wrong")]
    [InlineData("body was {\"password\": \"hunterTwo and more\"}")]
    [InlineData("body was {\\\"api_key\\\":\\\"hunterTwo\\\"}")]
    [InlineData("AccountName=shop;AccountKey=hunterTwo==;EndpointSuffix=x")]
    [InlineData("client_secret=hunterTwo&grant=x")]
    [InlineData("GITHUB_TOKEN=hunterTwo")]
    [InlineData("Authorization: Basic hunterTwo")]
    [InlineData("the header was Bearer hunterTwo")]
    [InlineData("Incorrect API key provided: sk-hunterTwo")]
    [InlineData("token: hunterTwo expired")]
    [InlineData("token: expired-hunterTwo")]
    [InlineData("secret: missing/hunterTwo")]
    [InlineData("token: invalid.hunterTwo")]
    [InlineData("password: wrong,hunterTwo")]
    [InlineData("secret: empty).hunterTwo")]
    [InlineData("Missing required secret: API.hunterTwo")]
    [InlineData("Missing required secret: hunterTwo")]
    [InlineData("Missing scope for token: hunterTwo")]
    public void Of_PasswordOrKey_IsNotKept(string message) => Assert.DoesNotContain("hunterTwo", Of(message).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("refused: Host=db;Password=")]
    [InlineData("token: ")]
    [InlineData("token=")]
    public void Of_OtherPassword_SameKey(string message) => Assert.Equal(Of(message + "hunterTwo").Key, Of(message + "swordfish").Key);

    [Theory]
    [InlineData("The password is wrong")]
    [InlineData("Too many tokens were asked for")]
    [InlineData("the risk-free task failed")]
    public void Of_WordsOfSecrets_StayAsTheyAre(string message) => Assert.Equal(message, Of(message).Message);

    [Fact]
    public void Of_Secret_IsNotKept() =>
        Assert.DoesNotContain("hunter2", Of("login 'hunter2' refused for sk-abc123def456").Message + Of("key sk-hunter2x99x1").Message, StringComparison.Ordinal);

    [Fact]
    public void Of_AnyMessage_ShortAndWithoutDigitRuns() => Prop.ForAll<string>(text =>
    {
        var message = Of((text ?? "") + " 12345 " + text).Message;
        return message.Length <= 400 && !message.Contains("12345", StringComparison.Ordinal);
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void Of_VeryLongMessage_IsBounded() => Assert.True(Of(string.Concat(Enumerable.Repeat("/a'\"<1", 200_000))).Message.Length <= 400);

    private static ErrorSignature Of(string message) => ErrorSignature.Of(new AgentError("T", message), "place");
}
