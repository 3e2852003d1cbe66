namespace AgentCore.Adapters.Processes.Tests;

/// <summary>What is kept of a stream that may be endless.</summary>
public sealed class LastLinesTests
{
    // As many bytes as are read at once.
    private const int Read = 4096;

    [Theory]
    [InlineData(new byte[] { 0xF0, 0x9F, 0x98, 0x80 }, 1, "😀")]
    [InlineData(new byte[] { 0xF0, 0x9F, 0x98, 0x80 }, 3, "😀")]
    [InlineData(new byte[] { 0xE9 }, 1, "\uFFFD")]
    [InlineData(new byte[] { 0xF0, 0x9F, 0x98 }, 3, "\uFFFD")]
    public async Task Drain_CharacterOverTheEndOfARead_ReadToTheEnd(byte[] character, int before, string expected)
    {
        byte[] bytes = [.. Enumerable.Repeat((byte)'\n', Read - before), .. character, .. Enumerable.Repeat((byte)'b', 2 * Read), .. "\nlast"u8];
        var lines = new LastLines(2, new SecretMask([]));

        await lines.DrainAsync(new MemoryStream(bytes), CancellationToken.None);

        Assert.StartsWith($" Last lines of it:\n{expected}bbb", lines.Describe("it"), StringComparison.Ordinal);
        Assert.EndsWith("b\nlast", lines.Describe("it"), StringComparison.Ordinal);
    }
}
