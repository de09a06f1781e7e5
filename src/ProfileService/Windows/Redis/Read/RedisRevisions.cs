using ProfileService.Platform;
using ProfileService.Windows.Redis.Layout;

namespace ProfileService.Windows.Redis.Read;

/// <summary>
/// Reads the revisions of windows. All users that are requested while a command is running share the next one, because a separate command
/// per user would cost more than the rest of a lookup. The first command also waits for the lookups that have arrived already.
/// </summary>
internal sealed class RedisRevisions(RedisConnection redis, RedisWindowKeys keys, AlteredWindows altered)
{
    private const int RevisionBytes = RedisWindowLayout.TouchedAt;
    private const int MaxTogether = 1_000; // users; a batch of this size is sent at once

    private readonly Lock _joining = new();
    private Question? _next;
    private bool _isSending;

    /// <summary>
    /// See <see cref="IWindowStore.FindRevisionAsync"/>. In a cluster each user has a command, so that no server delays the others' users.
    /// </summary>
    public Task<long?> FindAsync(string userId)
    {
        if (redis.IsCluster)
            return AskAsync(userId);
        var question = Join([userId], out var index);
        return question.AnswerAsync(index);
    }

    /// <summary>See <see cref="IWindowStore.FindRevisionsAsync"/>.</summary>
    public async Task<IReadOnlyList<long?>> FindAsync(IReadOnlyList<string> userIds)
    {
        if (userIds.Count == 0)
            return [];
        if (redis.IsCluster)
            return await Task.WhenAll(userIds.Select(AskAsync));
        var question = Join(userIds, out var index);
        return await question.AnswerAsync(index, userIds.Count);
    }

    private Question Join(IReadOnlyList<string> userIds, out int index)
    {
        Question question;
        bool isFull, isFirst;
        lock (_joining)
        {
            question = _next ??= new Question();
            index = question.Add(userIds);
            isFull = question.UserIds.Count >= MaxTogether;
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
        await Task.Yield(); // lets the lookups that have arrived join
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
        catch (Exception e) // rethrown to the callers
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

    /// <summary>Reads an entry of the script's reply; zeros mean that there is no window.</summary>
    private static long? ReadRevision(ReadOnlySpan<byte> found) =>
        found.ContainsAnyExcept((byte)0) ? RedisWindowValue.ReadRevision(found) : null;

    /// <summary>Users that share a command.</summary>
    private sealed class Question
    {
        private readonly TaskCompletionSource<long?[]> _answer = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public List<string> UserIds { get; } = [];

        /// <summary>Returns the index of the first of these users.</summary>
        public int Add(IReadOnlyList<string> userIds)
        {
            UserIds.AddRange(userIds);
            return UserIds.Count - userIds.Count;
        }

        public async Task<long?> AnswerAsync(int index) => (await _answer.Task)[index];

        public async Task<ArraySegment<long?>> AnswerAsync(int index, int count) => new(await _answer.Task, index, count);

        public void Answer(long?[] revisions) => _answer.SetResult(revisions);

        public void Fail(Exception e) => _answer.SetException(e);
    }
}
