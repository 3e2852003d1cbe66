using System.ClientModel.Primitives;
using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json;
using AgentCore.Models;

namespace AgentCore.Providers.OpenAI;

/// <summary>An answer whose headers have come: read whole or as a stream, its failures made clear.</summary>
internal sealed class Answer(PipelineResponse response, EndpointErrors errors) : IDisposable
{
    // More than any model writes; an endless answer stops here instead of in the memory.
    private const long Longest = 256L * 1024 * 1024;
    private const int LongestError = 16 * 1024;

    private readonly BoundedStream _body = new(response.ContentStream ?? Stream.Null, Longest);
    private readonly string _mediaType = MediaType(response);

    public int Status => response.Status;

    public bool IsError => response.Status is < 200 or > 299;

    /// <summary>Whether it is one JSON document and no stream: by its beginning, for servers give either the other's type.</summary>
    public async Task<bool> IsWholeAsync(CancellationToken cancellationToken) =>
        await Guard(_body.PeekAsync(cancellationToken), cancellationToken).ConfigureAwait(false) switch
        {
            (byte)'{' => true,
            // A comment, or one of the fields data, event, id and retry.
            (byte)':' or (byte)'d' or (byte)'e' or (byte)'i' or (byte)'r' => false,
            _ => _mediaType is "application/json",
        };

    public ModelException Refused(string body) => errors.Refused(response, body);

    /// <summary>The beginning of an error's body; what can't be read is left out, for the status says the most.</summary>
    public async Task<string> ReadErrorAsync(CancellationToken cancellationToken)
    {
        var buffer = new byte[LongestError];
        var read = 0;
        try
        {
            read = await _body.ReadAtLeastAsync(buffer, LongestError, throwOnEndOfStream: false, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e) when (e is IOException or HttpRequestException || (e is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
        }

        return Encoding.UTF8.GetString(buffer, 0, read);
    }

    public async Task<JsonElement> ReadJsonAsync(CancellationToken cancellationToken)
    {
        using var bytes = new MemoryStream();
        await Guard(new ValueTask<bool>(CopyAsync(bytes, cancellationToken)), cancellationToken).ConfigureAwait(false);
        var body = bytes.GetBuffer().AsMemory(0, (int)bytes.Length);
        if (body.Span.Trim(" \t\r\n"u8).IsEmpty)
            throw errors.Malformed("it is empty");
        if (body.Span.StartsWith("data:"u8))
            throw errors.Malformed("it is a stream, though none was asked for");

        try
        {
            return WireText.Parse(body.Span);
        }
        catch (JsonException e)
        {
            throw errors.Malformed($"it is no JSON ({MediaName})", Encoding.UTF8.GetString(body.Span[..Math.Min(body.Length, LongestError)]), e);
        }
    }

    /// <summary>The stream's chunks, up to its end.</summary>
    /// <param name="assembler">Knows whether the model said that it is done.</param>
    /// <param name="cancellationToken">Stops the reading.</param>
    public async IAsyncEnumerable<JsonElement> ReadChunksAsync(
        StreamAssembler assembler, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var events = SseParser.Create(_body, Parse).EnumerateAsync(cancellationToken).GetAsyncEnumerator(cancellationToken);
        await using (events.ConfigureAwait(false))
        {
            while (await Guard(events.MoveNextAsync(), cancellationToken).ConfigureAwait(false))
            {
                var item = events.Current.Data;
                if (item.IsDone)
                {
                    if (!assembler.Started)
                        throw errors.Malformed("the stream held nothing");
                    yield break;
                }

                if (item.Chunk is { } chunk)
                    yield return chunk;
                else if (item.Bad is { } bad)
                    throw errors.Malformed("a part of the stream is no JSON", bad);
            }
        }

        if (assembler.Finished)
            yield break;
        if (!assembler.Started && _mediaType is not "text/event-stream")
            throw errors.Malformed($"it is {MediaName}");

        throw errors.Cut();
    }

    public void Dispose() => response.Dispose();

    private string MediaName => _mediaType.Length == 0 ? "without a content type" : $"of type {_mediaType}";

    private async Task<bool> CopyAsync(MemoryStream bytes, CancellationToken cancellationToken)
    {
        await _body.CopyToAsync(bytes, cancellationToken).ConfigureAwait(false);
        return true;
    }

    private async ValueTask<T> Guard<T>(ValueTask<T> read, CancellationToken cancellationToken)
    {
        try
        {
            return await read.ConfigureAwait(false);
        }
        catch (InvalidDataException e)
        {
            throw errors.Malformed(e.Message, cause: e);
        }
        catch (OperationCanceledException e) when (!cancellationToken.IsCancellationRequested)
        {
            throw errors.TimedOut(e);
        }
        catch (Exception e) when (e is IOException or HttpRequestException or ObjectDisposedException)
        {
            cancellationToken.ThrowIfCancellationRequested();
            throw errors.Cut(e);
        }
    }

    private static (bool IsDone, JsonElement? Chunk, string? Bad) Parse(string type, ReadOnlySpan<byte> data)
    {
        data = data.Trim(" \t\r\n"u8);
        if (data.SequenceEqual("[DONE]"u8))
            return (true, null, null);
        if (data.IsEmpty)
            return default;

        try
        {
            return (false, WireText.Parse(data), null);
        }
        catch (JsonException)
        {
            return (false, null, Encoding.UTF8.GetString(data[..Math.Min(data.Length, LongestError)]));
        }
    }

    private static string MediaType(PipelineResponse response)
    {
        if (!response.Headers.TryGetValue("Content-Type", out var value) || value is null)
            return "";

        var end = value.IndexOf(';', StringComparison.Ordinal);
        return (end < 0 ? value : value[..end]).Trim().ToLowerInvariant();
    }
}
