using System.Net;
using System.Net.Sockets;

namespace AgentCore.Providers.Ollama;

/// <summary>Reads <c>OLLAMA_HOST</c> as Ollama's own programs do: scheme, host and port are each optional, and what the server
/// listens on everywhere is reached on this machine.</summary>
internal static class OllamaHost
{
    private const int DefaultPort = 11434;

    /// <summary>The server's address without a trailing slash; null where the value can't be read.</summary>
    public static Uri? Parse(string? value)
    {
        var text = value?.Trim(' ', '\t', '"', '\'') ?? "";
        if (text.Length == 0)
            return new Uri($"http://127.0.0.1:{DefaultPort}");

        var scheme = text.IndexOf("://", StringComparison.Ordinal);
        if (scheme < 0)
            text = "http://" + WithPort(text);
        if (!Uri.TryCreate(text, UriKind.Absolute, out var uri) || uri.Scheme is not ("http" or "https") || uri.Host.Length == 0)
            return null;

        var address = new UriBuilder(uri) { Query = "", Fragment = "" };
        if (IPAddress.TryParse(uri.IdnHost, out var ip) && (ip.Equals(IPAddress.Any) || ip.Equals(IPAddress.IPv6Any)))
            address.Host = ip.Equals(IPAddress.Any) ? "127.0.0.1" : "[::1]";
        address.Path = address.Path.TrimEnd('/');
        return address.Uri;
    }

    // Without a scheme the port is 11434; with one it is the scheme's.
    private static string WithPort(string text)
    {
        var slash = text.IndexOf('/', StringComparison.Ordinal);
        var host = slash < 0 ? text : text[..slash];
        var path = slash < 0 ? "" : text[slash..];
        if (!host.StartsWith('[') && IPAddress.TryParse(host, out var ip) && ip.AddressFamily == AddressFamily.InterNetworkV6)
            return $"[{host}]:{DefaultPort}{path}";
        if (host.StartsWith(':'))
            return "127.0.0.1" + host + path;

        var hasPort = host.LastIndexOf(':') > host.LastIndexOf(']');
        return hasPort ? host + path : $"{host}:{DefaultPort}{path}";
    }
}
