using ProfileService.Windows.Sqlite;

namespace ProfileService.Attribution;

/// <summary>Counts in the SQLite file of the windows, which one process has.</summary>
internal sealed class SqliteOutcomeStore(SqliteWindowFile file) : IOutcomeStore
{
    private const string Add = """
        INSERT INTO recommendation_counts (day, model, shown, clicked, bought) VALUES ($day, $model, $shown, $clicked, $bought)
        ON CONFLICT (day, model) DO UPDATE SET shown = shown + $shown, clicked = clicked + $clicked, bought = bought + $bought
        """;

    private const string Drop = "DELETE FROM recommendation_counts WHERE day < $first";

    private const string Read = "SELECT day, model, shown, clicked, bought FROM recommendation_counts WHERE day >= $first";

    private (string Process, long Number) _last = ("", 0); // of the batches that are stored; one process has the file

    public async Task AddAsync(OutcomeBatch batch, CancellationToken cancellationToken)
    {
        if (batch.Process == _last.Process && batch.Number <= _last.Number)
            return;
        await file.WriteAsync(() =>
        {
            foreach (var (source, counts) in batch.Counts)
                Write(source, counts);
            return file.Prepared(Drop, ("$first", DayText.Of(OutcomeBatch.FirstDay(batch.MadeOn)))).ExecuteNonQuery();
        }, cancellationToken);
        _last = (batch.Process, batch.Number);
    }

    public Task<IReadOnlyDictionary<RecommendationSource, OutcomeCounts>> ReadAsync(
        DateOnly since, CancellationToken cancellationToken)
    {
        using var connection = file.Open();
        using var command = SqliteWindowFile.Command(connection, Read, ("$first", DayText.Of(since)));
        using var rows = command.ExecuteReader();
        var read = new Dictionary<RecommendationSource, OutcomeCounts>();
        while (rows.Read())
        {
            var day = DayText.Parse(rows.GetString(0));
            read[new(rows.GetString(1), day)] = new(rows.GetInt64(2), rows.GetInt64(3), rows.GetInt64(4));
        }

        return Task.FromResult<IReadOnlyDictionary<RecommendationSource, OutcomeCounts>>(read);
    }

    private void Write(RecommendationSource source, OutcomeCounts counts) => file.Prepared(
        Add, ("$day", DayText.Of(source.Day)), ("$model", source.Model),
        ("$shown", counts.Shown), ("$clicked", counts.Clicked), ("$bought", counts.Bought)).ExecuteNonQuery();
}
