using System.Collections.Concurrent;
using System.Data.Common;
using Microsoft.EntityFrameworkCore.Diagnostics;

namespace ProfileService.Storage;

/// <summary>
/// Has those who write to profiles.db wait for each other, in the order in which they came. SQLite has one writer at a time; a second one
/// would look every 150 ms whether it is its turn, and others that come at the right moment keep it from it for seconds. As an interceptor
/// it holds for statements that EF Core runs outside of a transaction; <see cref="SqliteProfileDbContext"/> takes the turn for
/// transactions.
/// </summary>
internal sealed class OneWriter : DbCommandInterceptor
{
    private static readonly SemaphoreSlim Turn = new(1);

    private readonly ConcurrentDictionary<DbCommand, IDisposable> _writing = new();

    /// <summary>Waits for the turn, which ends when the result is disposed of.</summary>
    public static async Task<IDisposable> TakeTurnAsync(CancellationToken cancellationToken)
    {
        await Turn.WaitAsync(cancellationToken);
        return new Ending();
    }

    public override async ValueTask<InterceptionResult<int>> NonQueryExecutingAsync(
        DbCommand command, CommandEventData eventData, InterceptionResult<int> result, CancellationToken cancellationToken = default)
    {
        if (command.Transaction is null)
            _writing[command] = await TakeTurnAsync(cancellationToken);
        return result;
    }

    public override ValueTask<int> NonQueryExecutedAsync(
        DbCommand command, CommandExecutedEventData eventData, int result, CancellationToken cancellationToken = default)
    {
        End(command);
        return ValueTask.FromResult(result);
    }

    public override Task CommandFailedAsync(
        DbCommand command, CommandErrorEventData eventData, CancellationToken cancellationToken = default)
    {
        End(command);
        return Task.CompletedTask;
    }

    public override Task CommandCanceledAsync(
        DbCommand command, CommandEndEventData eventData, CancellationToken cancellationToken = default)
    {
        End(command);
        return Task.CompletedTask;
    }

    private void End(DbCommand command)
    {
        if (_writing.TryRemove(command, out var turn))
            turn.Dispose();
    }

    private sealed class Ending : IDisposable
    {
        private bool _hasEnded;

        public void Dispose()
        {
            if (!Interlocked.Exchange(ref _hasEnded, true))
                Turn.Release();
        }
    }
}
