using System.CommandLine;
using AgentCore.Runner.Output;
using AgentCore.Runs;

namespace AgentCore.Runner.Commands;

/// <summary><c>agentcore runs export|import</c>.</summary>
internal static class RunsArchiveCommands
{
    public static Command Export(Terminal terminal)
    {
        var id = RunsCommand.Id();
        var file = new Argument<string>("FILE") { Description = "The file to write." };
        var command = new Command("export", "Write a run to a file, to be imported into another store.") { id, file };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            await using var session = Session.Open(parsed, terminal);
            await using var store = await ExistingStore.ReadAsync(session, cancellationToken);
            var run = await new RunHistory(store).FindAsync(parsed.GetRequiredValue(id), cancellationToken);
            var path = Path.GetFullPath(parsed.GetRequiredValue(file));
            await WriteAsync(path, writer => RunArchive.ExportAsync(store, run.Id, writer, cancellationToken));
            if (session.Workspace.IsStoreEncrypted)
                terminal.Note($"agentcore: the store is encrypted, and {path} is not: whoever reads it reads the run.");
            Tell(session, run.Id, path, $"Run {run.Id} is in {path}.");
            return ExitCode.Done;
        });
        return command;
    }

    public static Command Import(Terminal terminal)
    {
        var file = new Argument<string>("FILE") { Description = "A file that 'runs export' wrote." };
        var command = new Command("import", "Read a run from a file into this workspace.") { file };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var path = Path.GetFullPath(parsed.GetRequiredValue(file));
            if (!File.Exists(path))
                throw new UsageException($"There is no file '{path}'.", "missing_file");

            await using var session = Session.Open(parsed, terminal);
            var store = await session.Workspace.OpenStoreAsync(cancellationToken);
            using var reader = new StreamReader(path);
            var run = await RunArchive.ImportAsync(store, reader, cancellationToken);
            Tell(session, run.Id, path, $"Run {run.Id} is imported. Look at it with: agentcore runs show {run.Id}");
            return ExitCode.Done;
        });
        return command;
    }

    /// <summary>Writes a file whole or not at all, which nobody but its owner may read.</summary>
    private static async Task WriteAsync(string path, Func<TextWriter, Task> write)
    {
        if (!Directory.Exists(Path.GetDirectoryName(path)))
            throw new UsageException($"There is no folder '{Path.GetDirectoryName(path)}' to write the run into. Make it, or name another file.", "missing_folder");
        if (Directory.Exists(path))
            throw new UsageException($"'{path}' is a folder. Name a file in it.");

        var draft = $"{path}.{Guid.NewGuid():N}.tmp";
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        try
        {
            await using (var writer = new StreamWriter(draft, options))
                await write(writer);
            File.Move(draft, path, overwrite: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new IOException($"The run can't be written to '{path}': {e.Message} Name another file, or make room and give the right to write there.", e);
        }
        finally
        {
            File.Delete(draft);
        }
    }

    private static void Tell(Session session, string run, string path, string text)
    {
        if (session.IsJson)
            JsonOutput.Write(session.Terminal, new { RunId = run, File = path });
        else
            session.Terminal.Out.WriteLine(text);
    }
}
