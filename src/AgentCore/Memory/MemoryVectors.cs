using Microsoft.Extensions.AI;

namespace AgentCore.Memory;

/// <summary>Vectors of texts. They are an index beside the words: where none can be made, words still find.</summary>
internal sealed class MemoryVectors(IEmbeddingGenerator<string, Embedding<float>> embeddings)
{
    /// <summary>The model; vectors of another one are not compared.</summary>
    public string Model { get; } =
        (embeddings.GetService(typeof(EmbeddingGeneratorMetadata)) as EmbeddingGeneratorMetadata)?.DefaultModelId ?? "embeddings";

    /// <summary>Makes a text's vector, or says why it could not.</summary>
    public async Task<MemoryVector> TryMakeAsync(string text, CancellationToken cancellationToken)
    {
        try
        {
            var made = await embeddings.GenerateAsync([text], cancellationToken: cancellationToken).ConfigureAwait(false);
            return made.Count == 1 && made[0].Vector.Length > 0
                ? new MemoryVector(made[0].Vector, null)
                : new MemoryVector(null, $"The embedding model '{Model}' returned no vector; found by words alone.");
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
        {
            return new MemoryVector(null, $"The embedding model '{Model}' failed ({e.Message}); found by words alone.");
        }
    }

    /// <summary>A line where some memories have no vector of this model; null where all have.</summary>
    public string? Missing(IEnumerable<StoredMemory> memories)
    {
        var missing = memories.Count(m => m.Vector is null || m.Model != Model);
        return missing == 0 ? null : $"{missing} memories have no vector of '{Model}' and are found by words alone; remember them again to add it.";
    }
}

/// <summary>A vector, or why there is none.</summary>
internal sealed record MemoryVector(ReadOnlyMemory<float>? Values, string? Problem);
