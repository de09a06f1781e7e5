using ProfileService.Intake;
using ProfileService.Windows.Redis.Append;
using ProfileService.Windows.Redis.Read;

namespace ProfileService.Windows.Redis;

/// <summary>Windows in Redis or Redis Cluster, shared by any number of processes.</summary>
internal sealed class RedisWindowStore(
    RedisAppender appender,
    RedisCommitter committer,
    RedisWindowReader reader,
    RedisSeenItems seen,
    RedisRevisions revisions,
    RedisWindowScan scan,
    RedisIdleWindows idle,
    RedisTextRemover texts,
    WindowAppender rules,
    AlteredWindows altered) : IWindowStore
{
    public Task<IReadOnlyList<Verdict>> AppendAsync(IReadOnlyList<WindowEvent> events, CancellationToken cancellationToken) =>
        appender.AppendAsync(events, cancellationToken);

    public async Task<StoredWindow?> FindAsync(string userId, CancellationToken cancellationToken) =>
        altered.Decode(userId, await reader.ReadAsync(userId));

    public Task<SeenItems?> FindSeenAsync(string userId, CancellationToken cancellationToken) => seen.FindAsync(userId);

    public Task<long?> FindRevisionAsync(string userId, CancellationToken cancellationToken) => revisions.FindAsync(userId);

    public Task<IReadOnlyList<long?>> FindRevisionsAsync(IReadOnlyList<string> userIds, CancellationToken cancellationToken) =>
        revisions.FindAsync(userIds);

    public Task TouchAsync(IReadOnlyList<string> userIds, CancellationToken cancellationToken) =>
        Task.WhenAll(userIds.Select(userId => committer.ChangeAsync(
            userId, (window, mark) => new WindowChange(rules.Touch(window, mark)), cancellationToken)));

    public Task<bool> MendAsync(string userId, IReadOnlyList<WindowEvent> events, CancellationToken cancellationToken) =>
        appender.MendAsync(userId, events, cancellationToken);

    public IAsyncEnumerable<IReadOnlyList<string>> ReadUsersAsync(CancellationToken cancellationToken) =>
        scan.ReadPagesAsync(cancellationToken);

    public Task<bool> IsEmptyAsync(CancellationToken cancellationToken) => scan.IsEmptyAsync(cancellationToken);

    public Task<bool> RemoveTextsAsync(string userId, TextRemoval removal, CancellationToken cancellationToken) =>
        texts.RemoveAsync(userId, removal, cancellationToken);

    public Task<int> DropIdleAsync(CancellationToken cancellationToken) => idle.DropAsync(cancellationToken);
}
