using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace AgentCore.Runs;

/// <summary>Ids of runs: the time to the millisecond, so that they sort by age, and 40 random bits.</summary>
internal static class RunId
{
    public static string New(DateTimeOffset now)
    {
        Span<byte> random = stackalloc byte[5];
        RandomNumberGenerator.Fill(random);
        return string.Create(CultureInfo.InvariantCulture, $"{now.UtcDateTime:yyyyMMdd-HHmmssfff}-{Convert.ToHexStringLower(random)}");
    }

    /// <summary>The same key for the same step of the same run.</summary>
    public static string IdempotencyKey(string run, string path) => $"{run}/{path}";

    /// <summary>A number that depends on a run, a scope and a purpose alone.</summary>
    public static ulong Derive(string run, string path, string purpose)
    {
        Span<byte> hash = stackalloc byte[32];
        SHA256.HashData(Encoding.UTF8.GetBytes($"{run}\n{path}\n{purpose}"), hash);
        return BitConverter.ToUInt64(hash);
    }
}
