namespace AgentCore.Providers.OpenAI.Tests;

public class BoundedStreamTests
{
    [Fact]
    public async Task Read_PastTheLimit_Fails()
    {
        await using var stream = new BoundedStream(new MemoryStream(new byte[3 * 1024 * 1024]), 2 * 1024 * 1024);

        var error = await Assert.ThrowsAsync<InvalidDataException>(() => stream.CopyToAsync(Stream.Null));

        Assert.Equal("it is longer than 2 MB", error.Message);
    }

    [Fact]
    public async Task Read_UpToTheLimit_GivesAll()
    {
        await using var stream = new BoundedStream(new MemoryStream(new byte[1024]), 1024);
        using var copy = new MemoryStream();

        await stream.CopyToAsync(copy);

        Assert.Equal(1024, copy.Length);
    }
}
