using System.ClientModel.Primitives;
using System.Globalization;

namespace AgentCore.Providers.OpenAI;

/// <summary>How long a server asks to wait: <c>retry-after-ms</c>, or <c>Retry-After</c> in seconds or as a date (RFC 9110, 10.2.3).</summary>
internal static class RetryAfterHeader
{
    public static TimeSpan? Read(PipelineResponseHeaders headers, TimeProvider time)
    {
        if (headers.TryGetValue("retry-after-ms", out var text) && TryNumber(text, out var milliseconds))
            return TimeSpan.FromMilliseconds(milliseconds);
        if (!headers.TryGetValue("Retry-After", out text))
            return null;
        if (TryNumber(text, out var seconds))
            return TimeSpan.FromSeconds(seconds);
        if (!DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var date))
            return null;

        var wait = date - time.GetUtcNow();
        return wait > TimeSpan.Zero ? wait : TimeSpan.Zero;
    }

    // A year is longer than anyone waits, and keeps a hostile number from overflowing a TimeSpan.
    private static bool TryNumber(string? text, out double value) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out value) && value is >= 0 and <= 365 * 86_400_000d;
}
