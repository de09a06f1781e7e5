using Microsoft.Extensions.Options;

namespace ProfileService.Similar;

/// <summary>Checks whether Postgres supports the index, and creates the index's table.</summary>
internal sealed partial class PgvectorStart(PgvectorTable table, IOptions<SimilarOptions> options, ILogger<PgvectorStart> logger)
    : IHostedService
{
    /// <exception cref="OptionsValidationException">The settings require the index, and Postgres does not support it.</exception>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        if (await table.OpenAsync(cancellationToken) is not { } reason)
            return;
        if (options.Value.Search == SimilarSearch.Hnsw)
            throw Refused($"Similar:Search is Hnsw, but {reason}. Set Auto or Exact to search in process.");
        LogExact(reason, options.Value.MaxUsers);
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private static OptionsValidationException Refused(string problem) => new(nameof(SimilarOptions), typeof(SimilarOptions), [problem]);

    [LoggerMessage(Level = LogLevel.Information, Message = "Similar users are searched in process, among {MaxUsers} at most: {Reason}")]
    private partial void LogExact(string reason, int maxUsers);
}
