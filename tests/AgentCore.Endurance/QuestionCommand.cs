namespace AgentCore.Endurance;

/// <summary><c>qa</c>: asks questions over real documentation, and reports how many were answered with the right passage.</summary>
internal static class QuestionCommand
{
    /// <summary>Options: <c>--docs</c>, a folder with one folder of documentation for each project that the questions name;
    /// <c>--questions</c>, a file with one JSON object a line; <c>--by</c> paragraphs, headings, search or client;
    /// <c>--details yes</c> for a line about each question.</summary>
    public static async Task<bool> RunAsync(EnduranceOptions options)
    {
        var (docs, path, by) = (options.Text("docs"), options.Text("questions"), options.Text("by", "client"));
        var details = options.Text("details", "no") == "yes";
        var score = new QuestionScore();
        foreach (var group in Question.Read(path).GroupBy(question => question.Project))
        {
            using var answerer = Answerers.Make(by, Path.Combine(docs, group.Key));
            foreach (var question in group)
            {
                var citations = await answerer.AnswerAsync(question.Text, CancellationToken.None);
                var line = score.Add(question, citations, answerer.FindFaults(citations));
                if (details) Console.WriteLine(line);
            }
        }
        Console.WriteLine(score.Report(by));
        return score.Faults == 0;
    }
}
