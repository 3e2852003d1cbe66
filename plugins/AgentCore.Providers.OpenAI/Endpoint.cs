using System.ClientModel;
using System.ClientModel.Primitives;
using SdkChatClient = OpenAI.Chat.ChatClient;
using SdkOptions = OpenAI.OpenAIClientOptions;

namespace AgentCore.Providers.OpenAI;

/// <summary>Sends bodies through the SDK: its pipeline, key, retries and timeout, without its strict reading of answers.</summary>
internal sealed class Endpoint
{
    public Endpoint(OpenAIChatClientOptions options)
    {
        var sdk = new SdkOptions
        {
            Endpoint = options.Endpoint,
            RetryPolicy = new BoundedRetryPolicy(options.MaxRetries, options.TimeProvider),
            NetworkTimeout = options.NetworkTimeout,
            Transport = Transport.Pipeline(options),
            UserAgentApplicationId = "AgentCore",
        };
        if (options.ApiKey is null)
            sdk.AddPolicy(new NoKeyPolicy(), PipelinePosition.BeforeTransport);
        Sdk = new SdkChatClient(options.Model, new ApiKeyCredential(options.ApiKey ?? "none"), sdk);
    }

    /// <summary>The SDK's client.</summary>
    public SdkChatClient Sdk { get; }

    /// <summary>Sends a body; the answer's headers have come when it returns.</summary>
    public async Task<Answer> SendAsync(BinaryData body, EndpointErrors errors, CancellationToken cancellationToken)
    {
        var request = new RequestOptions
        {
            CancellationToken = cancellationToken,
            BufferResponse = false,
            ErrorOptions = ClientErrorBehaviors.NoThrow,
        };
        using var content = BinaryContent.Create(body);
        try
        {
            var result = await Sdk.CompleteChatAsync(content, request).ConfigureAwait(false);
            return new Answer(result.GetRawResponse(), errors);
        }
        catch (OperationCanceledException e) when (!cancellationToken.IsCancellationRequested)
        {
            throw errors.TimedOut(e);
        }
        catch (AggregateException e) when (!cancellationToken.IsCancellationRequested)
        {
            // What the SDK throws after several tries: one exception for each.
            throw errors.From(e.InnerExceptions[^1]);
        }
        catch (Exception e) when (e is ClientResultException or HttpRequestException or IOException && !cancellationToken.IsCancellationRequested)
        {
            throw errors.From(e);
        }
        catch (Exception e) when (cancellationToken.IsCancellationRequested && e is not OperationCanceledException)
        {
            throw new OperationCanceledException("The call was cancelled.", e, cancellationToken);
        }
    }

    /// <summary>The SDK insists on a key; a server that asks for none gets none.</summary>
    private sealed class NoKeyPolicy : PipelinePolicy
    {
        public override void Process(PipelineMessage message, IReadOnlyList<PipelinePolicy> pipeline, int currentIndex)
        {
            message.Request.Headers.Remove("Authorization");
            ProcessNext(message, pipeline, currentIndex);
        }

        public override ValueTask ProcessAsync(PipelineMessage message, IReadOnlyList<PipelinePolicy> pipeline, int currentIndex)
        {
            message.Request.Headers.Remove("Authorization");
            return ProcessNextAsync(message, pipeline, currentIndex);
        }
    }
}
