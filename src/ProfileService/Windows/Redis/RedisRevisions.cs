using ProfileService.Hosting;

namespace ProfileService.Windows;

/// <summary>
/// Reads the revisions of windows. While no question is out users are asked for at once; those that come meanwhile go out together when the
/// answer is there, for a command of its own costs a user more than all the rest of a lookup.
/// </summary>
internal sealed class RedisRevisions(RedisConnection redis, RedisPartitions partitions)
{
    private const int MostTogether = 1_000; // users; then they go out whatever else is

    private readonly RedisWindowKeys _keys = new(partitions);
    private readonly Lock _joining = new();
    private Question? _next;
    private int _out;

    /// <summary>See <see cref="IWindowStore.FindRevisionAsync"/>. In a cluster each goes alone, so that no server keeps the others' users waiting.</summary>
    public async Task<long?> FindAsync(string userId) => redis.IsCluster ? await AskAsync(userId) : (await JoinAsync([userId]))[0];

    /// <summary>See <see cref="IWindowStore.FindRevisionsAsync"/>.</summary>
    public async Task<IReadOnlyList<long?>> FindAsync(IReadOnlyList<string> userIds)
    {
        if (userIds.Count == 0)
            return [];
        return redis.IsCluster ? await Task.WhenAll(userIds.Select(AskAsync)) : await JoinAsync(userIds);
    }

    private Task<ArraySegment<long?>> JoinAsync(IReadOnlyList<string> userIds)
    {
        Question question;
        int place;
        bool goes;
        lock (_joining)
        {
            question = _next ??= new Question();
            place = question.Add(userIds);
            goes = _out == 0 || question.UserIds.Count >= MostTogether;
            if (goes)
                (_next, _out) = (null, _out + 1);
        }

        if (goes)
            _ = SendAsync(question);
        return question.AnswerAsync(place, userIds.Count);
    }

    private async Task SendAsync(Question? question)
    {
        for (; question is not null; question = TakeNext())
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
    }

    private Question? TakeNext()
    {
        lock (_joining)
        {
            var next = _next;
            _next = null;
            if (next is null)
                _out--;
            return next;
        }
    }

    private async Task<long?[]> AskAsync(List<string> userIds)
    {
        if (userIds.Count == 1)
            return [await AskAsync(userIds[0])];
        var keys = userIds.ConvertAll(_keys.Window).ToArray();
        var found = (byte[])(await redis.Database.ScriptEvaluateAsync(RedisWindowScripts.Revisions, keys))!;
        var revisions = new long?[keys.Length];
        for (var i = 0; i < revisions.Length; i++)
            revisions[i] = RedisWindowValue.ReadRevision(found, i);
        return revisions;
    }

    private async Task<long?> AskAsync(string userId) =>
        RedisWindowValue.ReadNumber(await redis.Database.StringGetRangeAsync(_keys.Window(userId), 0, RedisWindowValue.RevisionEnd - 1));

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

        public async Task<ArraySegment<long?>> AnswerAsync(int place, int count) => new(await _answer.Task, place, count);

        public void Answer(long?[] revisions) => _answer.SetResult(revisions);

        public void Fail(Exception e) => _answer.SetException(e);
    }
}
