using System.Collections;

namespace AgentCore.Adapters.Objects.Tests.Fixtures;

// Class B: a domain verb, no argument, a changed argument, a protected template method.
public sealed class RouterAgent
{
    public string Route(string request) => request.Contains("pay", StringComparison.Ordinal) ? "billing" : "support";
}

public sealed class MoveAgent
{
    public (int Row, int Column) GetMove(int[] board) => (board.Length, 0);
}

public sealed class SummarizerAgent
{
    public Task<string> SummarizeAsync(string document) => Task.FromResult(document[..3]);

    public void AddTool(string name) => _ = name;

    public string GetHistory() => "";
}

public sealed class NoArgumentAgent
{
    public Task<string> RunAsync() => Task.FromResult("all done");
}

public sealed class Board
{
    public string Text { get; set; } = "";

    public int Moves { get; set; }
}

public sealed class MutatingAgent
{
    public void Act(Board board)
    {
        board.Moves++;
        board.Text += "!";
    }
}

public sealed class HistoryAgent
{
    public Task ReplyAsync(List<ForeignMessage> messages)
    {
        messages.Add(new ForeignMessage { Role = Speaker.Assistant, Content = "noted" });
        return Task.CompletedTask;
    }
}

public abstract class TemplateBase
{
    protected abstract string ExecuteCore(string input);
}

public sealed class TemplateAgent : TemplateBase
{
    protected override string ExecuteCore(string input) => $"core {input}";
}

public sealed class EventAgent
{
    public event EventHandler<string>? ReplyReceived;

    public void Send(string message)
    {
        _ = Task.Run(() => ReplyReceived?.Invoke(this, $"event {message}"));
    }
}

public sealed class PropertyAgent
{
    public string LastResponse { get; private set; } = "";

    public void Process(string input) => LastResponse = $"property {input}";
}

public sealed class OutAgent
{
    public bool TrySolve(string puzzle, out string solution)
    {
        solution = $"solved {puzzle}";
        return true;
    }
}

public sealed class RefAgent
{
    public void Draft(ref string text) => text = $"drafted {text}";
}

public sealed class EnumeratorAgent
{
    public IEnumerator Plan(string goal)
    {
        yield return $"1 {goal}";
        yield return $"2 {goal}";
    }
}

public sealed class TaskSequenceAgent
{
    public IEnumerable<Task<string>> Research(string topic) => [Task.FromResult($"a {topic}"), Task.FromResult($"b {topic}")];
}

public sealed class ObservableAgent
{
    public IObservable<string> Think(string question) => new Two(question);

    private sealed class Two(string question) : IObservable<string>
    {
        public IDisposable Subscribe(IObserver<string> observer)
        {
            observer.OnNext($"hm {question}");
            observer.OnNext("yes");
            observer.OnCompleted();
            return Nothing.Instance;
        }
    }

    private sealed class Nothing : IDisposable
    {
        public static readonly Nothing Instance = new();

        public void Dispose()
        {
        }
    }
}

public sealed class ForecastAgent
{
    public string Weather(string city) => $"rain in {city}";
}
