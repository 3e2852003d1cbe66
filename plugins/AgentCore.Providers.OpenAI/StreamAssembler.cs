using System.Text;
using System.Text.Json;
using Microsoft.Extensions.AI;

namespace AgentCore.Providers.OpenAI;

/// <summary>Turns a stream's chunks into updates: text as it comes; calls, refusal and usage once, at the end.</summary>
internal sealed class StreamAssembler(IReadOnlyDictionary<string, string>? names, EndpointErrors errors)
{
    private readonly ToolCallAssembler _calls = new(names);
    private readonly PairJoiner _text = new();
    private readonly PairJoiner _reasoning = new();
    private readonly StringBuilder _refusal = new();
    private string? _id;
    private string? _model;
    private DateTimeOffset? _created;
    private ChatFinishReason? _finish;
    private UsageDetails? _usage;

    /// <summary>Whether the model has said that it is done, so that an end without <c>[DONE]</c> is no cut connection.</summary>
    public bool Finished => _finish is not null;

    /// <summary>Whether anything has come.</summary>
    public bool Started => _id is not null;

    /// <summary>Takes a chunk; the update it brings, or null where it brings no text.</summary>
    /// <exception cref="Models.ModelException">The server reports an error in the stream.</exception>
    public ChatResponseUpdate? Add(JsonElement chunk)
    {
        errors.ThrowIfError(chunk);
        // Some servers give each chunk an id of its own; the first stands for all, or the message would fall apart.
        _id ??= ResponseReader.Id(chunk);
        _model ??= chunk.Text("model");
        _created ??= chunk.Created();
        // Usage may come in every chunk, counted up: the last is the whole.
        _usage = chunk.Usage() ?? _usage;

        if (chunk.Items("choices").FirstOrDefault() is not { ValueKind: JsonValueKind.Object } choice)
            return null;

        errors.ThrowIfError(choice);
        _usage = choice.Usage() ?? _usage;
        _finish ??= choice.FinishReason();
        return choice.Get("delta") is { } delta ? AddDelta(delta) : null;
    }

    /// <summary>The last update.</summary>
    public ChatResponseUpdate Finish()
    {
        var contents = Said(_reasoning.End(), _text.End());
        if (_refusal.Length > 0)
            contents.Add(ResponseReader.Refusal(WireText.Clean(_refusal.ToString())));
        contents.AddRange(_calls.Build());
        if (_usage is not null)
            contents.Add(new UsageContent(_usage));

        var update = Update(contents);
        update.FinishReason = ResponseReader.Finish(_finish, _calls);
        return update;
    }

    private ChatResponseUpdate? AddDelta(JsonElement delta)
    {
        _calls.AddDelta(delta);
        _refusal.Append(delta.RawText("refusal"));
        var contents = Said(_reasoning.Add(delta.ReasoningText()), _text.Add(delta.ContentText()));
        return contents.Count == 0 ? null : Update(contents);
    }

    private static List<AIContent> Said(string reasoning, string text)
    {
        List<AIContent> contents = [];
        if (reasoning.Length > 0)
            contents.Add(new TextReasoningContent(reasoning));
        if (text.Length > 0)
            contents.Add(new TextContent(text));
        return contents;
    }

    private ChatResponseUpdate Update(List<AIContent> contents) => new(ChatRole.Assistant, contents)
    {
        ResponseId = _id,
        MessageId = _id,
        ModelId = _model,
        CreatedAt = _created,
    };
}
