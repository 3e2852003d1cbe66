using System.ClientModel;
using System.Runtime.CompilerServices;
using Microsoft.Extensions.AI;
using SdkChatClient = OpenAI.Chat.ChatClient;

namespace AgentCore.Providers.OpenAI;

/// <summary>Calls the models behind any endpoint that speaks OpenAI's chat completions: OpenAI itself, vLLM, llama.cpp, LM Studio,
/// Ollama and many more. Requests go through the official SDK's transport, authentication and retries; answers are read by
/// what they say rather than by the exact form, since compatible servers differ in it. Safe for concurrent calls.</summary>
/// <remarks>Misuse (content or options that the endpoint can't take) is an <see cref="ArgumentException"/>; whatever fails at the
/// server or on the way is a <see cref="Models.ModelException"/>; a cancelled call is an <see cref="OperationCanceledException"/>.
/// Arguments that are no JSON object come as a call with an <see cref="FunctionCallContent.Exception"/> and no arguments.
/// The additional property <c>strict</c> (true or false) of the options or of a function asks for OpenAI's strict schemas.</remarks>
public sealed class OpenAIChatClient : IChatClient
{
    private readonly OpenAIChatClientOptions _options;
    private readonly Endpoint _endpoint;
    private readonly ChatClientMetadata _metadata;
    // Two calls may learn different things at once: what the later one overwrites is learned again.
    private volatile WireDialect _dialect;

    /// <summary>Creates a client. It opens no connection yet.</summary>
    /// <param name="options">Where the endpoint is, and how to call it. Later changes to it have no effect.</param>
    /// <exception cref="ArgumentException">An option is out of its range; the message says which.</exception>
    public OpenAIChatClient(OpenAIChatClientOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        _options = options.Copy();
        _endpoint = new Endpoint(_options);
        _dialect = new WireDialect(_options.Endpoint);
        _metadata = new ChatClientMetadata(_options.ProviderName, new Uri(SafeText.Address(_options.Endpoint)), _options.Model);
    }

    /// <inheritdoc/>
    public async Task<ChatResponse> GetResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(messages);
        var call = new Call(this, messages, options, stream: false);
        using var answer = await call.SendAsync(cancellationToken).ConfigureAwait(false);
        return ResponseReader.Read(await answer.ReadJsonAsync(cancellationToken).ConfigureAwait(false), call.Names, call.Errors);
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(messages);
        var call = new Call(this, messages, options, stream: true);
        using var answer = await call.SendAsync(cancellationToken).ConfigureAwait(false);
        if (await answer.IsWholeAsync(cancellationToken).ConfigureAwait(false))
        {
            // Some servers and proxies don't stream, whatever is asked.
            var whole = ResponseReader.Read(await answer.ReadJsonAsync(cancellationToken).ConfigureAwait(false), call.Names, call.Errors);
            foreach (var update in whole.ToChatResponseUpdates())
                yield return update;
            yield break;
        }

        var assembler = new StreamAssembler(call.Names, call.Errors);
        await foreach (var chunk in answer.ReadChunksAsync(assembler, cancellationToken).ConfigureAwait(false))
        {
            if (assembler.Add(chunk) is { } update)
                yield return update;
        }

        yield return assembler.Finish();
    }

    /// <inheritdoc/>
    public object? GetService(Type serviceType, object? serviceKey = null)
    {
        ArgumentNullException.ThrowIfNull(serviceType);
        if (serviceKey is not null)
            return null;
        if (serviceType == typeof(ChatClientMetadata))
            return _metadata;
        if (serviceType == typeof(SdkChatClient))
            return _endpoint.Sdk;

        return serviceType.IsInstanceOfType(this) ? this : null;
    }

    /// <summary>Does nothing: connections belong to the process, or to the <see cref="HttpClient"/> that you gave.</summary>
    public void Dispose()
    {
    }

    /// <summary>The model and the endpoint, without the key.</summary>
    public override string ToString() => $"{_options.ProviderName} model '{_options.Model}' at {SafeText.Address(_options.Endpoint)}";

    /// <summary>One call: its body, its tools' names and its errors.</summary>
    private sealed class Call(OpenAIChatClient client, IEnumerable<ChatMessage> messages, ChatOptions? options, bool stream)
    {
        // Read twice where the server refuses a parameter.
        private readonly IReadOnlyList<ChatMessage> _messages = messages as IReadOnlyList<ChatMessage> ?? [.. messages];

        public Dictionary<string, string>? Names { get; } = WireNames.Map(options);

        public EndpointErrors Errors { get; } = new(client._options, options?.ModelId ?? client._options.Model);

        public async Task<Answer> SendAsync(CancellationToken cancellationToken)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var known = client._dialect;
            var dialect = known;
            while (true)
            {
                var body = RequestWriter.Write(client._options.Model, _messages, options, stream, dialect);
                var answer = await client._endpoint.SendAsync(body, Errors, cancellationToken).ConfigureAwait(false);
                if (!answer.IsError)
                {
                    // Only now: the refusal may have been about something else.
                    if (dialect != known)
                        client._dialect = dialect;
                    return answer;
                }

                using (answer)
                {
                    var text = await answer.ReadErrorAsync(cancellationToken).ConfigureAwait(false);
                    dialect = dialect.Learn(answer.Status, text) ?? throw answer.Refused(text);
                }
            }
        }
    }
}
