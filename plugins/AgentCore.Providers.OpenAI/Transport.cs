using System.ClientModel.Primitives;

namespace AgentCore.Providers.OpenAI;

/// <summary>The connections that all clients of the process share.</summary>
internal static class Transport
{
    private static readonly HttpClient Remote = Create(useProxy: true);
    private static readonly HttpClient Local = Create(useProxy: false);

    /// <summary>The client for an address. One on this machine is never asked for through a proxy.</summary>
    public static HttpClient For(Uri endpoint) => endpoint.IsLoopback ? Local : Remote;

    public static HttpClientPipelineTransport Pipeline(OpenAIChatClientOptions options) => new(options.HttpClient ?? For(options.Endpoint));

    private static HttpClient Create(bool useProxy) => new(new SocketsHttpHandler
    {
        UseProxy = useProxy,
        // A redirect turns POST into GET, or takes the prompt to a host that nobody named: it is reported instead.
        AllowAutoRedirect = false,
        UseCookies = false,
        PooledConnectionLifetime = TimeSpan.FromMinutes(5),
        ConnectTimeout = TimeSpan.FromSeconds(15),
        // A stream that its reader leaves is cut at once, so that the server stops generating.
        MaxResponseDrainSize = 0,
    })
    {
        // The pipeline's NetworkTimeout limits silence; a total limit would cut long answers.
        Timeout = Timeout.InfiniteTimeSpan,
    };
}
