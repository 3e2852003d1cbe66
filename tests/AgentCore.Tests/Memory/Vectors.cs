using Microsoft.Extensions.AI;

namespace AgentCore.Tests.Memory;

/// <summary>Vectors of three meanings: pets, money, weather. Deterministic, and fails when it is told to.</summary>
internal sealed class Vectors(string model = "meanings") : IEmbeddingGenerator<string, Embedding<float>>
{
    private static readonly string[][] Meanings = [["dog", "cat", "puppy", "animal"], ["invoice", "price", "bill"], ["rain", "snow", "sunny"]];

    public bool Fails { get; set; }

    public int Calls { get; private set; }

    public Task<GeneratedEmbeddings<Embedding<float>>> GenerateAsync(
        IEnumerable<string> values, EmbeddingGenerationOptions? options = null, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        Calls++;
        return Fails
            ? throw new HttpRequestException("503")
            : Task.FromResult(new GeneratedEmbeddings<Embedding<float>>(values.Select(v => new Embedding<float>(
                Meanings.Select(m => (float)m.Count(w => v.Contains(w, StringComparison.OrdinalIgnoreCase))).ToArray()))));
    }

    public object? GetService(Type serviceType, object? serviceKey = null) =>
        serviceType == typeof(EmbeddingGeneratorMetadata) ? new EmbeddingGeneratorMetadata("test", null, model) : null;

    public void Dispose()
    {
        // Nothing is held.
    }
}
