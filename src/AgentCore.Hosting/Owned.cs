namespace AgentCore.Hosting;

/// <summary>Things that are closed together: the newest first, and each whatever becomes of the others.</summary>
internal sealed class Owned
{
    private readonly Stack<object> _things = new();

    /// <summary>Takes a thing over.</summary>
    public void Add(object thing) => _things.Push(thing);

    /// <summary>Takes over what another holds.</summary>
    public void TakeOver(Owned other)
    {
        foreach (var thing in other._things.Reverse())
            Add(thing);
        other._things.Clear();
    }

    /// <summary>Closes them all, once.</summary>
    /// <returns>Why some couldn't be closed.</returns>
    public async ValueTask<IReadOnlyList<Exception>> CloseAsync()
    {
        var errors = new List<Exception>();
        while (_things.TryPop(out var thing))
        {
            try
            {
                if (thing is IAsyncDisposable asynchronous)
                    await asynchronous.DisposeAsync().ConfigureAwait(false);
                else
                    (thing as IDisposable)?.Dispose();
            }
            catch (Exception e)
            {
                errors.Add(e);
            }
        }

        return errors;
    }
}
