using System.Globalization;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.AI;

namespace AgentCore.Runs;

/// <summary>A leaf about to be done.</summary>
internal readonly record struct StepCall(string Kind, string Name, string? Hash, bool Repeatable, TimeSpan? Timeout)
{
    private const int MostShown = 1024 * 1024;

    /// <summary>What it is asked, as JSON.</summary>
    public byte[]? Arguments { get; init; }

    /// <summary>The arguments as the journal has them, for people to read: of very large ones the beginning. The hash is of them
    /// all.</summary>
    public byte[]? Shown => Arguments is { Length: > MostShown } large
        ? JsonSerializer.SerializeToUtf8Bytes(string.Create(CultureInfo.InvariantCulture, $"{Encoding.UTF8.GetString(large, 0, 1_000)}… ({large.Length:#,0} bytes in all)"), AgentJson.Options)
        : Arguments;

    public bool NeedsApproval { get; init; }

    /// <summary>Reserves the tokens of a model call; null where the run has no limit.</summary>
    public Func<CancellationToken, ValueTask<TokenReservation?>>? ReserveAsync { get; init; }

    /// <summary>Whether the work is told its idempotency key even where no journal is kept.</summary>
    public bool NeedsKey => Kind == "step";
}

/// <summary>What a step returns, as a person is told who says that it was done.</summary>
internal abstract class StepCodec
{
    /// <summary>The result in words; null where the step has none.</summary>
    public virtual string? Returns => ResultShape.Any;

    /// <summary>Whether it can't go on without one.</summary>
    public virtual bool NeedsResult => false;
}

/// <summary>How a step's value goes to the journal and comes back.</summary>
internal abstract class StepCodec<T> : StepCodec
{
    public abstract byte[] Write(T value);

    public abstract T Read(ReadOnlyMemory<byte> json);

    public virtual UsageDetails? Usage(T value) => null;
}

internal sealed class JsonCodec<T>(StateMigrations? migrations) : StepCodec<T>
{
    private static readonly JsonCodec<T> Plain = new(null);

    public static JsonCodec<T> For(StateMigrations? migrations) => migrations is null ? Plain : new(migrations);

    public override string? Returns => ResultShape.Of(typeof(T));

    public override bool NeedsResult => !TakesNull();

    public override byte[] Write(T value) => TypedJson<T>.WriteBytes(value);

    public override T Read(ReadOnlyMemory<byte> json) => TypedJson<T>.Read(json, migrations)!;

    // A null in the place of an object would only break the agent's code later.
    private static bool TakesNull()
    {
        try
        {
            return Nullable.GetUnderlyingType(typeof(T)) is not null || JsonSerializer.Deserialize<T>("null", AgentJson.Options) is not null;
        }
        catch (Exception)
        {
            // A user's type: its own code may throw anything.
            return false;
        }
    }
}

/// <summary>The result of a step that has none: whatever is kept for it will do.</summary>
internal sealed class NothingCodec : StepCodec<bool>
{
    public static NothingCodec Instance { get; } = new();

    public override string? Returns => null;

    public override byte[] Write(bool value) => "true"u8.ToArray();

    public override bool Read(ReadOnlyMemory<byte> json) => true;
}

/// <summary>Values of any type, which come back as <see cref="JsonElement"/>.</summary>
internal sealed class ObjectCodec : StepCodec<object?>
{
    public static ObjectCodec Instance { get; } = new();

    public override byte[] Write(object? value) => value switch
    {
        AIContent content => JsonSerializer.SerializeToUtf8Bytes(content, AgentJson.Options),
        _ => JsonSerializer.SerializeToUtf8Bytes(value, value?.GetType() ?? typeof(object), AgentJson.Options),
    };

    public override object? Read(ReadOnlyMemory<byte> json)
    {
        var element = JsonSerializer.Deserialize<JsonElement>(json.Span, AgentJson.Options);
        return element.ValueKind == JsonValueKind.Null ? null : element;
    }
}

internal sealed class ChatResponseCodec : StepCodec<ChatResponse>
{
    // A call's exception is not part of its JSON; without it a call whose arguments could not be read would come back as one
    // without arguments, and would be run.
    private const string ArgumentsError = "arguments_error";

    public static ChatResponseCodec Instance { get; } = new();

    public override string? Returns => "a model's reply, as JSON";

    public override bool NeedsResult => true;

    public override byte[] Write(ChatResponse value)
    {
        foreach (var call in Calls(value).Where(c => c.Exception is not null))
            (call.AdditionalProperties ??= [])[ArgumentsError] = call.Exception!.Message;
        return JsonSerializer.SerializeToUtf8Bytes(value, AgentJson.Options);
    }

    public override ChatResponse Read(ReadOnlyMemory<byte> json)
    {
        var value = JsonSerializer.Deserialize<ChatResponse>(json.Span, AgentJson.Options) ?? throw new JsonException("It is no reply of a model.");
        foreach (var call in Calls(value))
        {
            if (call.AdditionalProperties?.TryGetValue(ArgumentsError, out var message) == true)
                call.Exception = new JsonException(message?.ToString());
        }

        return value;
    }

    public override UsageDetails? Usage(ChatResponse value) => value.Usage is { } usage ? UsageSum.Told(usage) : null;

    private static IEnumerable<FunctionCallContent> Calls(ChatResponse value) => value.Messages.SelectMany(m => m.Contents).OfType<FunctionCallContent>();
}
