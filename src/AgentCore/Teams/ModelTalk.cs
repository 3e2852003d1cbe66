using AgentCore.Runs;
using Microsoft.Extensions.AI;

namespace AgentCore.Teams;

/// <summary>A protocol's own conversation with a model within a run. Each question is a step; only what is new is hashed for
/// it, so that a choice costs the same late in a run as early.</summary>
internal sealed class ModelTalk
{
    private readonly TeamRun _run;
    private readonly IChatClient _client;
    private readonly ChatOptions _options;
    private readonly string _model;
    private readonly List<ChatMessage> _messages = [];
    private readonly MessageChain? _chain;
    private int _chained;
    private int _told;

    public ModelTalk(TeamRun run, IChatClient client, string instructions)
    {
        _run = run;
        _client = client;
        _options = new ChatOptions { Instructions = instructions };
        _model = AgentContext.ModelName(client, null);
        _chain = run.Context.Run.Journal is null ? null : new MessageChain(instructions);
    }

    /// <summary>Tells what was said since the last time, and asks.</summary>
    public async ValueTask<string> AskAsync(string question)
    {
        for (; _told < _run.Messages.Count; _told++)
            _messages.Add(_run.Messages[_told]);
        _messages.Add(new ChatMessage(ChatRole.User, question));
        for (; _chain is not null && _chained < _messages.Count; _chained++)
            _chain.Add(_messages[_chained]);

        var response = await _run.Context.ModelAsync(_client, _model, _messages, _options, _chain?.Value).ConfigureAwait(false);
        _messages.AddRange(response.Messages);
        return response.Text;
    }
}
