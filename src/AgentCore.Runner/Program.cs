using AgentCore.Runner;
using AgentCore.Runner.Output;

var terminal = Terminal.OfProcess();
using var interruption = new Interruption(terminal);
var exitCode = await CommandLine.RunAsync(args, terminal, interruption.Token);
// Threads that agents' own code left behind don't keep the program.
Environment.Exit(exitCode);
