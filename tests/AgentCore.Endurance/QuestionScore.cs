using System.Globalization;
using System.Text;

namespace AgentCore.Endurance;

/// <summary>A place that an answer cites: a line, or the lines of a passage.</summary>
internal sealed record Cited(string File, int Line, int EndLine, string Quote);

/// <summary>Counts right answers and right refusals, for each project and in all.</summary>
internal sealed class QuestionScore
{
    private readonly SortedDictionary<string, Counts> _projects = new(StringComparer.Ordinal);

    /// <summary>Citations whose quote doesn't stand at their place.</summary>
    public int Faults { get; private set; }

    /// <summary>Adds an answer, best citation first.</summary>
    /// <returns>A line that tells how it went.</returns>
    public string Add(Question question, IReadOnlyList<Cited> citations, int faults)
    {
        if (!_projects.TryGetValue(question.Project, out var counts)) _projects.Add(question.Project, counts = new Counts());
        Faults += faults;
        var rank = citations.ToList().FindIndex(cited => question.IsAnsweredBy(cited.File, cited.Line, cited.EndLine)) + 1;
        string verdict;
        if (question.IsAnswerable)
        {
            counts.Answerable++;
            if (rank is > 0 and <= 3) counts.Right++;
            if (citations.Count == 0) counts.WronglyDeclined++;
            verdict = citations.Count == 0 ? "declined" : rank == 0 ? "wrong" : $"rank {rank}";
        }
        else
        {
            counts.Unanswerable++;
            if (citations.Count == 0) counts.Declined++;
            verdict = citations.Count == 0 ? "rightly declined" : "should decline";
        }
        var first = citations.Count > 0 ? $" <- {citations[0].File}:{citations[0].Line}" : "";
        return $"{verdict,-17}{question.Project,-10} {question.Text}{first}";
    }

    /// <summary>The figures as a table.</summary>
    public string Report(string by)
    {
        var report = new StringBuilder($"{by,-12} right in top 3      unanswerable declined   answerable declined\n");
        var all = new Counts();
        foreach (var (project, counts) in _projects)
        {
            report.AppendLine(counts.Line(project));
            all.Add(counts);
        }
        report.AppendLine(all.Line("all"));
        report.Append(CultureInfo.InvariantCulture, $"citations not found verbatim at their place: {Faults}");
        return report.ToString();
    }

    private sealed class Counts
    {
        public int Answerable, Right, WronglyDeclined, Unanswerable, Declined;

        public void Add(Counts other)
        {
            Answerable += other.Answerable;
            Right += other.Right;
            WronglyDeclined += other.WronglyDeclined;
            Unanswerable += other.Unanswerable;
            Declined += other.Declined;
        }

        public string Line(string name) =>
            $"{name,-12} {Share(Right, Answerable),-19} {Share(Declined, Unanswerable),-23} {Share(WronglyDeclined, Answerable)}";

        private static string Share(int part, int whole) =>
            whole == 0 ? "-" : string.Create(CultureInfo.InvariantCulture, $"{part}/{whole} = {100.0 * part / whole:0}%");
    }
}
