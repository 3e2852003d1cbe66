using System.Net.Http.Headers;
using System.Text.Json;

namespace AgentCore.Providers.OpenAI;

/// <summary>Asks a server a short question, and takes no for an answer.</summary>
internal static class EndpointProbe
{
    private const long Longest = 8 * 1024 * 1024;

    /// <summary>Sends a request and reads the JSON that comes back.</summary>
    /// <param name="request">What to ask; disposed here.</param>
    /// <param name="key">The key to send; null for none.</param>
    /// <param name="timeout">How long to wait in all.</param>
    /// <param name="cancellationToken">Stops the probe with an <see cref="OperationCanceledException"/>.</param>
    public static async Task<ProbeAnswer> AskAsync(HttpRequestMessage request, string? key, TimeSpan timeout, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(timeout);
        using (request)
        {
            try
            {
                if (key is not null)
                    request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", key);
                using var response = await Transport.For(request.RequestUri!)
                    .SendAsync(request, HttpCompletionOption.ResponseHeadersRead, limit.Token).ConfigureAwait(false);
                return new ProbeAnswer((int)response.StatusCode, await ReadAsync(response, limit.Token).ConfigureAwait(false));
            }
            catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
            {
                return new ProbeAnswer(null, null);
            }
            catch (Exception e) when (e is HttpRequestException or IOException or InvalidDataException)
            {
                return new ProbeAnswer(null, null);
            }
        }
    }

    private static async Task<JsonElement?> ReadAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        try
        {
            var stream = await response.Content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false);
            using var bytes = new MemoryStream();
            await new BoundedStream(stream, Longest).CopyToAsync(bytes, cancellationToken).ConfigureAwait(false);
            return WireText.Parse(bytes.GetBuffer().AsSpan(0, (int)bytes.Length));
        }
        catch (JsonException)
        {
            return null;
        }
    }
}

/// <summary>What a server answered.</summary>
/// <param name="Status">The HTTP status; null where it can't be reached or is too slow.</param>
/// <param name="Json">The body; null where it is no JSON.</param>
internal readonly record struct ProbeAnswer(int? Status, JsonElement? Json);
