using System.Collections.Concurrent;
using Npgsql;

namespace ProfileService.Tests.Faults;

/// <summary>Reads the stored profiles' revisions over and over, until it is disposed of; none may ever go down.</summary>
internal sealed class RevisionWatch : IAsyncDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly ConcurrentDictionary<string, long> _seen = new();
    private readonly NpgsqlDataSource _postgres;
    private readonly Task _watching;

    public RevisionWatch(string connectionString)
    {
        _postgres = NpgsqlDataSource.Create(connectionString);
        _watching = Task.Run(WatchAsync);
    }

    public int Reads { get; private set; }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _watching;
        await _postgres.DisposeAsync();
        _stop.Dispose();
        Assert.True(Reads > 1, "nothing was watched");
    }

    private async Task WatchAsync()
    {
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                await ReadAsync();
                Reads++;
            }
            catch (NpgsqlException) // the server is being restarted
            {
            }
        }
    }

    private async Task ReadAsync()
    {
        await using var command = _postgres.CreateCommand("SELECT user_id, revision FROM profiles");
        await using var rows = await command.ExecuteReaderAsync();
        while (await rows.ReadAsync())
        {
            var (user, revision) = (rows.GetString(0), rows.GetInt64(1));
            Assert.True(revision >= _seen.GetValueOrDefault(user), $"{user} went back from {_seen.GetValueOrDefault(user)} to {revision}");
            _seen[user] = revision;
        }
    }
}
