using ProfileService.Platform;
using ProfileService.Windows.Redis.Layout;

namespace ProfileService.Windows.Redis.Read;

/// <summary>
/// Reads the revisions of windows. All users that are asked for while a request is out go together in the next, because a command of its
/// own costs a user more than all the rest of a lookup; so do those whose lookups are at hand when the first one is asked for.
/// </summary>
internal sealed class RedisRevisions(RedisConnection redis, RedisWindowKeys keys, AlteredWindows altered)
{
    private const int RevisionBytes = RedisWindowLayout.TouchedAt;
    private const int MostTogether = 1_000; // users; then they go out whatever else is

    private readonly Lock _joining = new();
    private Question? _next;
    private bool _isSending;

    /// <summary>
    /// See <see cref="IWindowStore.FindRevisionAsync"/>. In a cluster each goes alone, so that no server keeps the others' users waiting.
    /// </summary>
    public Task<long?> FindAsync(string userId)
    {
        if (redis.IsCluster)
            return AskAsync(userId);
        var question = Join([userId], out var place);
        return question.AnswerAsync(place);
    }

    /// <summary>See <see cref="IWindowStore.FindRevisionsAsync"/>.</summary>
    public async Task<IReadOnlyList<long?>> FindAsync(IReadOnlyList<string> userIds)
    {
        if (userIds.Count == 0)
            return [];
        if (redis.IsCluster)
            return await Task.WhenAll(userIds.Select(AskAsync));
        var question = Join(userIds, out var place);
        return await question.AnswerAsync(place, userIds.Count);
    }

    private Question Join(IReadOnlyList<string> userIds, out int place)
    {
        Question question;
        bool isFull, isFirst;
        lock (_joining)
        {
            question = _next ??= new Question();
            place = question.Add(userIds);
            isFull = question.UserIds.Count >= MostTogether;
            isFirst = !isFull && !_isSending;
            _isSending |= isFirst;
            if (isFull)
                _next = null;
        }

        if (isFull)
            _ = SendAsync(question);
        else if (isFirst)
            _ = SendAllAsync();
        return question;
    }

    private async Task SendAllAsync()
    {
        await Task.Yield(); // behind the requests that have come in already
        while (TakeNext() is { } question)
        {
            await SendAsync(question);
            await Task.Yield();
        }
    }

    private Question? TakeNext()
    {
        lock (_joining)
        {
            var next = _next;
            _next = null;
            _isSending = next is not null;
            return next;
        }
    }

    private async Task SendAsync(Question question)
    {
        try
        {
            question.Answer(await AskAsync(question.UserIds));
        }
        catch (Exception e) // it is for those who asked
        {
            question.Fail(e);
        }
    }

    private async Task<long?[]> AskAsync(List<string> userIds)
    {
        if (userIds.Count == 1)
            return [await AskAsync(userIds[0])];
        var windows = userIds.ConvertAll(keys.Window).ToArray();
        var found = (byte[])(await redis.Database.ScriptEvaluateAsync(RedisReadScripts.Revisions, windows))!;
        var revisions = new long?[windows.Length];
        for (var i = 0; i < revisions.Length; i++)
            revisions[i] = altered.Check(userIds[i], ReadRevision(found.AsSpan(i * RevisionBytes, RevisionBytes)));
        return revisions;
    }

    private async Task<long?> AskAsync(string userId)
    {
        byte[]? found = await redis.Database.StringGetRangeAsync(keys.Window(userId), RedisWindowLayout.RevisionAt, RevisionBytes - 1);
        return altered.Check(userId, RedisWindowValue.ReadRevision(found));
    }

    /// <summary>Of the reply of the script, in which zeros stand for no window.</summary>
    private static long? ReadRevision(ReadOnlySpan<byte> found) =>
        found.ContainsAnyExcept((byte)0) ? RedisWindowValue.ReadRevision(found) : null;

    /// <summary>Users that go out together.</summary>
    private sealed class Question
    {
        private readonly TaskCompletionSource<long?[]> _answer = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public List<string> UserIds { get; } = [];

        /// <summary>Returns the place of the first of them.</summary>
        public int Add(IReadOnlyList<string> userIds)
        {
            UserIds.AddRange(userIds);
            return UserIds.Count - userIds.Count;
        }

        public async Task<long?> AnswerAsync(int place) => (await _answer.Task)[place];

        public async Task<ArraySegment<long?>> AnswerAsync(int place, int count) => new(await _answer.Task, place, count);

        public void Answer(long?[] revisions) => _answer.SetResult(revisions);

        public void Fail(Exception e) => _answer.SetException(e);
    }
}
