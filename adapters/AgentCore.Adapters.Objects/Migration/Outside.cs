using System.Text.RegularExpressions;

namespace AgentCore.Adapters.Objects.Migration;

/// <summary>What lies outside an agent: servers, files, programs, keys, the console.</summary>
internal static partial class Outside
{
    // What agents say that have caught the cause themselves, or looked for a key.
    private static readonly string[] Words =
    [
        "api key", "apikey", "api_key", "api-key", "environment variable", "not configured", "connection string", "connectionstring", "credential", "connect to", "not connected",
        "connection refused", "connection failed", "websocket", "web socket", "no such file", "could not find file", "in configuration", "missing configuration", "bot token", "access token",
        "unauthorized",
    ];

    /// <summary>A server, a file, a program, a key or another system that isn't there.</summary>
    public static bool Is(Exception? error, bool byWords = true)
    {
        for (; error is not null; error = error.InnerException)
        {
            if (IsKind(error) || byWords && (Array.Exists(Words, words => error.Message.Contains(words, StringComparison.OrdinalIgnoreCase)) || Asks().IsMatch(error.Message) && Variable().Matches(error.Message).Any(IsUnset)))
                return true;
        }

        return false;
    }

    /// <summary>A variable that nobody has set: "Set GATEWAY_ACCOUNT_ID".</summary>
    private static bool IsUnset(Match variable) => Environment.GetEnvironmentVariable(variable.Value) is null or "";

    [GeneratedRegex(@"\b(?:set|missing|environment|variables?|requires?|required|configured?|configuration|define|provide)\b", RegexOptions.CultureInvariant | RegexOptions.IgnoreCase, 1000)]
    private static partial Regex Asks();

    [GeneratedRegex(@"\b[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)*_(?:KEY|TOKEN|SECRET|ID|URL|URI|HOST|PORT|ENDPOINT|PATH|USER|PASSWORD|REGION|MODEL|PROJECT|NAME)\b", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex Variable();

    /// <summary>The same by the kind of error alone.</summary>
    public static bool IsKind(Exception error) =>
        error is System.Net.Sockets.SocketException or HttpRequestException or System.Net.WebException or System.Net.WebSockets.WebSocketException or IOException
            or System.ComponentModel.Win32Exception or System.Data.Common.DbException or System.Security.Authentication.AuthenticationException or PlatformNotSupportedException
            or DllNotFoundException or UnauthorizedAccessException;

    /// <summary>A library is missing, or there in a version that has other members.</summary>
    public static bool IsLibrary(Exception error) =>
        error is MissingMemberException or TypeLoadException or BadImageFormatException or FileLoadException
        || error is FileNotFoundException { FileName: { } file } && (file.Contains("Version=", StringComparison.Ordinal) || file.Contains("PublicKeyToken=", StringComparison.Ordinal));

    /// <summary>The code asks for something by name that isn't here: an environment variable that nobody has set, the console, or (where it looks for itself) a file or a setting.</summary>
    public static bool IsAsked(IEnumerable<CodeUse> code, bool looks = false) => code.Any(use => (use.Member.DeclaringType?.FullName, use.Member.Name) switch
    {
        ("System.Environment", "GetEnvironmentVariable") => use.Text is not { Length: > 0 } name || Environment.GetEnvironmentVariable(name) is null or "",
        ("System.IO.File" or "System.IO.Directory", "Exists") => looks,
        ("Microsoft.Extensions.Configuration.IConfiguration" or "System.Configuration.ConfigurationManager", _) => looks,
        _ => IsConsole(use),
    });

    /// <summary>It waits for what somebody types.</summary>
    public static bool IsConsole(CodeUse use) =>
        use.Member is { DeclaringType.FullName: "System.Console", Name: "ReadLine" or "ReadKey" or "Read" or "get_In" or "get_KeyAvailable" };
}
