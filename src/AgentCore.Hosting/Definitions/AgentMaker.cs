using System.Security.Cryptography;
using System.Text;
using AgentCore.Learning;
using AgentCore.Plugins;
using AgentCore.Teams;
using Microsoft.Extensions.AI;

namespace AgentCore.Hosting.Definitions;

/// <summary>Makes an agent of its definition, and a team with all its members.</summary>
/// <param name="definitions">Where members are found by name.</param>
/// <param name="time">The clock.</param>
/// <param name="maxTurns">The most turns of the team, or model calls of the agent, over what its definition says.</param>
/// <param name="clientOf">Gives the client of a model; null for the default.</param>
/// <param name="hostOf">Gives what agents are built on.</param>
/// <param name="learnerOf">Gives what learns from an agent's errors; null for as the workspace says.</param>
internal sealed class AgentMaker(
    DefinitionSet definitions, TimeProvider time, int? maxTurns, Func<string?, CancellationToken, ValueTask<IChatClient>> clientOf, Func<IChatClient, AgentHost> hostOf,
    Func<LearningOptions?, ErrorLearner> learnerOf)
{
    private readonly List<string> _open = [];

    /// <summary>All that was made, members before their team.</summary>
    public Owned Made { get; } = new();

    public async Task<BaseAgent> MakeAsync(AgentListing listing, CancellationToken cancellationToken)
    {
        if (listing.Factory is { } factory)
            return Keep(factory(hostOf(await clientOf(null, cancellationToken).ConfigureAwait(false))));
        return listing.Team is { } team
            ? await MakeAsync(team, cancellationToken).ConfigureAwait(false)
            : await MakeAsync(listing.File!, _open.Count == 0 ? maxTurns : null, cancellationToken).ConfigureAwait(false);
    }

    private async Task<BaseAgent> MakeAsync(AgentFile file, int? maxModelCalls, CancellationToken cancellationToken)
    {
        var client = await clientOf(file.Model, cancellationToken).ConfigureAwait(false);
        return Keep(file.Create(hostOf(client), time, learnerOf(file.Learning), maxModelCalls));
    }

    private async Task<BaseAgent> MakeAsync(TeamFile file, CancellationToken cancellationToken)
    {
        var turns = _open.Count == 0 ? maxTurns : null;
        _open.Add(file.Name);
        var members = new List<TeamMember>();
        foreach (var member in file.Members)
        {
            var agent = member.Agent is { } own
                ? await MakeAsync(own, null, cancellationToken).ConfigureAwait(false)
                : await MakeNamedAsync(file, member, cancellationToken).ConfigureAwait(false);
            members.Add(member.With(agent));
        }

        _open.RemoveAt(_open.Count - 1);
        var leader = await clientOf((string?)file.ProtocolFields["model"], cancellationToken).ConfigureAwait(false);
        var metadata = new AgentMetadata(file.Name)
        {
            Description = file.Description,
            Role = file.Role,
            DefinitionHash = HashOf(file, members),
        };
        try
        {
            return Keep(new Team(metadata, file.Protocol.Create(file.ProtocolFields, leader), members, file.Options(turns), new AgentOptions { MaxConcurrentRuns = 0, Time = time }));
        }
        catch (ArgumentException e)
        {
            throw new DefinitionErrorsException([file.Error("", PlainMessage.Of(e))]);
        }
    }

    private Task<BaseAgent> MakeNamedAsync(TeamFile file, MemberFile member, CancellationToken cancellationToken)
    {
        var listing = definitions.Find(member.Name, null);
        if (listing.IsTeam && _open.Contains(listing.Name))
            throw new DefinitionErrorsException([file.Error($"{member.Path}.agent", $"the team calls itself: {string.Join(" → ", _open)} → {listing.Name}. Take one of these members out.")]);
        return MakeAsync(listing, cancellationToken);
    }

    // A change in a member's definition is a change of the team.
    private static string HashOf(TeamFile file, List<TeamMember> members) => Convert.ToHexStringLower(SHA256.HashData(
        Encoding.UTF8.GetBytes($"{file.File.Hash} {string.Join(' ', members.Select(m => m.Agent.Metadata.DefinitionHash))}")))[..16];

    private T Keep<T>(T agent) where T : BaseAgent
    {
        Made.Add(agent);
        return agent;
    }
}
