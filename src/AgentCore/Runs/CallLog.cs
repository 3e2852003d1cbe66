using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.Extensions.AI;

namespace AgentCore.Runs;

/// <summary>The tool calls within a scope, as far as it takes to see which tools were called and whether a call and its result
/// repeat.</summary>
internal sealed class CallLog
{
    private static readonly Comparer<string> StepOrder = Comparer<string>.Create(Compare);

    private readonly Lock _lock = new();
    private List<(string Path, string Tool, UInt128 Key)> _calls = [];

    /// <summary>Writes a call into the logs of a context and those that it is a part of.</summary>
    public static void Write(AgentContext context, string tool, AIFunctionArguments arguments, object? outcome)
    {
        UInt128? key = null;
        string? path = null;
        for (var scope = context; scope is not null; scope = scope.Parent)
        {
            if (scope.Calls is { } log)
                log.Add(path ??= context.LastPath, tool, key ??= KeyOf(tool, arguments, outcome));
        }
    }

    /// <summary>Takes what was written since the last time, in the order of the steps: that of calls made at once is chance.</summary>
    public IReadOnlyList<(string Tool, UInt128 Key)> Take()
    {
        lock (_lock)
        {
            if (_calls.Count == 0)
                return [];
            var calls = _calls;
            _calls = [];
            return [.. calls.OrderBy(c => c.Path, StepOrder).Select(c => (c.Tool, c.Key))];
        }
    }

    private void Add(string path, string tool, UInt128 key)
    {
        lock (_lock)
            _calls.Add((path, tool, key));
    }

    private static int Compare(string left, string right)
    {
        var (a, b) = (left.Split('.'), right.Split('.'));
        for (var i = 0; i < a.Length && i < b.Length; i++)
        {
            if (int.Parse(a[i], CultureInfo.InvariantCulture).CompareTo(int.Parse(b[i], CultureInfo.InvariantCulture)) is var order and not 0)
                return order;
        }

        return a.Length.CompareTo(b.Length);
    }

    private static UInt128 KeyOf(string tool, AIFunctionArguments arguments, object? outcome)
    {
        Span<byte> hash = stackalloc byte[32];
        SHA256.HashData(JsonSerializer.SerializeToUtf8Bytes(new object?[] { tool, Json(arguments.ToDictionary()), Json(outcome) }, AgentJson.Options), hash);
        return System.Buffers.Binary.BinaryPrimitives.ReadUInt128LittleEndian(hash);
    }

    private static string Json(object? value)
    {
        try
        {
            return JsonSerializer.Serialize(value, value?.GetType() ?? typeof(object), AgentJson.Options);
        }
        catch (Exception e) when (e is JsonException or NotSupportedException or InvalidOperationException)
        {
            return value?.ToString() ?? "";
        }
    }
}
