using System.Net;
using System.Text;

namespace AgentCore.Adapters.Objects.Migration;

// The report for people: a table in the console, a page in a browser.
public sealed partial record ScanReport
{
    private const string Style = """
        body{font:15px/1.5 system-ui,sans-serif;margin:2rem auto;max-width:75rem;padding:0 1rem;color:#222;background:#fff}
        h1{font-size:1.4rem}.cards{display:flex;gap:.75rem;flex-wrap:wrap;margin:1rem 0}.card{border:1px solid #ccc;border-radius:.5rem;padding:.5rem 1rem}
        .card b{font-size:1.5rem;display:block}table{border-collapse:collapse;width:100%}th,td{text-align:left;padding:.35rem .6rem;border-bottom:1px solid #ddd;vertical-align:top}
        th{position:sticky;top:0;background:#fff}code{font-size:.85em;overflow-wrap:anywhere}.A{color:#0a6b2d}.B{color:#3d6b0a}.C{color:#8a5a00}.D{color:#1a4f9c}.E{color:#777}
        .gap{color:#a00}input{font:inherit;padding:.3rem .6rem;width:20rem;max-width:100%}
        @media(prefers-color-scheme:dark){body,th{background:#161616;color:#ddd}th,td,.card{border-color:#444}.A{color:#6fd08f}.B{color:#a5d06f}.C{color:#e0b050}.D{color:#80b0ff}.E{color:#999}.gap{color:#ff8a80}}
        """;

    private const string Script = """
        document.getElementById('q').addEventListener('input',e=>{const q=e.target.value.toLowerCase();
        for(const r of document.querySelectorAll('tbody tr'))r.hidden=!r.textContent.toLowerCase().includes(q)});
        """;

    private static readonly string[] Headings = ["class", "name", "calls", "gaps", "why"];

    private static readonly Dictionary<AgentClass, string> Meanings = new()
    {
        [AgentClass.A] = "by convention",
        [AgentClass.B] = "by heuristic",
        [AgentClass.C] = "by a binding",
        [AgentClass.D] = "lifecycle only",
        [AgentClass.E] = "nothing to run",
    };

    /// <summary>The report as lines of text, as wide as its columns. Control characters in names are replaced.</summary>
    public string ToTable()
    {
        List<string[]> rows = [Headings];
        rows.AddRange(Agents.Select(a => new[]
        {
            a.Class.ToString(), a.Name, Short(a.Binding.Method ?? "-", 70), a.Binding.Gaps.Count == 0 ? "-" : string.Join(", ", a.Binding.Gaps.Select(g => g.At)), a.Why,
        }.Select(PlainText.OfLine).ToArray()));
        var widths = Enumerable.Range(0, 4).Select(c => rows.Max(r => r[c].Length)).ToArray();
        var text = new StringBuilder();
        foreach (var row in rows)
        {
            for (var c = 0; c < 4; c++)
                text.Append(row[c].PadRight(widths[c] + 2));
            text.AppendLine(row[4]);
        }

        text.AppendLine().AppendLine($"{Counted(Agents.Count, "agent")} in {Counted(TypesSeen, "type")} of {Counted(Assemblies.Count, "file")}: {string.Join(", ", Counts.Select(c => $"{c.Key} {c.Value} ({Meanings[c.Key]})"))}");
        return text.Append(Unread()).ToString();
    }

    /// <summary>What kept the scan from seeing all, a line each.</summary>
    internal string Unread() => string.Concat(
        MissingDependencies.Select(m => $"missing dependency: {m}").Concat(Problems.Select(p => $"not read: {p}")).Select(line => PlainText.OfLine(line) + Environment.NewLine));

    private static string Counted(int count, string thing) => count == 1 ? $"1 {thing}" : $"{count} {thing}s";

    /// <summary>The report as one HTML page that needs nothing else.</summary>
    public string ToHtml()
    {
        var page = new StringBuilder();
        page.Append("<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width\"><title>Agents found</title><style>")
            .Append(Style).Append("</style></head><body><h1>").Append(Agents.Count).Append(" agents in ").Append(TypesSeen).Append(" types</h1><div class=\"cards\">");
        foreach (var (agentClass, count) in Counts)
            page.Append($"<div class=\"card {agentClass}\"><b>{count}</b>{agentClass}: {Meanings[agentClass]}</div>");
        page.Append("</div><p><input id=\"q\" type=\"search\" placeholder=\"Filter\" aria-label=\"Filter\"></p><table><thead><tr><th>Class</th><th>Agent</th><th>Calls</th><th>Why</th><th>Can</th><th>Gaps</th></tr></thead><tbody>");
        foreach (var a in Agents)
        {
            page.Append($"<tr><td class=\"{a.Class}\">{a.Class}</td><td>{Text(a.Name)}<br><code>{Text(a.Type)}</code>{(a.Base is null ? "" : $"<br>: <code>{Text(a.Base)}</code>")}</td>")
                .Append($"<td><code>{Text(a.Binding.Method ?? "")}</code></td><td>{Text(a.Why)}</td><td>{Text(string.Join(", ", a.Abilities))}</td>")
                .Append($"<td class=\"gap\">{string.Join("<br>", a.Binding.Gaps.Select(g => Text(g.ToString())))}</td></tr>");
        }

        page.Append("</tbody></table>");
        List("Missing dependencies", MissingDependencies);
        List("Not read", Problems);
        return page.Append("<script>").Append(Script).Append("</script></body></html>").ToString();

        void List(string title, IReadOnlyList<string> items)
        {
            if (items.Count > 0)
                page.Append($"<h2>{title}</h2><ul>").AppendJoin("", items.Select(i => $"<li>{Text(i)}</li>")).Append("</ul>");
        }
    }

    private static string Text(string text) => WebUtility.HtmlEncode(text);

    private static string Short(string text, int length) => text.Length <= length ? text : text[..(length - 1)] + "…";
}
