using ProfileService.Hosting;
using StackExchange.Redis;

namespace ProfileService.Windows;

/// <summary>
/// Reads the revisions of windows. While no question is out a single user is asked for at once; those that come meanwhile go out together when
/// the answer is there, for a command of its own costs a user more than all the rest of a lookup.
/// </summary>
internal sealed class RedisRevisions(RedisConnection redis, RedisPartitions partitions)
{
    private const int MostTogether = 256; // users; then they go out whatever else is

    private readonly RedisWindowKeys _keys = new(partitions);
    private readonly Lock _joining = new();
    private Question? _next;
    private int _out;

    /// <summary>See <see cref="IWindowStore.FindRevisionAsync"/>; not older than this call. In a cluster each goes alone, so that no server keeps the others' users waiting.</summary>
    public Task<long?> FindAsync(string userId) => redis.IsCluster ? AskAsync(userId) : JoinAsync(userId);

    /// <summary>See <see cref="IWindowStore.FindRevisionsAsync"/>.</summary>
    public async Task<IReadOnlyList<long?>> FindAsync(IReadOnlyList<string> userIds) => userIds.Count switch
    {
        0 => [],
        1 => [await AskAsync(userIds[0])],
        _ when redis.IsCluster => await Task.WhenAll(userIds.Select(AskAsync)), // each may be on a server of its own
        _ => await AskTogetherAsync(userIds),
    };

    private async Task<long?> AskAsync(string userId) =>
        RedisWindowValue.ReadNumber(await redis.Database.StringGetRangeAsync(_keys.Window(userId), 0, RedisWindowValue.RevisionEnd - 1));

    private async Task<IReadOnlyList<long?>> AskTogetherAsync(IReadOnlyList<string> userIds)
    {
        var keys = new RedisKey[userIds.Count];
        for (var i = 0; i < keys.Length; i++)
            keys[i] = _keys.Window(userIds[i]);
        var found = (byte[])(await redis.Database.ScriptEvaluateAsync(RedisWindowScripts.Revisions, keys))!;
        var revisions = new long?[keys.Length];
        for (var i = 0; i < revisions.Length; i++)
            revisions[i] = RedisWindowValue.ReadRevision(found, i);
        return revisions;
    }

    private Task<long?> JoinAsync(string userId)
    {
        Question question;
        int place;
        bool goes;
        lock (_joining)
        {
            question = _next ??= new Question();
            place = question.Add(userId);
            goes = _out == 0 || place == MostTogether - 1;
            if (goes)
                (_next, _out) = (null, _out + 1);
        }

        if (goes)
            _ = SendAsync(question);
        return question.FindAsync(place);
    }

    private async Task SendAsync(Question? question)
    {
        for (; question is not null; question = TakeNext())
            await question.AskAsync(FindAsync);
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

    private sealed class Question
    {
        private readonly List<string> _userIds = [];
        private readonly TaskCompletionSource<IReadOnlyList<long?>> _answer = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public int Add(string userId)
        {
            _userIds.Add(userId);
            return _userIds.Count - 1;
        }

        public async Task<long?> FindAsync(int place) => (await _answer.Task)[place];

        /// <summary>A failure is for those who asked.</summary>
        public async Task AskAsync(Func<IReadOnlyList<string>, Task<IReadOnlyList<long?>>> ask)
        {
            try
            {
                _answer.SetResult(await ask(_userIds));
            }
            catch (Exception e)
            {
                _answer.SetException(e);
            }
        }
    }
}
