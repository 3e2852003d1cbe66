using System.IO.Pipes;
using System.Text;

namespace AgentCore.Adapters.Processes.Tests;

/// <summary>What is read of a child's output.</summary>
public sealed class LineReaderTests
{
    [Fact]
    public async Task ReadLine_WriterHasEnded_WhatItWroteIsReadBeforeTheEnd()
    {
        using var output = new AnonymousPipeServerStream(PipeDirection.In);
        using var heldOpen = new AnonymousPipeClientStream(PipeDirection.Out, output.ClientSafePipeHandle);
        await heldOpen.WriteAsync("one\ntwo"u8.ToArray());
        var reader = new LineReader(output, new CancellationToken(canceled: true));
        reader.Allow(1024);

        Assert.Equal("one", await ReadAsync());
        Assert.Equal("two", await ReadAsync());
        Assert.Null(await ReadAsync());

        async Task<string?> ReadAsync() => await reader.ReadLineAsync(CancellationToken.None) is { } line ? Encoding.UTF8.GetString(line.Span) : null;
    }
}
