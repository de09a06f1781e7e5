namespace ProfileService.Platform;

/// <summary>
/// How much the doors out do at a time, counted by what it costs and not by requests: a lookup of a thousand users counts as a thousand.
/// What is beyond is refused at once, so that neither health nor cheap requests wait behind it.
/// </summary>
internal sealed class ReadLimits : IDisposable
{
    /// <summary>Bytes that reading one user takes, about; one that takes more counts as several.</summary>
    public const int BytesOfAUser = 8 << 10;

    // Some 40 ms of work, where a store is in this process. With fewer the processors answer refusals alone while the turns wait in the queue.
    private const int UsersOfAProcessor = 4_000;
    private const int LeastProcessors = 4; // for stores that are not
    public const int WaitingShare = 2; // of what is done at a time

    /// <summary>What a client is told that is refused.</summary>
    public const string TooMany = "Too much is being read at once. Try again, or ask for fewer users at a time.";

    private const int SmallBody = 1_024; // bytes; of some 100 users

    private readonly Bound _answers;
    private readonly Turns _turns;

    public ReadLimits(MemoryAtHand memory, TimeProvider time)
    {
        _answers = new(memory.Answers);
        _turns = NewTurns(memory, time);
        Early = new(() => !_turns.HaveRoomFor(Permits / 4), TooMany, SmallBody); // what a large lookup takes is not known before it is read
    }

    /// <summary>What is read at a time, in users.</summary>
    public int Permits => _turns.Permits;

    /// <summary>Bytes of answers that are being sent.</summary>
    public long AnswerBytes => _answers.Held;

    /// <summary>Of lookups of many users.</summary>
    public EarlyRefusal Early { get; }

    /// <summary>Waits for a turn to read.</summary>
    /// <param name="cost">In users.</param>
    /// <exception cref="OverloadedException">Too much waits already.</exception>
    public async ValueTask<IDisposable> TakeTurnAsync(int cost, CancellationToken cancellationToken) =>
        await TryTakeTurnAsync(cost, cancellationToken) ?? throw new OverloadedException(TooMany);

    /// <summary>Waits for a turn to read; null where too much waits already.</summary>
    /// <param name="cost">In users.</param>
    public async ValueTask<IDisposable?> TryTakeTurnAsync(int cost, CancellationToken cancellationToken)
    {
        if (await _turns.TryTakeAsync(cost, cancellationToken) is not { } turn)
            return null;
        await Task.Yield(); // behind what came meanwhile: a store in this process works on the calling thread, and refusals and health would wait for it
        return turn;
    }

    /// <summary>Counts an answer until it is sent: a client that reads slowly makes the service hold it.</summary>
    /// <exception cref="OverloadedException">Too many bytes are held already.</exception>
    public void HoldAnswer(HttpContext context, long bytes)
    {
        if (!_answers.TryTake(bytes))
            throw new OverloadedException(TooMany);
        context.Response.OnCompleted(() =>
        {
            _answers.Give(bytes);
            return Task.CompletedTask;
        });
    }

    public void Dispose() => _turns.Dispose();

    private static Turns NewTurns(MemoryAtHand memory, TimeProvider time)
    {
        var permits = (int)Math.Clamp(memory.Reads / BytesOfAUser, 1, UsersOfAProcessor * Math.Max(LeastProcessors, Environment.ProcessorCount));
        return new Turns(permits, WaitingShare * permits, TooMany, time);
    }
}
