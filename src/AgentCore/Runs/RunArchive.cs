using System.Text.Json;
using System.Text.Json.Serialization;
using AgentCore.Checkpoints;

namespace AgentCore.Runs;

/// <summary>Runs as files, to move them between stores of any kind: lines of JSON, the first with the run's summary, then its
/// large values and records. A session that a run went on with is not part of it.</summary>
public static class RunArchive
{
    private const string Format = "agentcore-run";
    private const int Version = 1;
    private const int MaxBatchBytes = StoreLimits.MaxBatchBytes / 2;

    private static readonly JsonSerializerOptions Json = new(AgentJson.Options);

    /// <summary>Writes a run to a file.</summary>
    /// <param name="store">The store that has it.</param>
    /// <param name="id">The run's id.</param>
    /// <param name="writer">Where it goes.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="ArgumentException">There is no such run.</exception>
    public static async Task ExportAsync(ICheckpointStore store, string id, TextWriter writer, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(store);
        ArgumentNullException.ThrowIfNull(writer);
        var summary = (await new RunHistory(store).ReadAsync(id, cancellationToken).ConfigureAwait(false)).Summary;
        await WriteAsync(writer, new Line { Format = Format, Version = Version, Run = summary }).ConfigureAwait(false);
        var position = 0L;
        await foreach (var data in store.ReadAsync(id, 0, cancellationToken).ConfigureAwait(false))
        {
            if (RunRecordFormat.Read(data, id, position++).Blob is { } blob)
                await WriteAsync(writer, new Line { Blob = blob, Data = (await store.GetBlobAsync(id, blob, cancellationToken).ConfigureAwait(false)).ToArray() }).ConfigureAwait(false);
            await WriteAsync(writer, new Line { Record = data.ToArray() }).ConfigureAwait(false);
        }
    }

    /// <summary>Reads a run from a file into a store, under its own id.</summary>
    /// <param name="store">The store.</param>
    /// <param name="reader">The file.</param>
    /// <param name="cancellationToken">Gives up; what was read so far is not shown in lists.</param>
    /// <returns>The run.</returns>
    /// <exception cref="ArgumentException">The file is no such archive, or is damaged; the message names the line. Or the store
    /// has a run of this id.</exception>
    public static async Task<RunSummary> ImportAsync(ICheckpointStore store, TextReader reader, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(store);
        ArgumentNullException.ThrowIfNull(reader);
        var summary = Header(await ReadAsync(reader, 1, cancellationToken).ConfigureAwait(false));
        if (await store.GetAsync(RunLog.Collection, summary.Id, cancellationToken).ConfigureAwait(false) is not null)
            throw new ArgumentException($"The store has a run {summary.Id} already. Delete it first to import it again.", nameof(reader));

        // What an import that broke off has left.
        await store.CommitAsync(new StoreBatch().DeleteLog(summary.Id), cancellationToken).ConfigureAwait(false);
        var blobs = new Dictionary<string, string>(StringComparer.Ordinal);
        var batch = new StoreBatch();
        var (position, bytes, number) = (0L, 0L, 1L);
        while (await ReadAsync(reader, ++number, cancellationToken).ConfigureAwait(false) is { } line)
        {
            if (line is { Blob: { } blob, Data: { } data })
            {
                blobs[blob] = await store.PutBlobAsync(summary.Id, data, cancellationToken).ConfigureAwait(false);
                continue;
            }

            var record = Record(line, summary.Id, position, number);
            if (record.Blob is { } old)
                record = record with { Blob = blobs.GetValueOrDefault(old) ?? throw Damaged(number, "it refers to a large value that the file doesn't have") };
            var written = RunRecordFormat.Write(record);
            if (bytes + written.Length > MaxBatchBytes)
            {
                await store.CommitAsync(batch, cancellationToken).ConfigureAwait(false);
                (batch, bytes) = (new StoreBatch(), 0);
            }

            batch.Append(summary.Id, position++, written);
            bytes += written.Length;
        }

        if (position == 0)
            throw Damaged(number, "it has no records");
        batch.Durable = true;
        RunLog.Put(batch, summary);
        await store.CommitAsync(batch, cancellationToken).ConfigureAwait(false);
        return summary;
    }

    private static RunSummary Header(Line? line) => line is { Format: Format, Run: { } run }
        ? line.Version != Version ? throw new ArgumentException($"The file is an archive of version {line.Version}; this program reads version {Version}. Update it.")
            : run is { Id.Length: > 0, Agent: not null, Input: not null, Labels: not null } ? run : throw Damaged(1, "its summary is not whole")
        : throw new ArgumentException("The file is no archive of a run; 'agentcore runs export' makes one.");

    private static RunRecord Record(Line line, string id, long position, long number)
    {
        try
        {
            var record = RunRecordFormat.Read(line.Record ?? throw Damaged(number, "it is neither a record nor a large value"), id, position);
            return position > 0 || record.Kind == RunRecord.Run ? record : throw Damaged(number, "the first record doesn't begin a run");
        }
        catch (StoreException e)
        {
            throw Damaged(number, e.Message);
        }
    }

    private static async Task WriteAsync(TextWriter writer, Line line) =>
        await writer.WriteLineAsync(JsonSerializer.Serialize(line, Json)).ConfigureAwait(false);

    private static async Task<Line?> ReadAsync(TextReader reader, long number, CancellationToken cancellationToken)
    {
        var text = await reader.ReadLineAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            return text is null ? null : JsonSerializer.Deserialize<Line>(text, Json) ?? throw Damaged(number, "it is empty");
        }
        catch (JsonException e)
        {
            throw Damaged(number, $"it is not JSON ({e.Message})");
        }
    }

    private static ArgumentException Damaged(long line, string what) => new($"Line {line} of the archive is damaged: {what}. Export the run again.");

    private sealed record Line
    {
        [JsonPropertyName("format")]
        public string? Format { get; init; }

        [JsonPropertyName("version")]
        public int? Version { get; init; }

        [JsonPropertyName("run")]
        public RunSummary? Run { get; init; }

        [JsonPropertyName("blob")]
        public string? Blob { get; init; }

        [JsonPropertyName("data")]
        public byte[]? Data { get; init; }

        [JsonPropertyName("record")]
        public byte[]? Record { get; init; }
    }
}
