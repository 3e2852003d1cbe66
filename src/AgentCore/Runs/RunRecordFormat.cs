using System.Buffers;
using System.Text;
using System.Text.Json;
using AgentCore.Checkpoints;
using Microsoft.Extensions.AI;

namespace AgentCore.Runs;

/// <summary>Records as compact JSON. A property that an older version doesn't know is passed over; a kind that it doesn't know
/// is refused, as is a run of a newer format version: skipping one could repeat what was done.</summary>
internal static class RunRecordFormat
{
    /// <summary>The version that new runs are written in.</summary>
    public const int Version = 1;

    private static readonly JsonWriterOptions WriterOptions = new() { SkipValidation = true };

    public static byte[] Write(RunRecord record)
    {
        var buffer = new ArrayBufferWriter<byte>(192 + record.Value.Length + record.Extra.Length);
        using (var json = new Utf8JsonWriter(buffer, WriterOptions))
        {
            json.WriteStartObject();
            json.WriteString("k"u8, record.Kind);
            json.WriteNumber("at"u8, record.At);
            if (record.Path.Length > 0)
                json.WriteString("p"u8, record.Path);
            if (record.Name is not null)
                json.WriteString("n"u8, record.Name);
            if (record.Type is not null)
                json.WriteString("t"u8, record.Type);
            if (record.Hash is not null)
                json.WriteString("h"u8, record.Hash);
            if (record.Repeatable)
                json.WriteBoolean("r"u8, true);
            if (record.Number is { } number)
                json.WriteNumber("i"u8, number);
            if (record.Blob is not null)
                json.WriteString("b"u8, record.Blob);
            if (record.Text is not null)
                json.WriteString("x"u8, record.Text);
            if (record.Origin is not null)
                json.WriteString("o"u8, record.Origin);
            if (record.Expires is { } expires)
                json.WriteNumber("until"u8, expires);
            if (record.SessionPosition is { } position)
                json.WriteNumber("s"u8, position);
            if (record.List is not null)
                WriteList(json, record.List);
            if (record.Error is not null)
                WriteError(json, record.Error);
            if (record.Usage is not null)
                WriteUsage(json, record.Usage);
            if (record.Extra.Length > 0)
                WriteRaw(json, "a"u8, record.Extra);
            if (record.Value.Length > 0)
                WriteRaw(json, "v"u8, record.Value);
            json.WriteEndObject();
        }

        return buffer.WrittenSpan.ToArray();
    }

    public static RunRecord Read(ReadOnlyMemory<byte> data, string run, long position)
    {
        try
        {
            var record = Parse(data);
            if (!RunRecord.IsKnown(record.Kind))
                throw new StoreException($"Record {position} of run {run} is of kind '{record.Kind}', which this version of AgentCore doesn't know. It was written by a newer version: use that one.");
            if (record.Kind == RunRecord.Run && record.Number > Version)
                throw new StoreException($"Run {run} is in format {record.Number}; this version of AgentCore reads up to {Version}. It was written by a newer version: use that one.");

            RunRecordCheck.Check(record);
            return record;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or FormatException or ArgumentException or NotSupportedException)
        {
            throw new StoreException($"Record {position} of run {run} is damaged: {e.Message}", e);
        }
    }

    private static RunRecord Parse(ReadOnlyMemory<byte> data)
    {
        var json = new Utf8JsonReader(data.Span);
        var record = new RunRecord("");
        if (!json.Read() || json.TokenType != JsonTokenType.StartObject)
            throw new JsonException("it is not a JSON object");

        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            var name = json.ValueSpan;
            if (name.SequenceEqual("v"u8) || name.SequenceEqual("a"u8))
            {
                var isValue = name[0] == (byte)'v';
                json.Read();
                var start = (int)json.TokenStartIndex;
                json.Skip();
                var raw = data[start..(int)json.BytesConsumed];
                record = isValue ? record with { Value = raw } : record with { Extra = raw };
                continue;
            }

            record = ReadProperty(ref json, name, record);
        }

        if (json.TokenType != JsonTokenType.EndObject || record.Kind.Length == 0)
            throw new JsonException("it is cut short or has no kind");
        return record;
    }

    private static RunRecord ReadProperty(ref Utf8JsonReader json, ReadOnlySpan<byte> name, RunRecord record)
    {
        json.Read();
        switch (Encoding.UTF8.GetString(name))
        {
            case "k": return record with { Kind = KnownKind(ref json) };
            case "at": return record with { At = json.GetInt64() };
            case "p": return record with { Path = json.GetString() ?? "" };
            case "n": return record with { Name = json.GetString() };
            case "t": return record with { Type = json.GetString() };
            case "h": return record with { Hash = json.GetString() };
            case "r": return record with { Repeatable = json.GetBoolean() };
            case "i": return record with { Number = json.GetInt64() };
            case "b": return record with { Blob = json.GetString() };
            case "x": return record with { Text = json.GetString() };
            case "until": return record with { Expires = json.GetInt64() };
            case "s": return record with { SessionPosition = json.GetInt64() };
            case "o": return record with { Origin = json.GetString() };
            case "l": return record with { List = JsonSerializer.Deserialize<List<string>>(ref json, AgentJson.Options) };
            case "e": return record with { Error = JsonSerializer.Deserialize<AgentError>(ref json, AgentJson.Options) };
            case "u": return record with { Usage = JsonSerializer.Deserialize<UsageDetails>(ref json, AgentJson.Options) };
            default:
                json.Skip();
                return record;
        }
    }

    private static string KnownKind(ref Utf8JsonReader json)
    {
        var kind = json.GetString()!;
        return string.IsInterned(kind) ?? kind;
    }

    private static void WriteRaw(Utf8JsonWriter json, ReadOnlySpan<byte> name, ReadOnlyMemory<byte> value)
    {
        json.WritePropertyName(name);
        json.WriteRawValue(value.Span, skipInputValidation: true);
    }

    private static void WriteList(Utf8JsonWriter json, IReadOnlyList<string> list)
    {
        json.WriteStartArray("l"u8);
        foreach (var item in list)
            json.WriteStringValue(item);
        json.WriteEndArray();
    }

    private static void WriteError(Utf8JsonWriter json, AgentError error)
    {
        json.WritePropertyName("e"u8);
        JsonSerializer.Serialize(json, error, AgentJson.Options);
    }

    private static void WriteUsage(Utf8JsonWriter json, UsageDetails usage)
    {
        json.WritePropertyName("u"u8);
        JsonSerializer.Serialize(json, usage, AgentJson.Options);
    }
}
