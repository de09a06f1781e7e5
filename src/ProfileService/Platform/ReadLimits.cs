namespace ProfileService.Platform;

/// <summary>
/// Limits concurrent reads by their cost, not by the number of requests: a lookup of 1,000 users counts as 1,000. Reads beyond the limit
/// are refused at once, so that neither health checks nor cheap requests wait behind them.
/// </summary>
internal sealed class ReadLimits : IDisposable
{
    /// <summary>Approximate memory of reading one user, in bytes. A user that takes more counts as several.</summary>
    public const int BytesPerUser = 8 << 10;

    // About 40 ms of work if the store runs in this process. With less, the processors would only send refusals while granted reads queue.
    public const int UsersPerProcessor = 4_000;
    private const int MinProcessors = 4; // assumed number if there are fewer, because a store may run in another process
    public const int WaitingShare = 2; // cost that may wait, as a multiple of Permits

    /// <summary>Detail of the 503 response.</summary>
    public const string TooMany = "Too much is being read at the same time. Try again, or request fewer users at once.";

    private const int SmallBody = 1_024; // bytes; a lookup of about 100 users

    private readonly Bound _answers;
    private readonly WorkLimiter _reads;

    public ReadLimits(AvailableMemory memory, TimeProvider time)
    {
        _answers = new(memory.Answers);
        _reads = NewLimiter(memory, time);
        Early = new(() => !_reads.HasRoomFor(Permits / 4), TooMany, SmallBody); // the cost of a large lookup is unknown until it is read
    }

    /// <summary>Cost of the reads that may run at the same time, in users.</summary>
    public int Permits => _reads.Permits;

    /// <summary>Bytes of responses that are being sent.</summary>
    public long AnswerBytes => _answers.Held;

    /// <summary>Early refusal of lookups of many users.</summary>
    public EarlyRefusal Early { get; }

    /// <summary>Waits until the read may run. The read ends when the lease is disposed.</summary>
    /// <param name="cost">In users.</param>
    /// <exception cref="OverloadedException">Too many reads wait already.</exception>
    public async ValueTask<IDisposable> AcquireAsync(int cost, CancellationToken cancellationToken) =>
        await TryAcquireAsync(cost, cancellationToken) ?? throw new OverloadedException(TooMany);

    /// <summary>Waits until a request whose body is read may run, and counts its response until it is sent.</summary>
    /// <exception cref="OverloadedException">Too many reads wait already.</exception>
    public ValueTask<IDisposable> AcquireAsync(HttpContext context, ReadCost cost)
    {
        HoldAnswer(context, ReadCost.AnswerBytes);
        return AcquireAsync(cost.Users, context.RequestAborted);
    }

    /// <summary>As <see cref="AcquireAsync(int, CancellationToken)"/>; returns null if too many reads wait already.</summary>
    /// <param name="cost">In users.</param>
    public async ValueTask<IDisposable?> TryAcquireAsync(int cost, CancellationToken cancellationToken)
    {
        if (await _reads.TryAcquireAsync(cost, cancellationToken) is not { } lease)
            return null;
        // A store in this process works on the calling thread; refusals and health checks that arrived meanwhile go first.
        await Task.Yield();
        return lease;
    }

    /// <summary>Counts a response until it is sent: a slow client makes the service hold it in memory.</summary>
    /// <exception cref="OverloadedException">Too many bytes are held already.</exception>
    public void HoldAnswer(HttpContext context, long bytes)
    {
        if (!_answers.TryAcquire(bytes))
            throw new OverloadedException(TooMany);
        context.Response.OnCompleted(() =>
        {
            _answers.Release(bytes);
            return Task.CompletedTask;
        });
    }

    public void Dispose() => _reads.Dispose();

    private static WorkLimiter NewLimiter(AvailableMemory memory, TimeProvider time)
    {
        var max = UsersPerProcessor * Math.Max(MinProcessors, Environment.ProcessorCount);
        var permits = (int)Math.Clamp(memory.Reads / BytesPerUser, 1, max);
        return new WorkLimiter(permits, WaitingShare * permits, TooMany, time);
    }
}
