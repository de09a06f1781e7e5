using Microsoft.Extensions.Options;

namespace ProfileService.Similar;

/// <summary>Finds out at start whether Postgres has what the index needs, once the profiles' tables stand and before anything is filled.</summary>
internal sealed partial class PgvectorStart(PgvectorTable table, PgvectorFiller filler, IOptions<SimilarOptions> options, ILogger<PgvectorStart> logger) : IHostedService
{
    /// <exception cref="OptionsValidationException">The index is asked for, and cannot be had.</exception>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        if (await table.OpenAsync(cancellationToken) is not { } reason)
            filler.Open();
        else if (options.Value.Search == SimilarSearch.Hnsw)
            throw new OptionsValidationException(nameof(SimilarOptions), typeof(SimilarOptions), [$"Similar:Search is Hnsw, but {reason}. Set Auto or Exact to search in process."]);
        else
            LogExact(reason, options.Value.MaxUsers);
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    [LoggerMessage(Level = LogLevel.Information, Message = "Similar users are searched in process, among {MaxUsers} at most: {Reason}")]
    private partial void LogExact(string reason, int maxUsers);
}
