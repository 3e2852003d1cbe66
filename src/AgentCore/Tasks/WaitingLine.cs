namespace AgentCore.Tasks;

/// <summary>The order of waiting tasks. A step of priority is worth a fixed time of waiting, so that the order of two tasks never
/// changes, and a low priority is overtaken only by what is submitted within its disadvantage.</summary>
internal sealed class WaitingLine(TimeSpan ageing)
{
    private const int MostPriority = 100;

    private readonly PriorityQueue<string, (long Due, long Priority, long Number)> _line = new();
    private long _number;

    public void Add(QueuedTask task)
    {
        var priority = Math.Clamp(task.Task.Priority, -MostPriority, MostPriority);
        _line.Enqueue(task.Id, (task.Submitted.UtcTicks - (priority * ageing.Ticks), -(long)task.Task.Priority, _number++));
    }

    public bool TryTake(out string? id) => _line.TryDequeue(out id, out _);
}
