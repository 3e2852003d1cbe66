using System.Security.Cryptography;
using System.Text;
using AgentCore.Checkpoints.Files;

namespace AgentCore.Checkpoints;

/// <summary>The key of an encrypted store: a passphrase or 32 random bytes. Read it from the environment or a file; it is
/// never written, logged or shown.</summary>
public sealed class EncryptionKey
{
    private const string Raw = "hkdf-sha256";
    private const string Passphrase = "pbkdf2-sha256";
    // OWASP's figure for PBKDF2-HMAC-SHA256; it is stored with the store, so it may rise.
    private const int Iterations = 600_000;
    private const int MostIterations = 10_000_000;

    private readonly byte[] _secret;
    private readonly string _derivation;

    private EncryptionKey(byte[] secret, string derivation)
    {
        _secret = secret;
        _derivation = derivation;
    }

    /// <summary>A key from a passphrase, strengthened by PBKDF2 (about a quarter of a second at each opening).</summary>
    /// <param name="passphrase">At least 8 characters.</param>
    public static EncryptionKey FromPassphrase(string passphrase)
    {
        ArgumentNullException.ThrowIfNull(passphrase);
        return passphrase.Length >= 8
            ? new EncryptionKey(Encoding.UTF8.GetBytes(passphrase), Passphrase)
            : throw new ArgumentException("The passphrase is shorter than 8 characters; choose a longer one.", nameof(passphrase));
    }

    /// <summary>A key of 32 random bytes.</summary>
    /// <param name="key">Exactly 32 bytes.</param>
    public static EncryptionKey FromBytes(ReadOnlySpan<byte> key) => key.Length == 32
        ? new EncryptionKey(key.ToArray(), Raw)
        : throw new ArgumentException($"The key has {key.Length} bytes; give exactly 32.", nameof(key));

    /// <summary>Says what kind of key this is, never its value.</summary>
    public override string ToString() => $"EncryptionKey ({_derivation})";

    internal ManifestKey NewManifestKey()
    {
        var key = new ManifestKey(_derivation, RandomNumberGenerator.GetBytes(16), _derivation == Passphrase ? Iterations : 0, []);
        return key with { Check = Check(Derive(key)) };
    }

    /// <summary>Derives the store's key.</summary>
    /// <exception cref="StoreException">It is not the key that the store was created with.</exception>
    internal byte[] Open(ManifestKey manifest, string folder)
    {
        if (manifest.Derivation != _derivation)
            throw new StoreException($"The store '{folder}' needs a key of the kind {manifest.Derivation}, and got one of the kind "
                + $"{_derivation}: {(manifest.Derivation == Passphrase ? "give the passphrase" : "give the 32 bytes")} it was created with.");
        if (manifest.Iterations is < 0 or > MostIterations)
            throw new StoreException($"The manifest of '{folder}' asks for {manifest.Iterations} rounds of PBKDF2; the limit is {MostIterations}. Restore it from a backup.");
        var key = Derive(manifest);
        return CryptographicOperations.FixedTimeEquals(Check(key), manifest.Check)
            ? key
            : throw new StoreException($"The key does not open the store '{folder}': it was encrypted with another one.");
    }

    private byte[] Derive(ManifestKey manifest) => _derivation == Passphrase
        ? Rfc2898DeriveBytes.Pbkdf2(_secret, manifest.Salt, manifest.Iterations, HashAlgorithmName.SHA256, 32)
        : HKDF.DeriveKey(HashAlgorithmName.SHA256, _secret, 32, manifest.Salt, "agentcore store"u8.ToArray());

    private static byte[] Check(byte[] key) =>
        HKDF.DeriveKey(HashAlgorithmName.SHA256, key, 16, null, "agentcore key check"u8.ToArray());
}
