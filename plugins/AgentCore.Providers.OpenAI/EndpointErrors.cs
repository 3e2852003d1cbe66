using System.ClientModel.Primitives;
using System.Net;
using System.Text.Json;
using AgentCore.Models;

namespace AgentCore.Providers.OpenAI;

/// <summary>Says what went wrong at an endpoint: where, the status, the server's words without secrets, and what to do.</summary>
internal sealed class EndpointErrors(OpenAIChatClientOptions options, string model)
{
    private readonly string _where = $"{options.ProviderName}: {SafeText.Address(options.Endpoint)}, model '{model}'";

    /// <summary>A refusal with a status of its own.</summary>
    public ModelException Refused(PipelineResponse response, string body)
    {
        var (text, code) = ErrorBody.Read(body);
        var said = Said(text);
        return new ModelException($"{_where}: {response.Status} {Reason(response)}{said}. {Advice(response, code)}")
        {
            StatusCode = response.Status,
            ErrorCode = code is null ? null : SafeText.Clean(code, options.ApiKey),
            RetryAfter = RetryAfterHeader.Read(response.Headers, options.TimeProvider),
            IsTransient = response.Status is 408 or 429 or >= 500 && !IsQuota(code),
        };
    }

    /// <summary>An error inside an answer that began with 200.</summary>
    public void ThrowIfError(JsonElement element)
    {
        if (!ErrorBody.IsError(element))
            return;

        var (text, code) = ErrorBody.Read(element);
        throw new ModelException($"{_where}: the server reported an error in its answer{Said(text)}. Try again; if it stays, look at the server's log.")
        {
            ErrorCode = code is null ? null : SafeText.Clean(code, options.ApiKey),
            IsTransient = !IsQuota(code) && code is not "context_length_exceeded" and not "invalid_request_error",
        };
    }

    /// <summary>What the transport threw before an answer began.</summary>
    public ModelException From(Exception cause) => cause is OperationCanceledException ? TimedOut(cause) : Unreachable(cause);

    private ModelException Unreachable(Exception cause)
    {
        var why = SafeText.Clean(cause.GetBaseException().Message, options.ApiKey);
        return new ModelException($"{_where}: can't be reached ({why.TrimEnd('.')}). Start the server, or set {options.EndpointSetting} to the right address.", Safe(cause))
        {
            IsTransient = true,
        };
    }

    public ModelException TimedOut(Exception cause)
    {
        // Only an HttpClient's own limit is told so.
        var (limit, setting) = cause.InnerException is TimeoutException && options.HttpClient is { } http
            ? (http.Timeout, "the Timeout of OpenAIChatClientOptions.HttpClient")
            : (options.NetworkTimeout, "OpenAIChatClientOptions.NetworkTimeout");
        return new ModelException($"{_where}: nothing came for {limit.TotalSeconds:0.###} s. Try again, or raise {setting}.", Safe(cause))
        {
            IsTransient = true,
        };
    }

    public ModelException Cut(Exception? cause = null) =>
        new($"{_where}: the connection broke off in the middle of the answer. Try again; text that came before is not complete.", Safe(cause))
        {
            IsTransient = true,
        };

    /// <summary>An answer that is none. A page means the wrong address, which stays wrong; a torn document may come whole next time.</summary>
    public ModelException Malformed(string what, string? body = null, Exception? cause = null)
    {
        var page = body?.AsSpan().TrimStart().StartsWith('<') == true;
        var said = string.IsNullOrWhiteSpace(body) ? "" : Said(ErrorBody.Page(body));
        return new ModelException(
            $"{_where}: the answer is no chat completion: {what}{said}. Check that {options.EndpointSetting} is the base address of an OpenAI-compatible API (most end with /v1).",
            Safe(cause))
        {
            IsTransient = !page,
        };
    }

    // What a transport says may quote the server, which may quote the key.
    private Exception? Safe(Exception? cause) =>
        cause is not null && KeyMask.Finds(cause.ToString(), options.ApiKey) ? null : cause;

    private string Said(string? text) => string.IsNullOrWhiteSpace(text) ? "" : $": \"{SafeText.Clean(text, options.ApiKey)}\"";

    private string Advice(PipelineResponse response, string? code) => response.Status switch
    {
        401 when options.ApiKey is null => $"Set {options.ApiKeySetting} to a key for this server.",
        401 => $"Check the key in {options.ApiKeySetting}.",
        403 => $"The key in {options.ApiKeySetting} may not use this model or address.",
        404 when options.MissingModelAdvice is { } advice => advice,
        404 => $"Check the model's id, and that {options.EndpointSetting} ends with the API's version (most end with /v1).",
        413 => "The request is too large; send less.",
        429 when IsQuota(code) => "The account's quota is used up; raise it or use another key.",
        429 when RetryAfterHeader.Read(response.Headers, options.TimeProvider) is { } wait => $"Too many requests; wait {wait.TotalSeconds:0.#} s and try again.",
        429 => "Too many requests; wait and try again.",
        400 or 422 => "The server did not accept the request; change what it names.",
        >= 300 and < 400 => $"It redirects{Target(response)}; set {options.EndpointSetting} to the final address.",
        >= 500 => "The server failed; try again, or look at its log.",
        _ => $"Check {options.EndpointSetting}.",
    };

    private string Target(PipelineResponse response)
    {
        if (!response.Headers.TryGetValue("Location", out var location) || !Uri.TryCreate(options.Endpoint, location, out var target))
            return "";

        return KeyMask.Finds(Uri.UnescapeDataString(target.AbsoluteUri), options.ApiKey) ? "" : $" to {SafeText.Address(target)}";
    }

    // A proxy may put anything into the reason phrase; the standard name is enough.
    private static string Reason(PipelineResponse response) =>
        Enum.IsDefined((HttpStatusCode)response.Status) ? ((HttpStatusCode)response.Status).ToString() : "";

    private static bool IsQuota(string? code) => code is "insufficient_quota" or "billing_hard_limit_reached";
}
