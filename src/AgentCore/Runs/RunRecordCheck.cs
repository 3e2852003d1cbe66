using System.Globalization;
using System.Text.Json;

namespace AgentCore.Runs;

/// <summary>Whether a record has what its kind needs, so that nothing that reads it has to ask.</summary>
internal static class RunRecordCheck
{
    private static readonly long MinTime = DateTimeOffset.MinValue.ToUnixTimeMilliseconds();
    private static readonly long MaxTime = DateTimeOffset.MaxValue.ToUnixTimeMilliseconds();

    /// <summary>Checks a record.</summary>
    /// <param name="record">The record.</param>
    /// <exception cref="JsonException">It lacks something; the message says what.</exception>
    public static void Check(RunRecord record)
    {
        if (record.At < MinTime || record.At > MaxTime)
            throw new JsonException($"its time is {record.At}");
        if (record.Path.Length > 0 ? !IsPlace(record.Path) : NeedsPlace(record.Kind))
            throw new JsonException($"its place in the run is '{record.Path}'");
        if (record.Name is null && record.Kind is RunRecord.Run or RunRecord.Intent or RunRecord.Scope or RunRecord.Ask or RunRecord.Version)
            throw new JsonException("it has no name");

        switch (record.Kind)
        {
            case RunRecord.Run when Read<AgentTask>(record.Value) is null:
                throw new JsonException("it has no task");
            case RunRecord.Run:
                StateBag.Read(record.Extra);
                break;
            case RunRecord.Fail when record.Error is not { Type: not null, Message: not null }:
                throw new JsonException("it has no error");
            case RunRecord.Decide when !IsNameOf<Verdict>(record.Type):
                throw new JsonException($"its verdict is '{record.Type}'; a newer version may have written it");
            case RunRecord.Close or RunRecord.End when !IsNameOf<RunStatus>(record.Type):
                throw new JsonException($"its status is '{record.Type}'; a newer version may have written it");
            case RunRecord.End:
            case RunRecord.Close when !record.Value.IsEmpty:
                RunLog.Result(record);
                break;
            case RunRecord.Version when record.Number is not (>= 0 and <= int.MaxValue):
                throw new JsonException($"its version is {record.Number}");
            case RunRecord.Attempt when record.List?.All(IsPlace) == false:
                throw new JsonException("a step that it does again has no place");
        }
    }

    private static T? Read<T>(ReadOnlyMemory<byte> json) => JsonSerializer.Deserialize<T>(json.Span, AgentJson.Options);

    private static bool NeedsPlace(string kind) => kind is RunRecord.Intent or RunRecord.Done or RunRecord.Fail or RunRecord.Unknown
        or RunRecord.Scope or RunRecord.Close or RunRecord.Ask or RunRecord.Decide;

    /// <summary>Whether it is ordinals joined by dots.</summary>
    private static bool IsPlace(string? path)
    {
        foreach (var part in path.AsSpan().Split('.'))
        {
            if (!int.TryParse(path.AsSpan()[part], NumberStyles.None, CultureInfo.InvariantCulture, out _))
                return false;
        }

        return true;
    }

    private static bool IsNameOf<T>(string? name) where T : struct, Enum => Enum.TryParse<T>(name, out var value) && Enum.GetName(value) == name;
}
