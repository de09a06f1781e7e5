namespace ProfileService.Client;

/// <summary>The release of counts that an answer is of: counted and given noise once, the same for everybody who asks.</summary>
/// <param name="Number">1, 2, 3, …</param>
/// <param name="MadeAt">When its counting began.</param>
/// <param name="Exact">Whether its counts have no noise, and so hide nobody.</param>
/// <param name="Epsilon">Privacy loss of all lists of the release together; 0 if it is exact, and bounds nothing then.</param>
/// <param name="Users">Number of users with events, with noise.</param>
/// <param name="MaxItemsPerUser">Number of items, and of categories, in which a user counts at most: the newest.</param>
/// <param name="ItemsFrom">An item is listed from this count on; below it, noise could be all there is.</param>
/// <param name="CategoriesFrom">As <paramref name="ItemsFrom"/>, for categories.</param>
/// <param name="Budget">What releases may spend; null if the release is exact.</param>
public sealed record Release(
    long Number,
    DateTimeOffset MadeAt,
    bool Exact,
    double Epsilon,
    int Users,
    int MaxItemsPerUser,
    int ItemsFrom,
    int CategoriesFrom,
    PrivacyBudget? Budget = null);

/// <summary>How much privacy loss releases may add up to.</summary>
/// <param name="Epsilon">Sum of the epsilons of all releases within the period, at most.</param>
/// <param name="Days">The period, back from now.</param>
/// <param name="Spent">Sum of the epsilons of the releases within it.</param>
/// <param name="Left">What is left of it.</param>
/// <param name="IsSpent">Whether no release is made any more until older ones are out of the period.</param>
public sealed record PrivacyBudget(double Epsilon, double Days, double Spent, double Left, bool IsSpent);
