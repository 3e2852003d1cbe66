using System.Text.Json;
using AgentCore.Checkpoints;
using AgentCore.Hosting.Definitions;
using AgentCore.Plugins;

namespace AgentCore.Hosting.Stores;

/// <summary>Where a workspace keeps its runs, and in which kind of store.</summary>
/// <param name="Kind">The kind: <c>file</c>, or one that a plugin adds.</param>
/// <param name="Folder">The store's folder.</param>
/// <param name="Exists">Whether the workspace has a store already, and with it a kind that it keeps.</param>
/// <param name="Reason">Why this kind, in a line.</param>
public sealed record StoreChoice(string Kind, string Folder, bool Exists, string Reason)
{
    private const string PreferredKind = "litedb";

    private static readonly JsonSerializerOptions Json = new() { WriteIndented = true, PropertyNamingPolicy = JsonNamingPolicy.CamelCase };

    /// <summary>The kind that the workspace was made with; for a new one the kind that is asked for, else LiteDB where its
    /// plugin is loaded, else the file store.</summary>
    /// <exception cref="StoreException">The workspace has another kind than was asked for, or one that no plugin has.</exception>
    internal static StoreChoice For(string workspace, string? asked, string? configured, PluginRegistry registry)
    {
        var root = Path.Combine(workspace, "checkpoints", "runs");
        if (Recorded(root) is { } recorded)
        {
            if (!registry.Stores.ContainsKey(recorded))
                throw new StoreException($"This workspace keeps its runs in a store of the kind '{recorded}' ({root}), and no plugin that was loaded has that kind. Loaded are: {Kinds(registry)}. Install the plugin, or use the program that made the workspace.");
            if (asked is not null && asked != recorded)
                throw new StoreException($"This workspace keeps its runs in a store of the kind '{recorded}', not '{asked}'. Leave --store out; to change the kind, export the runs ('agentcore runs export'), begin a new workspace, and import them there.");
            return new StoreChoice(recorded, Path.Combine(root, recorded), true, "the workspace was made with it");
        }

        var kind = asked ?? configured ?? (registry.Stores.ContainsKey(PreferredKind) ? PreferredKind : "file");
        if (!registry.Stores.ContainsKey(kind))
            throw new UnknownNameException("kind of store", kind, registry.Stores.Keys);

        var reason = asked is not null ? "it was asked for with --store" : configured is not null ? "agentcore.yaml says so"
            : kind == PreferredKind ? "the default where its plugin is loaded" : "the default where no plugin adds another";
        return new StoreChoice(kind, Path.Combine(root, kind), false, reason);
    }

    /// <summary>Notes the kind in the workspace, so that it keeps it.</summary>
    internal void Record()
    {
        var root = Path.GetDirectoryName(Folder)!;
        try
        {
            Directory.CreateDirectory(root);
            var file = Path.Combine(root, "store.json");
            var draft = file + $".{Environment.ProcessId}.tmp";
            File.WriteAllText(draft, JsonSerializer.Serialize(new StoreNote(Kind), Json) + "\n");
            File.Move(draft, file, overwrite: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new StoreException(Unwritable(root, e), e);
        }
    }

    /// <summary>Why runs can't be kept here: the store's folder, or the one that it would be made in, can't be written to. Null where it can.</summary>
    internal string? WriteProblem()
    {
        var folder = Folder;
        while (!Directory.Exists(folder))
            folder = Path.GetDirectoryName(folder)!;
        try
        {
            File.Create(Path.Combine(folder, $".{Guid.NewGuid():N}.tmp"), 1, FileOptions.DeleteOnClose).Dispose();
            return null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return Unwritable(folder, e);
        }
    }

    private static string Unwritable(string folder, Exception e) =>
        $"The runs can't be kept in '{folder}': {e.Message} Make the folder writable, or name another workspace with --workspace.";

    private static string? Recorded(string root)
    {
        var file = Path.Combine(root, "store.json");
        if (!File.Exists(file))
            return null;

        try
        {
            return JsonSerializer.Deserialize<StoreNote>(File.ReadAllText(file), Json)?.Kind
                ?? throw new StoreException($"'{file}' doesn't name the kind of store; it should be {{\"kind\":\"file\"}}, or the kind that the workspace was made with.");
        }
        catch (Exception e) when (e is JsonException or IOException or UnauthorizedAccessException)
        {
            throw new StoreException($"'{file}' can't be read: {e.Message} It should be {{\"kind\":\"file\"}}, or the kind that the workspace was made with.", e);
        }
    }

    private static string Kinds(PluginRegistry registry) => string.Join(", ", registry.Stores.Keys.Order(StringComparer.Ordinal));

    private sealed record StoreNote(string? Kind);
}
