using System.Runtime.CompilerServices;

namespace AgentCore.Tests.Api;

/// <summary>The library's public API is one text file: a change to it shows in review. To approve a change, run this test with
/// APPROVE_API=1.</summary>
public sealed class ApiTests
{
    [Fact]
    public void PublicApi_OfTheLibrary_IsTheApprovedOne()
    {
        var file = Path.Combine(Path.GetDirectoryName(ThisFile())!, "AgentCore.approved.txt");
        var api = ApiText.Of(typeof(BaseAgent).Assembly);
        if (Environment.GetEnvironmentVariable("APPROVE_API") == "1")
            File.WriteAllText(file, api);

        var approved = File.ReadAllText(file).ReplaceLineEndings("\n").Split('\n');
        var now = api.Split('\n');
        var added = now.Except(approved).ToList();
        var removed = approved.Except(now).ToList();
        Assert.True(
            approved.SequenceEqual(now),
            $"The public API has changed. Added:\n{string.Join('\n', added)}\nRemoved:\n{string.Join('\n', removed)}\nIf that is meant, approve it: APPROVE_API=1 dotnet test tests/AgentCore.Tests --filter ApiTests");
    }

    private static string ThisFile([CallerFilePath] string path = "") => path;
}
