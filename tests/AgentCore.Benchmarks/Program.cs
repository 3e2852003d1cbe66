using AgentCore.Benchmarks;
using BenchmarkDotNet.Running;

// --quick measures every row in under two minutes and says which limit doesn't hold; without it, BenchmarkDotNet runs.
if (!args.Contains("--quick"))
{
    BenchmarkSwitcher.FromAssembly(typeof(Row).Assembly).Run(args);
    return 0;
}

return await QuickRun.RunAsync(
    [new ChatRows(), new GateRows(), new SessionRows(), new BlockingRows(), new JournalRows(), new StoreRows(), new TeamRows(), new ObjectRows(),
#if LITEDB
        new LiteDbRows(),
#endif
#if SEMANTIC_KERNEL
        new KernelRows(),
#endif
    ],
    json: args.Contains("--json"),
    only: args.SkipWhile(a => a != "--only").Skip(1).FirstOrDefault());
