using System.ComponentModel.DataAnnotations;
using ProfileService.Platform.Settings;

namespace ProfileService.Aggregates;

/// <summary>Section <c>Aggregates</c>: counts over all users, and how they hide each of them.</summary>
[Section("Aggregates")]
internal sealed class AggregateOptions
{
    public const double MinEpsilon = 0.01;

    private static readonly TimeSpan MinPause = TimeSpan.FromMinutes(1);

    /// <summary>Time from one release to the next. 0 makes none; otherwise 1 minute to 365 days, default 1 day.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "365.00:00:00")]
    public TimeSpan Every { get; set; } = TimeSpan.FromDays(1);

    /// <summary>
    /// Privacy loss of a release: what any answer says of one user changes its odds by a factor of at most e^Epsilon. Read to a
    /// thousandth. 0.01 to 100, default 1; 0 releases exact counts, which hide nobody.
    /// </summary>
    [Range(0d, 100d)]
    public double Epsilon { get; set; } = 1;

    /// <summary>
    /// Number of items, and of categories, in which a user counts at most: the newest. 1 to 100, default 5. The noise grows with it.
    /// </summary>
    [Range(1, 100)]
    public int MaxItemsPerUser { get; set; } = 5;

    /// <summary>
    /// Sum of the epsilons of all releases within BudgetPeriod. A release that would exceed it is not made. 0.01 to 100,000, default 30.
    /// </summary>
    [Range(MinEpsilon, 100_000d)]
    public double Budget { get; set; } = 30;

    /// <summary>Time over which Budget holds, back from any moment. 1 hour to 10 years, default 30 days.</summary>
    [Range(typeof(TimeSpan), "01:00:00", "3650.00:00:00")]
    public TimeSpan BudgetPeriod { get; set; } = TimeSpan.FromDays(30);

    /// <summary>How far back from a release an event counts as recent, for trending items. 1 hour to 365 days, default 7 days.</summary>
    [Range(typeof(TimeSpan), "01:00:00", "365.00:00:00")]
    public TimeSpan Recent { get; set; } = TimeSpan.FromDays(7);

    /// <summary>Epsilons are whole thousandths, so that sums are exact and the noise needs no fractions.</summary>
    internal int EpsilonThousandths => Thousandths(Epsilon);

    internal int BudgetThousandths => Thousandths(Budget);

    /// <summary>By how much the budget would be exceeded with another release; 0 or less if it fits, as an exact one always does.</summary>
    internal int ExcessOf(int spentThousandths) =>
        EpsilonThousandths == 0 ? 0 : spentThousandths + EpsilonThousandths - BudgetThousandths;

    /// <summary>Whether a release says no more of one user than these settings allow: one that was made under others may.</summary>
    internal bool Allow(int epsilonThousandths) =>
        EpsilonThousandths == 0 || (epsilonThousandths > 0 && epsilonThousandths <= EpsilonThousandths);

    /// <summary>Whether Epsilon is exact counts or enough for noise to be drawn.</summary>
    internal static bool IsEpsilon(double epsilon) => epsilon is 0 or >= MinEpsilon;

    /// <summary>Whether Every is no releases, or not more often than the worker looks.</summary>
    internal static bool IsPause(TimeSpan every) => every == TimeSpan.Zero || every >= MinPause;

    /// <summary>Whether at least one release fits into the budget.</summary>
    internal static bool Fits(AggregateOptions options) => options.Epsilon <= options.Budget;

    private static int Thousandths(double epsilon) => (int)Math.Round(1_000 * epsilon);
}
