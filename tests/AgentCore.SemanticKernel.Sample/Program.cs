// A kernel that a team has already, with a native plugin, in a group chat with a plain BaseAgent. The model is scripted, so
// that it runs without a key: in its place goes what your kernel has.
using AgentCore;
using AgentCore.SemanticKernel;
using AgentCore.Teams;
using AgentCore.Testing;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.SemanticKernel;

using var model = new ScriptedChatClient().ThenCall("rooms_free", new { day = "Monday" }).ThenReply("Room 2 is free on Monday.");
var builder = Kernel.CreateBuilder();
builder.Services.AddSingleton<IChatClient>(model);
builder.Plugins.AddFromType<RoomsPlugin>("rooms");
var kernel = builder.Build();

using var planner = new KernelAgent("planner", kernel, "rooms.free");
using var checker = new Checker();
using var team = new Team("planning", new GroupChatProtocol(termination: GroupChatTermination.WhenSaid("agreed")), [planner, checker]);

var result = (await team.ExecuteAsync("Find a room for Monday.")).EnsureDone();
foreach (var turn in result.GetData<TeamResult>()!.Turns)
    Console.WriteLine($"{turn.Member}: {turn.Text}");

internal sealed class RoomsPlugin
{
    [KernelFunction("free")]
    public string Free(string day) => $"Room 2 is free on {day}.";

    [KernelFunction("book")]
    public string Book(string day) => throw new InvalidOperationException($"The planner has no capability rooms.book, so nobody books {day}.");
}

internal sealed class Checker() : BaseAgent("checker")
{
    protected override AgentResult OnExecute(AgentContext context) =>
        AgentResult.Done(context.Task.Input.Contains("free", StringComparison.Ordinal) ? "agreed" : "look again");
}
