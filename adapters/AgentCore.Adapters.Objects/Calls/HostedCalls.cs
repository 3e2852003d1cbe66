namespace AgentCore.Adapters.Objects.Calls;

/// <summary>Starts and stops a hosted service by the names of its contract: an agent may bring a newer copy of it than the host has.</summary>
internal static class HostedCalls
{
    private const string Contract = "Microsoft.Extensions.Hosting.IHostedService";

    /// <summary>Null where the object is no hosted service.</summary>
    public static Func<CancellationToken, Task>? Start(object? target) => Member(target, "StartAsync");

    public static Func<CancellationToken, Task>? Stop(object? target) => Member(target, "StopAsync");

    /// <summary>What a background service does between its start and its stop; null where there is none.</summary>
    public static Task? Work(object? target) => IsHosted(target) ? target!.GetType().GetProperty("ExecuteTask")?.GetValue(target) as Task : null;

    private static bool IsHosted(object? target) => target?.GetType().GetInterface(Contract) is not null;

    private static Func<CancellationToken, Task>? Member(object? target, string method) =>
        target?.GetType().GetInterface(Contract)?.GetMethod(method)?.CreateDelegate<Func<CancellationToken, Task>>(target);
}
