using System.Text.Json;
using AgentCore.Runner.Output;
using AgentCore.Runs;

namespace AgentCore.Runner.Decisions;

/// <summary>Asks the person at the console. An empty answer leaves the decision for later.</summary>
internal sealed class ConsoleDecider(Terminal terminal, TextReader input) : IDecider
{
    // There is one console.
    private static readonly SemaphoreSlim OneAtATime = new(1, 1);

    public async ValueTask<Decision?> DecideAsync(DecisionRequest request, CancellationToken cancellationToken)
    {
        // Branches may ask at once; a person answers one after the other.
        await OneAtATime.WaitAsync(cancellationToken);
        try
        {
            return request.Pending.Kind == DecisionKind.Approval
                ? await ApproveAsync(request, cancellationToken)
                : await AnswerAsync(request, cancellationToken);
        }
        finally
        {
            OneAtATime.Release();
        }
    }

    private async Task<Decision?> ApproveAsync(DecisionRequest request, CancellationToken cancellationToken)
    {
        terminal.Note($"? {request.Pending.Question}");
        while (true)
        {
            terminal.Error.Profile.Out.Writer.Write("  approve? [y]es, [n]o, Enter to decide later: ");
            switch ((await ReadAsync(cancellationToken))?.Trim().ToLowerInvariant())
            {
                case null or "":
                    return null;
                case "y" or "yes":
                    return new Decision(Verdict.Approve, Person);
                case "n" or "no":
                    return new Decision(Verdict.Deny, Person);
            }
        }
    }

    private async Task<Decision?> AnswerAsync(DecisionRequest request, CancellationToken cancellationToken)
    {
        terminal.Note($"? {request.Agent}: {request.Pending.Question}");
        terminal.Error.Profile.Out.Writer.Write("  your answer (Enter to answer later): ");
        var answer = await ReadAsync(cancellationToken);
        return string.IsNullOrWhiteSpace(answer)
            ? null
            : new Decision(Verdict.Answer, Person) { Result = JsonSerializer.SerializeToElement(answer.Trim()) };
    }

    // Reading the console can't be cancelled; the run is, and the program ends.
    private Task<string?> ReadAsync(CancellationToken cancellationToken) =>
        Task.Run(input.ReadLine, CancellationToken.None).WaitAsync(cancellationToken);

    internal static string Person => Environment.UserName is { Length: > 0 } user ? user : "console";
}
