using AgentCore.Endurance;

var commands = new Dictionary<string, Func<EnduranceOptions, Task<bool>>>
{
    ["damage"] = DamageCommand.RunAsync,
    ["folder"] = FolderCommand.RunAsync,
    ["kill"] = AgentCore.Endurance.Kill.KillCommand.RunAsync,
    ["learning"] = LearningCommand.RunAsync,
    ["powerloss"] = PowerLossCommand.RunAsync,
    ["qa"] = QuestionCommand.RunAsync,
    ["teams"] = TeamsCommand.RunAsync,
};

if (args.Length == 0 || !commands.TryGetValue(args[0], out var run))
{
    await Console.Error.WriteLineAsync($"Usage: {string.Join(" | ", commands.Keys)} [--option VALUE …]");
    return 2;
}
try
{
    return await run(new EnduranceOptions(args[1..])) ? 0 : 1;
}
catch (ArgumentException e)
{
    await Console.Error.WriteLineAsync(e.Message);
    return 2;
}
