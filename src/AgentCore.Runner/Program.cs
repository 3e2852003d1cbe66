using System.Runtime.InteropServices;
using AgentCore.Runner;
using AgentCore.Runner.Output;

// The first Ctrl-C (or SIGTERM) cancels the command, so that its run is kept as cancelled; a second one ends the program.
using var cancellation = new CancellationTokenSource();
void OnSignal(PosixSignalContext context)
{
    if (cancellation.IsCancellationRequested)
        return;
    context.Cancel = true;
    cancellation.Cancel();
}

using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, OnSignal);
using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, OnSignal);
using var hangUp = PosixSignalRegistration.Create(PosixSignal.SIGHUP, OnSignal);
var terminal = Terminal.OfProcess();
var exitCode = await CommandLine.RunAsync(args, terminal, cancellation.Token);
// Threads that agents' own code left behind don't keep the program.
Environment.Exit(exitCode);
