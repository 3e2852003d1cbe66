using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.AI;

namespace AgentCore.Runs;

/// <summary>What a journal says of each step and scope of a run: its records, folded in their order. Not thread-safe: its
/// <see cref="RunJournal"/> guards it.</summary>
internal sealed class StepTable
{
    private readonly Dictionary<string, StepEntry> _steps = new(StringComparer.Ordinal);
    private readonly Dictionary<string, ScopeEntry> _scopes = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int> _versions = new(StringComparer.Ordinal);

    public IEnumerable<KeyValuePair<string, StepEntry>> Steps => _steps;

    public bool TryGetStep(string path, [NotNullWhen(true)] out StepEntry? step) => _steps.TryGetValue(path, out step);

    public bool TryGetScope(string path, [NotNullWhen(true)] out ScopeEntry? scope) => _scopes.TryGetValue(path, out scope);

    public bool TryGetVersion(string path, string id, out int version) => _versions.TryGetValue(path + "\n" + id, out version);

    /// <summary>The next ordinal of a scope that no record has.</summary>
    public int Recorded(string scope) => _scopes.TryGetValue(scope, out var entry) ? entry.Recorded : 0;

    /// <summary>Whether a scope has ended for good, so that no attempt does more in it: it is done, or has something after it.
    /// Where another end was the last thing, the scope may go on.</summary>
    public bool HasEnded(string scope)
    {
        while (_scopes.TryGetValue(scope, out var entry) && entry.Closed is { } closed)
        {
            var around = ParentOf(scope);
            if (closed.Type == nameof(RunStatus.Done) || OrdinalIn(around, scope) < LastGroup(around))
                return true;
            scope = around;
        }

        return false;
    }

    public void Apply(RunRecord record)
    {
        switch (record.Kind)
        {
            case RunRecord.Intent:
                Touch(record.Path);
                // An approval holds for another try; a verdict on a lost outcome was for one.
                _steps.TryGetValue(record.Path, out var before);
                _steps[record.Path] = new StepEntry(record) { Approval = before?.Approval, Asked = before?.Asked, Spent = before?.Spent, CountedIn = before?.CountedIn };
                break;
            case RunRecord.Ask:
                Touch(record.Path);
                Entry(record).Asked = record;
                break;
            case RunRecord.Done or RunRecord.Fail or RunRecord.Unknown:
                var ended = Entry(record);
                ended.Outcome = record;
                ended.Spent = UsageSum.Of(ended.Spent, record.Usage);
                break;
            case RunRecord.Decide:
                if (record.Type is nameof(Verdict.Approve) or nameof(Verdict.Deny) or nameof(Verdict.Answer))
                    Entry(record).Approval = record;
                else
                    Entry(record).Verdict = record;
                break;
            case RunRecord.Scope:
                Touch(record.Path);
                ScopeOf(record.Path).Opened = record;
                break;
            case RunRecord.Close:
                ScopeOf(record.Path).Closed = record;
                break;
            case RunRecord.Attempt:
                if (!record.Value.IsEmpty)
                    ScopeOf(record.Path).Remedies = record.Value;
                foreach (var path in record.List ?? [])
                {
                    if (_steps.TryGetValue(path, out var failed))
                        failed.Superseded = true;
                    else if (_scopes.TryGetValue(path, out var cut))
                        cut.Closed = null;

                    // What they are in goes on, and is timed again.
                    for (var dot = path.LastIndexOf('.'); dot > 0; dot = path.LastIndexOf('.', dot - 1))
                        ScopeOf(path[..dot]).Closed = null;
                }

                break;
            case RunRecord.Version:
                _versions[record.Path + "\n" + record.Name] = (int)record.Number!;
                break;
        }
    }

    /// <summary>The failed steps that an attempt at a scope does again: the failed last step of each scope in it that did not
    /// complete, and a last scope that the clock ended. What has something after it was handled by the agent and stays.</summary>
    public IReadOnlyList<string> FailedLast(string scope)
    {
        var found = new List<string>();
        CollectFailedLast(scope, found);
        return found;
    }

