using System.Text.Json.Serialization;

namespace ProfileService.Cli.Evaluation;

/// <summary>HR@10 and NDCG@10 of an evaluation with full ranking, to 6 decimals.</summary>
internal sealed record EvaluationFigures(
    string Part,
    [property: JsonPropertyName("hr@10")] double HitRate,
    [property: JsonPropertyName("ndcg@10")] double Gain,
    int Users,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] BaselineFigures? Popularity = null)
{
    private const int Decimals = 6;

    public const string Clock = "clock"; // the part of an evaluation at one moment

    /// <param name="users">At least one.</param>
    public static EvaluationFigures Of(string part, IReadOnlyList<RankedUser> users) => new(
        part,
        Math.Round(users.Average(u => u.Rank < ItemRanking.Top ? 1.0 : 0.0), Decimals),
        Math.Round(users.Average(u => u.Rank < ItemRanking.Top ? 1 / Math.Log2(u.Rank.Value + 2) : 0.0), Decimals),
        users.Count);
}

/// <summary>The same figures of a ranking that is the same for every user.</summary>
internal sealed record BaselineFigures(
    [property: JsonPropertyName("hr@10")] double HitRate, [property: JsonPropertyName("ndcg@10")] double Gain)
{
    public static BaselineFigures Of(EvaluationFigures figures) => new(figures.HitRate, figures.Gain);
}
