using System.Buffers.Binary;
using System.Security.Cryptography;

namespace AgentCore.Checkpoints.Files;

/// <summary>AES-256-GCM for one file, under a key of its own: HKDF of the store's key and the file's random salt.</summary>
/// <remarks>Nonces are random: an offset would repeat one after a torn tail was cut and written again.</remarks>
internal sealed class SegmentCipher : IDisposable
{
    public const int NonceBytes = 12;
    public const int TagBytes = 16;

    private readonly AesGcm _aes;
    private readonly ulong _salt;
    private readonly Lock _lock = new();

    public SegmentCipher(ReadOnlySpan<byte> storeKey, ulong salt, string purpose)
    {
        Span<byte> key = stackalloc byte[32];
        Span<byte> saltBytes = stackalloc byte[8];
        BinaryPrimitives.WriteUInt64LittleEndian(saltBytes, salt);
        HKDF.DeriveKey(HashAlgorithmName.SHA256, storeKey, key, saltBytes, System.Text.Encoding.UTF8.GetBytes("agentcore " + purpose));
        _aes = new AesGcm(key, TagBytes);
        _salt = salt;
        CryptographicOperations.ZeroMemory(key);
    }

    /// <summary>Encrypts in place: room for the nonce, the plain bytes, room for the tag.</summary>
    public void Seal(Span<byte> sealedBytes, long offset)
    {
        var nonce = sealedBytes[..NonceBytes];
        var content = sealedBytes[NonceBytes..^TagBytes];
        RandomNumberGenerator.Fill(nonce);
        Span<byte> place = stackalloc byte[16];
        Place(place, offset);
        lock (_lock)
            _aes.Encrypt(nonce, content, content, sealedBytes[^TagBytes..], place);
    }

    /// <summary>Decrypts in place and returns the plain bytes; null when they are not what was sealed here.</summary>
    public Memory<byte>? Open(Memory<byte> sealedBytes, long offset)
    {
        if (sealedBytes.Length < NonceBytes + TagBytes)
            return null;
        var content = sealedBytes[NonceBytes..^TagBytes];
        Span<byte> place = stackalloc byte[16];
        Place(place, offset);
        try
        {
            lock (_lock)
                _aes.Decrypt(sealedBytes.Span[..NonceBytes], content.Span, sealedBytes.Span[^TagBytes..], content.Span, place);
            return content;
        }
        catch (AuthenticationTagMismatchException)
        {
            return null;
        }
    }

    public void Dispose() => _aes.Dispose();

    private void Place(Span<byte> place, long offset)
    {
        BinaryPrimitives.WriteUInt64LittleEndian(place, _salt);
        BinaryPrimitives.WriteInt64LittleEndian(place[8..], offset);
    }
}