    /// <summary>A step in a scope that was begun and must not be repeated; null where there is none.</summary>
    public string? BegunOnce(string scope) => _steps
        .Where(s => s.Value.Intent is { Kind: RunRecord.Intent, Repeatable: false } && s.Key.StartsWith(scope + ".", StringComparison.Ordinal))
        .Select(s => s.Key).FirstOrDefault();

    private void CollectFailedLast(string scope, List<string> found)
    {
        var count = Recorded(scope);
        if (count == 0)
            return;

        var lastPath = Join(scope, count - 1);
        if (_steps.TryGetValue(lastPath, out var step) && !step.Superseded && step.Outcome?.Kind == RunRecord.Fail)
            found.Add(lastPath);

        var group = LastGroup(scope);
        for (var ordinal = 0; ordinal < count; ordinal++)
        {
            var path = Join(scope, ordinal);
            if (!_scopes.TryGetValue(path, out var child))
                continue;
            if (ordinal >= group && child.Closed is { Value.IsEmpty: false })
                found.Add(path);
            else if (child.Closed is null || (ordinal >= group && child.Closed.Type != nameof(RunStatus.Done)))
                CollectFailedLast(path, found);
        }
    }

    /// <summary>The ordinal of the last thing in a scope; of branches, that of the first of them.</summary>
    private int LastGroup(string scope)
    {
        var last = Recorded(scope) - 1;
        return _scopes.TryGetValue(Join(scope, last), out var entry) && entry.Opened?.Number is { } group ? (int)group : last;
    }

    public static string Join(string scope, int ordinal) => scope.Length == 0
        ? ordinal.ToString(System.Globalization.CultureInfo.InvariantCulture)
        : string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{scope}.{ordinal}");

    /// <summary>The ordinal in a scope under which a path in it lies.</summary>
    public static int OrdinalIn(string scope, string path)
    {
        var rest = scope.Length == 0 ? path.AsSpan() : path.AsSpan(scope.Length + 1);
        var dot = rest.IndexOf('.');
        return int.Parse(dot < 0 ? rest : rest[..dot], System.Globalization.CultureInfo.InvariantCulture);
    }

    private StepEntry Entry(RunRecord record)
    {
        if (!_steps.TryGetValue(record.Path, out var entry))
            _steps[record.Path] = entry = new StepEntry(record);
        return entry;
    }

    private ScopeEntry ScopeOf(string path)
    {
        if (!_scopes.TryGetValue(path, out var entry))
            _scopes[path] = entry = new ScopeEntry();
        return entry;
    }

    private void Touch(string path)
    {
        var around = ParentOf(path);
        var parent = ScopeOf(around);
        parent.Recorded = Math.Max(parent.Recorded, OrdinalIn(around, path) + 1);
    }

    private static string ParentOf(string path)
    {
        var dot = path.LastIndexOf('.');
        return dot < 0 ? "" : path[..dot];
    }
}

/// <summary>A step as the journal has it.</summary>
internal sealed class StepEntry(RunRecord intent)
{
    public RunRecord Intent { get; } = intent;

    /// <summary>Its done, fail or unknown record; null while it is open.</summary>
    public RunRecord? Outcome { get; set; }

    /// <summary>What was decided on its unknown outcome or its failure; null where nothing was since its last try.</summary>
    public RunRecord? Verdict { get; set; }

    /// <summary>The approval, refusal or answer that it was given.</summary>
    public RunRecord? Approval { get; set; }

    public RunRecord? Asked { get; set; }

    /// <summary>Whether a later attempt does it again.</summary>
    public bool Superseded { get; set; }

    /// <summary>The tokens of all its tries; null where there were none.</summary>
    public UsageDetails? Spent { get; set; }

    /// <summary>Where they were counted last in this process; null where they weren't.</summary>
    public AgentContext? CountedIn { get; set; }
}

/// <summary>A scope as the journal has it.</summary>
internal sealed class ScopeEntry
{
    public RunRecord? Opened { get; set; }

    public RunRecord? Closed { get; set; }

    public int Recorded { get; set; }

    /// <summary>Where the tokens of its end were counted last in this process; null where they weren't.</summary>
    public AgentContext? CountedIn { get; set; }

    /// <summary>The remedies in effect since the last attempt, as JSON; empty for none.</summary>
    public ReadOnlyMemory<byte> Remedies { get; set; }
}
