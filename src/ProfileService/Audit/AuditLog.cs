using System.Threading.Channels;

namespace ProfileService.Audit;

/// <summary>Entries that wait to be written. <see cref="AuditWorker"/> writes them within about a second.</summary>
internal sealed class AuditLog
{
    /// <summary>Maximum number of entries.</summary>
    public const int MaxWaiting = 10_000;

    private readonly Channel<AuditEntry> _waiting =
        Channel.CreateBounded<AuditEntry>(new BoundedChannelOptions(MaxWaiting) { SingleReader = true });
    private long _lost;

    public ChannelReader<AuditEntry> Waiting => _waiting.Reader;

    /// <summary>Whether no entry can be added, because the database has been away for long.</summary>
    public bool IsFull => _waiting.Reader.Count >= MaxWaiting;

    /// <summary>Adds an entry; counts it as lost if there is no room.</summary>
    public void Add(AuditEntry entry)
    {
        if (!_waiting.Writer.TryWrite(entry))
            Interlocked.Increment(ref _lost);
    }

    /// <summary>Adds an entry as soon as there is room.</summary>
    public ValueTask AddAsync(AuditEntry entry, CancellationToken cancellationToken) =>
        _waiting.Writer.WriteAsync(entry, cancellationToken);

    /// <summary>Number of entries lost since the last call.</summary>
    public long TakeLost() => Interlocked.Exchange(ref _lost, 0);
}
