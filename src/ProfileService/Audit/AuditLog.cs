namespace ProfileService.Audit;

/// <summary>
/// Entries that wait to be written, which <see cref="AuditWorker"/> does within about a second. Those of the same kind share a place, so
/// that a flood of equal refusals takes no room from others.
/// </summary>
internal sealed class AuditLog(TimeProvider time)
{
    /// <summary>Maximum number of entries of different kinds.</summary>
    public const int MaxWaiting = 10_000;

    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(5);

    private readonly Lock _lock = new();
    private readonly Dictionary<AuditKey, AuditEntry> _waiting = [];
    private readonly Queue<AuditKey> _order = new(); // in which they came
    private TaskCompletionSource _room = NewRoom(); // completes when entries were taken
    private long _lost;

    /// <summary>Whether no entry of another kind can be added, because the database has been away for long.</summary>
    public bool IsFull
    {
        get
        {
            lock (_lock)
                return IsFullNow;
        }
    }

    private bool IsFullNow => _waiting.Count >= MaxWaiting;

    /// <summary>Adds an entry; counts it as lost if there is no room.</summary>
    public void Add(AuditEntry entry)
    {
        if (TryAdd(entry) is not null)
            Interlocked.Add(ref _lost, entry.Count);
    }

    /// <summary>Adds entries as soon as there is room; counts them as lost if none is made for 5 seconds.</summary>
    public async Task AddAsync(IReadOnlyList<AuditEntry> entries)
    {
        var hasRoom = true;
        foreach (var entry in entries)
        {
            while (hasRoom && TryAdd(entry) is { } room)
            {
                await room.WaitAsync(LongestWait, time).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                hasRoom = room.IsCompleted; // else the worker made none in time
            }

            if (!hasRoom)
                Add(entry);
        }
    }

    /// <summary>Takes the oldest entries, so that there is room for others.</summary>
    public List<AuditEntry> Take(int most)
    {
        lock (_lock)
        {
            var taken = new List<AuditEntry>(Math.Min(most, _order.Count));
            while (taken.Count < most && _order.TryDequeue(out var kind) && _waiting.Remove(kind, out var entry))
                taken.Add(entry);
            if (taken.Count > 0)
            {
                _room.SetResult();
                _room = NewRoom();
            }

            return taken;
        }
    }

    /// <summary>Number of entries lost since the last call.</summary>
    public long TakeLost() => Interlocked.Exchange(ref _lost, 0);

    /// <summary>Adds an entry; without room, returns what completes when there may be some.</summary>
    private Task? TryAdd(AuditEntry entry)
    {
        lock (_lock)
        {
            if (_waiting.TryGetValue(entry.Key, out var equal))
                _waiting[entry.Key] = entry with { Count = equal.Count + entry.Count };
            else if (IsFullNow)
                return _room.Task;
            else
            {
                _waiting.Add(entry.Key, entry);
                _order.Enqueue(entry.Key);
            }

            return null;
        }
    }

    private static TaskCompletionSource NewRoom() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
