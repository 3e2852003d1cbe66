namespace AgentCore.Files;

/// <summary>A passage that a search found.</summary>
/// <param name="File">The file, as files.read takes it.</param>
/// <param name="Line">The line of the text's first character, counted from 1.</param>
/// <param name="EndLine">The line of its last character.</param>
/// <param name="Heading">The headings above, the outermost first.</param>
/// <param name="Text">The text as it stands in the file.</param>
/// <param name="Score">Higher is better; comparable within one search.</param>
public sealed record FoundPassage(string File, int Line, int EndLine, string Heading, string Text, double Score);

/// <summary>A word of the query, and in how many passages it or one of its stem stands.</summary>
/// <param name="Term">The word's normal form.</param>
/// <param name="Passages">The number of passages; 0 says that the files don't use the word.</param>
public sealed record TermCount(string Term, int Passages);

/// <summary>What a search returned.</summary>
/// <param name="Query">The query.</param>
/// <param name="Results">The passages, best first.</param>
/// <param name="Terms">The query's words and how common each is.</param>
/// <param name="Files">How many files were searched.</param>
/// <param name="Passages">How many passages they hold.</param>
/// <param name="Skipped">Files that were not searched, or only in part; at most 50 are named.</param>
/// <param name="SkippedCount">How many those are in all.</param>
public sealed record SearchResult(
    string Query, IReadOnlyList<FoundPassage> Results, IReadOnlyList<TermCount> Terms, int Files, int Passages, IReadOnlyList<SkippedFile> Skipped, int SkippedCount);

/// <summary>The files that the tools may read.</summary>
/// <param name="Files">Their names and sizes.</param>
/// <param name="Count">How many match in all; more than are named where the list was cut.</param>
/// <param name="Skipped">What lies there but is not read; at most 50 are named.</param>
public sealed record FileListing(IReadOnlyList<ListedFile> Files, int Count, IReadOnlyList<SkippedFile> Skipped);

/// <summary>A file in a listing.</summary>
/// <param name="File">Its name, as files.read takes it.</param>
/// <param name="Bytes">Its size, in bytes.</param>
public sealed record ListedFile(string File, long Bytes);

/// <summary>One line of a file.</summary>
/// <param name="Line">Its number, counted from 1.</param>
/// <param name="Text">Its text without the line end; cut where it is very long.</param>
public sealed record FileLine(int Line, string Text);

/// <summary>Lines of a file.</summary>
/// <param name="File">The file.</param>
/// <param name="Lines">The lines.</param>
/// <param name="HasMore">Whether the file goes on after the last of them.</param>
/// <param name="Note">What isn't as in the file: lines cut, or characters read as Latin-1.</param>
public sealed record FileText(string File, IReadOnlyList<FileLine> Lines, bool HasMore, string? Note);

/// <summary>What was written.</summary>
/// <param name="File">The file, below the folder that may be written to.</param>
/// <param name="Bytes">Its size, in bytes.</param>
public sealed record WrittenFile(string File, int Bytes);
