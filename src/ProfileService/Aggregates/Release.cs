using System.ComponentModel.DataAnnotations;
using ProfileService.Storage;

namespace ProfileService.Aggregates;

/// <summary>The release that an answer is of: counted and given noise once, the same for everybody who asks.</summary>
/// <param name="Number">1, 2, 3, …</param>
/// <param name="MadeAt">When its counting began.</param>
/// <param name="Exact">Whether its counts have no noise: Aggregates:Epsilon was 0.</param>
/// <param name="Epsilon">Privacy loss of all lists of the release together; 0 if it is exact, and bounds nothing then.</param>
/// <param name="Users">Number of users with events, with noise.</param>
/// <param name="MaxItemsPerUser">Number of items, and of categories, in which a user counts at most: the newest.</param>
/// <param name="ItemsFrom">An item is listed from this count on; below it, noise could be all there is.</param>
/// <param name="CategoriesFrom">As ItemsFrom, for categories.</param>
/// <param name="Budget">What releases may spend; left out if the release is exact.</param>
internal sealed record Release(
    [Range(1d, double.PositiveInfinity)] long Number,
    DateTime MadeAt,
    bool Exact,
    [Range(0d, double.PositiveInfinity)] double Epsilon,
    int Users,
    int MaxItemsPerUser,
    int ItemsFrom,
    int CategoriesFrom,
    PrivacyBudget? Budget)
{
    public static Release Of(AggregateRelease row, ReleasedCounts counts, int spentThousandths, AggregateOptions options)
    {
        var isExact = counts.EpsilonThousandths == 0;
        return new(
            row.Number,
            row.MadeAt!.Value,
            isExact,
            EpsilonOf(counts.EpsilonThousandths),
            counts.Users,
            counts.MaxItemsPerUser,
            counts.ItemsFrom,
            counts.CategoriesFrom,
            isExact ? null : PrivacyBudget.Of(spentThousandths, options));
    }

    internal static double EpsilonOf(int thousandths) => thousandths / 1_000d;
}

/// <summary>How much privacy loss releases may add up to.</summary>
/// <param name="Epsilon">Sum of the epsilons of all releases within the period, at most.</param>
/// <param name="Days">The period, back from now.</param>
/// <param name="Spent">Sum of the epsilons of the releases within it.</param>
/// <param name="Left">What is left of it.</param>
/// <param name="IsSpent">Whether no release is made any more until older ones are out of the period.</param>
internal sealed record PrivacyBudget(
    [Range(0d, double.PositiveInfinity)] double Epsilon,
    [Range(0d, double.PositiveInfinity)] double Days,
    [Range(0d, double.PositiveInfinity)] double Spent,
    [Range(0d, double.PositiveInfinity)] double Left,
    bool IsSpent)
{
    public static PrivacyBudget Of(int spentThousandths, AggregateOptions options)
    {
        var left = Math.Max(0, options.BudgetThousandths - spentThousandths);
        return new PrivacyBudget(
            Release.EpsilonOf(options.BudgetThousandths),
            options.BudgetPeriod.TotalDays,
            Release.EpsilonOf(spentThousandths),
            Release.EpsilonOf(left),
            left < options.EpsilonThousandths);
    }
}
