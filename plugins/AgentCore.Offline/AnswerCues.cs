using System.Text.RegularExpressions;

namespace AgentCore.Offline;

/// <summary>What an answer to a kind of question tends to look like, whatever the subject.</summary>
internal sealed partial class AnswerCues
{
    private readonly List<(Regex Pattern, double Weight)> _cues = [];

    /// <summary>The cues for a question.</summary>
    public static AnswerCues Of(string question)
    {
        var cues = new AnswerCues();
        if (AsksDefault().IsMatch(question)) cues._cues.Add((SaysDefault(), 0.15));
        if (AsksNumber().IsMatch(question)) cues._cues.Add((HasNumber(), 0.1));
        if (AsksWhy().IsMatch(question)) cues._cues.Add((GivesReason(), 0.08));
        if (AsksHow().IsMatch(question)) cues._cues.Add((ShowsHow(), 0.06));
        return cues;
    }

    /// <summary>How much a sentence looks like such an answer.</summary>
    public double Score(string sentence) => _cues.Sum(cue => cue.Pattern.IsMatch(sentence) ? cue.Weight : 0);

    [GeneratedRegex(@"\b(default|out of the box|if I (don't|do not)|unless|normally|without (config|setting))", RegexOptions.IgnoreCase)]
    private static partial Regex AsksDefault();

    [GeneratedRegex(@"\bdefault", RegexOptions.IgnoreCase)]
    private static partial Regex SaysDefault();

    [GeneratedRegex(@"\b(how (many|much|long|big|large|old|often|far|fast)|what (number|port|size|version)|which (port|version)|maximum|minimum|biggest|smallest|longest|limit)\b", RegexOptions.IgnoreCase)]
    private static partial Regex AsksNumber();

    [GeneratedRegex(@"\d")]
    private static partial Regex HasNumber();

    [GeneratedRegex(@"\b(why|reason|how come|what causes)\b", RegexOptions.IgnoreCase)]
    private static partial Regex AsksWhy();

    [GeneratedRegex(@"\b(because|since|so that|in order to|due to|reason|therefore|otherwise|this means|to avoid|to prevent)\b", RegexOptions.IgnoreCase)]
    private static partial Regex GivesReason();

    [GeneratedRegex(@"\b(how (do|can|should|would|to)|can I|is there a way|is it possible)\b", RegexOptions.IgnoreCase)]
    private static partial Regex AsksHow();

    [GeneratedRegex(@"(\b(use|using|set|run|add|you can|allows?|specify|pass|enable|via|option|command)\b|``?[^`]+``?|\$ |--\w)", RegexOptions.IgnoreCase)]
    private static partial Regex ShowsHow();
}
