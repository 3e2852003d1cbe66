using System.Diagnostics;
using System.Text.Json;

namespace AgentCore.Endurance.Kill;

/// <summary>One run of the program that is killed with SIGKILL, resumed in fresh processes until it ends, and held against
/// what the world outside saw.</summary>
internal sealed class KillTrial(string agent, string store, string expected) : IDisposable
{
    private readonly RunnerProcess _runner = new();

    /// <summary>Kills the program some time after its first effect.</summary>
    public async Task<string> KillAfterAsync(TimeSpan wait)
    {
        using var process = _runner.Start(null, "run", agent, "go", "--store", store);
        var deadline = Stopwatch.GetTimestamp();
        while (new FileInfo(_runner.Ledger).Length == 0 && !process.HasExited && Stopwatch.GetElapsedTime(deadline) < TimeSpan.FromMinutes(1))
            await Task.Delay(1);
        await Task.Delay(wait);
        process.Kill();
        await process.WaitForExitAsync();
        return $"{wait.TotalMilliseconds:0} ms after its first effect";
    }

    /// <summary>Lets the program kill itself at a persist boundary.</summary>
    public async Task<string> KillAtAsync(string boundary)
    {
        await _runner.RunAsync(boundary, "run", agent, "go", "--store", store);
        return $"{boundary} commits";
    }

    /// <summary>Resumes the run to its end.</summary>
    /// <returns>Whether it was killed in mid-run, and what went wrong; null where nothing did.</returns>
    public async Task<(bool MidRun, string? Breach)> VerifyAsync()
    {
        var list = await _runner.RunAsync(null, "runs", "list");
        var runs = list.Code == 0 && list.Document.TryGetProperty("runs", out var found) ? found.EnumerateArray().ToList() : [];
        if (runs.Count == 0)
            return (false, File.ReadAllLines(_runner.Ledger).Length > 0 ? "effects were had, but the run is not in the store" : null);

        var id = runs[0].GetProperty("runId").GetString()!;
        if (runs[0].GetProperty("status").GetString() == "done")
            return (false, null);

        var before = await ShowAsync(id);
        var ledgerBefore = File.ReadAllLines(_runner.Ledger);
        if (Lost(before, ledgerBefore, id) is { } lost)
            return (true, lost);

        var output = await ResumeAsync(id);
        if (output.Breach is not null)
            return (true, output.Breach);
        if (Normal(output.Text!, id) != expected)
            return (true, $"the output is '{output.Text}', not '{expected}'");
        return (true, Repeated(before, ledgerBefore, File.ReadAllLines(_runner.Ledger), id));
    }

    public static string Normal(string output, string id) => output.Replace(id, "ID", StringComparison.Ordinal);

    public void Dispose() => _runner.Dispose();

    private async Task<JsonElement> ShowAsync(string id) => (await _runner.RunAsync(null, "runs", "show", id)).Document;

    private async Task<(string? Text, string? Breach)> ResumeAsync(string id)
    {
        for (var tries = 0; tries < 10; tries++)
        {
            var resumed = await _runner.RunAsync(null, "runs", "resume", id);
            if (resumed.Code == 0)
                return (resumed.Document.GetProperty("output").GetString(), null);
            if (resumed.Code != 4)
                return (null, $"resuming ended with {resumed.Code}: {resumed.Document} {resumed.Error}");
            foreach (var pending in resumed.Document.GetProperty("pending").EnumerateArray())
                await DecideAsync(id, pending);
        }

        return (null, "decisions without end");
    }

    /// <summary>Decides as a person would who looks at the ledger: what is in there was done.</summary>
    private async Task DecideAsync(string id, JsonElement pending)
    {
        var step = pending.GetProperty("step").GetString()!;
        var name = pending.GetProperty("name").GetString()!;
        var done = File.ReadAllLines(_runner.Ledger).Contains($"end pay {id}/{step}");
        var result = name switch
        {
            "ledger.pay" => (JsonSerializer.Deserialize<JsonElement>(pending.GetProperty("arguments").GetString()!).GetProperty("n").GetInt32() * 7) + 1,
            "left" => 5,
            _ => 2,
        };
        var decided = done
            ? await _runner.RunAsync(null, "runs", "decide", id, step, "done", "--result", $"{result}")
            : await _runner.RunAsync(null, "runs", "decide", id, step, "retry");
        if (decided.Code != 0)
            throw new InvalidOperationException($"Deciding on step {step} ended with {decided.Code}: {decided.Error}");
    }

    /// <summary>A step after which another was begun was acknowledged: the journal must have its result.</summary>
    private static string? Lost(JsonElement run, string[] ledger, string id)
    {
        var finished = Finished(run);
        var begun = ledger.Where(l => l.StartsWith("begin ", StringComparison.Ordinal)).Select(l => l.Split(' ')[2])
            .Where(k => k.StartsWith(id + "/", StringComparison.Ordinal)).Select(k => k[(id.Length + 1)..]).Distinct().ToList();
        return begun.Where(b => !finished.Contains(b)).Select(b => (Step: b, Later: begun.FirstOrDefault(other => IsAfter(other, b))))
            .Where(l => l.Later is not null).Select(l => $"step {l.Step} was acknowledged (step {l.Later} began after it), but the journal does not have it").FirstOrDefault();
    }

    /// <summary>Whether a step comes after a leaf, in its scope or in a later scope beside it.</summary>
    private static bool IsAfter(string step, string leaf)
    {
        var dot = leaf.LastIndexOf('.');
        var scope = dot < 0 ? "" : leaf[..(dot + 1)];
        if (!step.StartsWith(scope, StringComparison.Ordinal))
            return false;

        var next = step[scope.Length..].Split('.')[0];
        return int.Parse(next, System.Globalization.CultureInfo.InvariantCulture) > int.Parse(leaf[scope.Length..], System.Globalization.CultureInfo.InvariantCulture);
    }

    private static string? Repeated(JsonElement before, string[] ledgerBefore, string[] ledger, string id)
    {
        var finished = Finished(before);
        var later = ledger.Skip(ledgerBefore.Length).Where(l => l.StartsWith("begin ", StringComparison.Ordinal)).Select(l => l.Split(' ')).ToList();
        if (later.FirstOrDefault(l => finished.Contains(l[2][(l[2].IndexOf('/', StringComparison.Ordinal) + 1)..]) && l[2].StartsWith(id, StringComparison.Ordinal)) is { } again)
            return $"finished step {again[2]} was done again";

        var paid = ledger.Where(l => l.StartsWith("end pay ", StringComparison.Ordinal)).GroupBy(l => l).FirstOrDefault(g => g.Count() > 1);
        if (paid is not null)
            return $"'{paid.Key}' happened {paid.Count()} times";

        // Model calls are told apart by what they were asked: each at most once more than it was cut off.
        var models = ledger.Where(l => l.StartsWith("begin model ", StringComparison.Ordinal)).GroupBy(l => l).Where(g => g.Count() > 2).Select(g => g.Key).FirstOrDefault();
        return models is null ? null : $"'{models}' happened again after it had ended";
    }

    private static HashSet<string> Finished(JsonElement run) => run.GetProperty("steps").EnumerateArray()
        .Where(s => s.GetProperty("kind").GetString() is "model" or "tool" or "step" && s.TryGetProperty("ended", out var ended) && ended.ValueKind == JsonValueKind.String)
        .Select(s => s.GetProperty("path").GetString()!).ToHashSet(StringComparer.Ordinal);
}
