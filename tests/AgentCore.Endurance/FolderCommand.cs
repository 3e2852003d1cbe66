using System.Diagnostics;
using System.Text;
using AgentCore.Files;

namespace AgentCore.Endurance;

/// <summary><c>folder</c>: makes a folder of many files and searches it, and reports time and peak memory.</summary>
internal static class FolderCommand
{
    public static async Task<bool> RunAsync(EnduranceOptions options)
    {
        var (files, megabytes) = (options.Int("files", 5000), options.Int("megabytes", 200));
        var folder = Directory.CreateTempSubdirectory("agentcore-folder-").FullName;
        try
        {
            Fill(folder, files, megabytes * 1_000_000L / files);
            var read = new FileToolsOptions();
            read.ReadRoots.Add(folder);
            using var tools = new FileTools(read);
            var watch = Stopwatch.StartNew();
            var first = await tools.SearchAsync("how is the zanzibar valve opened", 3);
            Console.WriteLine($"first search  {watch.Elapsed.TotalSeconds,8:0.00} s   {first.Files} files, {first.Passages} passages, {first.SkippedCount} skipped");
            watch.Restart();
            var second = await tools.SearchAsync("how is the zanzibar valve opened", 3);
            var best = second.Results.Count > 0 ? $"{second.Results[0].File}:{second.Results[0].Line}" : "nothing";
            Console.WriteLine($"second search {watch.Elapsed.TotalSeconds,8:0.00} s   best: {best}");
            using var process = Process.GetCurrentProcess();
            Console.WriteLine($"peak memory   {process.PeakWorkingSet64 / 1e6,8:0} MB");
            return second.Results.Count > 0 && second.Results[0].Text.Contains("zanzibar", StringComparison.Ordinal);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static void Fill(string folder, int files, long bytesEach)
    {
        // A Zipf-like vocabulary of made-up words, so that the index meets common and rare terms as real text has them.
        var random = new Random(1);
        var words = Enumerable.Range(0, 60_000).Select(n => MakeWord(random)).ToArray();
        for (var number = 0; number < files; number++)
        {
            var text = new StringBuilder($"# About {words[number]}\n\n");
            while (text.Length < bytesEach)
            {
                if (random.Next(8) == 0) text.Append($"\n\n## {Pick()} {Pick()}\n\n");
                for (var n = random.Next(20, 120); n > 0; n--) text.Append(Pick()).Append(n % 13 == 0 ? "\n" : " ");
                text.Append(".\n\n");
            }
            if (number == files / 2) text.Append("\nThe zanzibar valve is opened with the blue key.\n");
            var sub = Directory.CreateDirectory(Path.Combine(folder, $"part{number % 50}")).FullName;
            File.WriteAllText(Path.Combine(sub, $"page{number}.md"), text.ToString());
        }

        string Pick() => words[(int)(words.Length * Math.Pow(random.NextDouble(), 4))];
    }

    private static string MakeWord(Random random)
    {
        var word = new StringBuilder();
        for (var n = random.Next(2, 5); n > 0; n--) word.Append("bcdfghklmnprstvz"[random.Next(16)]).Append("aeiou"[random.Next(5)]);
        return word.ToString();
    }
}
