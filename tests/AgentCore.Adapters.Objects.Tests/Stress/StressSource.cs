using System.Globalization;
using System.Text;

namespace AgentCore.Adapters.Objects.Tests.Stress;

/// <summary>Writes C# source of many agent classes over many base classes, some of them broken on purpose.</summary>
internal static class StressSource
{
    public const int Bases = 28;

    // Each base is a shape of its own; # is the base's number.
    private static readonly (string Base, string Override)[] Shapes =
    [
        ("public abstract string Run(string input);", "public override string Run(string input) => \"@ \" + input;"),
        ("public abstract Task<string> ExecuteAsync(string prompt, CancellationToken token);", "public override async Task<string> ExecuteAsync(string prompt, CancellationToken token) { await Task.Yield(); return \"@ \" + prompt; }"),
        ("public abstract ValueTask<string> InvokeAsync(string prompt);", "public override ValueTask<string> InvokeAsync(string prompt) => new(\"@ \" + prompt);"),
        ("public abstract Reply Handle(Request request);", "public override Reply Handle(Request request) => new() { Text = \"@ \" + request.Question };"),
        ("public abstract Task<Reply> ProcessAsync(Request request, CancellationToken token = default);", "public override Task<Reply> ProcessAsync(Request request, CancellationToken token = default) => Task.FromResult(new Reply { Text = \"@\" + request.Question });"),
        ("public abstract Task<ChatMsg> GenerateReplyAsync(IEnumerable<ChatMsg> messages);", "public override Task<ChatMsg> GenerateReplyAsync(IEnumerable<ChatMsg> messages) => Task.FromResult(new ChatMsg { Role = \"assistant\", Content = \"@\" + messages.Last().Content });"),
        ("public abstract IAsyncEnumerable<string> ChatAsync(string message);", "public override async IAsyncEnumerable<string> ChatAsync(string message) { await Task.Yield(); yield return \"@\"; yield return message; }"),
        ("public abstract Dictionary<string, object> Execute(Dictionary<string, object> inputs);", "public override Dictionary<string, object> Execute(Dictionary<string, object> inputs) => new() { [\"@\"] = inputs.Count };"),
        ("protected abstract string RunCore(string input);", "protected override string RunCore(string input) => \"@\" + input;"),
        ("public abstract string Route(string request);", "public override string Route(string request) => \"@\" + request.Length;"),
        ("public abstract Task<string> PlanAsync(string goal);", "public override Task<string> PlanAsync(string goal) => Task.FromResult(\"@\" + goal);"),
        ("public abstract void Act(Request request);", "public override void Act(Request request) { request.Question += \"@\"; }"),
        ("public abstract Task<string> RunAsync();", "public override Task<string> RunAsync() => Task.FromResult(\"@\");"),
        ("public abstract string run_task(string user_input);", "public override string run_task(string user_input) => \"@\" + user_input;"),
        ("public abstract Task<string> AskAsync(string question, int depth);", "public override Task<string> AskAsync(string question, int depth) => Task.FromResult(\"@\" + question + depth);"),
        ("public abstract string Execute(string input, Dictionary<string, object> context);", "public override string Execute(string input, Dictionary<string, object> context) => \"@\" + input + context.Count;"),
        ("public abstract void Respond(string input, Action<string> onToken);", "public override void Respond(string input, Action<string> onToken) { onToken(\"@\"); onToken(input); }"),
        ("public abstract Task<string> HandleAsync(string message, RunContext context);", "public override Task<string> HandleAsync(string message, RunContext context) => Task.FromResult(\"@\" + message + context.Id);"),
        ("public abstract void Start(); public abstract void Tick(); public abstract void Stop();", "public override void Start() {} public override void Tick() {} public override void Stop() {}"),
        ("public abstract void Update(float deltaTime);", "public override void Update(float deltaTime) {}"),
        ("public abstract bool TrySolve(string puzzle, out string solution);", "public override bool TrySolve(string puzzle, out string solution) { solution = \"@\" + puzzle; return true; }"),
        ("public abstract (string Answer, double Score) Answer(string question);", "public override (string Answer, double Score) Answer(string question) => (\"@\" + question, 0.5);"),
        ("public abstract IEnumerable<Task<string>> Research(string topic);", "public override IEnumerable<Task<string>> Research(string topic) => new[] { Task.FromResult(\"@\" + topic) };"),
        ("public abstract System.Collections.IEnumerator Think(string goal);", "public override System.Collections.IEnumerator Think(string goal) { yield return \"@\"; yield return goal; }"),
        ("public abstract Task<IAsyncEnumerable<Reply>> StreamAsync(string prompt);", "public override Task<IAsyncEnumerable<Reply>> StreamAsync(string prompt) => Task.FromResult(Many(prompt)); static async IAsyncEnumerable<Reply> Many(string p) { await Task.Yield(); yield return new Reply { Text = \"@\" + p }; }"),
        ("public abstract object Invoke(object input);", "public override object Invoke(object input) => \"@\" + input;"),
        ("public string Last { get; protected set; } = \"\"; public string LastResponse => Last; public abstract void Process(string input);", "public override void Process(string input) => Last = \"@\" + input;"),
        ("public abstract double Evaluate(int position);", "public override double Evaluate(int position) => position * 2 + \"@\".Length;"),
    ];

    // What is wrong with a broken one, as class members; the report must say so.
    public static readonly (string Kind, string Members)[] Broken =
    [
        ("constructor", "public $() => throw new InvalidOperationException(\"constructor broken\");"),
        ("static", "static readonly int Zero = 0; static readonly int Bad = 1 / Zero; public int Touch => Bad;"),
        ("hang", ""),
        ("secret", "public $(string apiKey) { }"),
        ("service", "public $(IMissing missing) { }"),
    ];

    public static string Write(int agents, int broken)
    {
        var text = new StringBuilder();
        text.AppendLine("using System; using System.Collections.Generic; using System.Linq; using System.Threading; using System.Threading.Tasks;");
        text.AppendLine("namespace Stress;");
        text.AppendLine("public interface IMissing { } public interface IAnother : IMissing { }");
        text.AppendLine("public class Request { public string Question { get; set; } = \"\"; public int Depth { get; set; } }");
        text.AppendLine("public class Reply { public string Text { get; set; } = \"\"; }");
        text.AppendLine("public class ChatMsg { public string Role { get; set; } = \"\"; public string Content { get; set; } = \"\"; }");
        text.AppendLine("public class RunContext { public int Id { get; set; } = 7; }");
        for (var b = 0; b < Bases; b++)
            text.AppendLine(CultureInfo.InvariantCulture, $"public abstract class Base{b}Agent {{ {Shapes[b].Base} }}");

        for (var i = 0; i < agents; i++)
        {
            var b = i % Bases;
            var name = $"Number{i}Agent";
            // Broken ones are of the plainest shape, so that only what is broken is wrong.
            if (i < broken)
            {
                var (kind, members) = Broken[i % Broken.Length];
                var run = kind == "hang" ? "{ while (true) Thread.Sleep(20); }" : kind == "static" ? "=> input + Bad;" : "=> input;";
                text.AppendLine(CultureInfo.InvariantCulture, $"public class {name} : Base0Agent {{ {members.Replace("$", name, StringComparison.Ordinal)} public override string Run(string input) {run} }}");
                continue;
            }

            text.AppendLine(CultureInfo.InvariantCulture, $"public class {name} : Base{b}Agent {{ {Shapes[b].Override.Replace("@", i.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal)} }}");
        }

        return text.ToString();
    }
}
