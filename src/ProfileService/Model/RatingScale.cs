using System.Globalization;

namespace ProfileService.Model;

/// <summary>The scale of the ratings that a package was trained on, as its manifest states it.</summary>
/// <param name="Lowest">The worst rating.</param>
/// <param name="Highest">The best rating.</param>
internal sealed record RatingScale(double Lowest, double Highest)
{
    private const double Farthest = 1_000_000;

    /// <summary>Of a package that states none.</summary>
    public static RatingScale Usual { get; } = new(1, 5);

    /// <summary>Returns what is wrong, or null.</summary>
    public string? Problem() => Lowest >= -Farthest && Highest <= Farthest && Lowest < Highest
        ? null
        : "ratingScale: lowest must be below highest, and both -1,000,000 to 1,000,000.";

    /// <summary>Says how the service's scale differs from this one, and what to do; null if both are the same.</summary>
    public string? Advice(string model, double lowest, double highest)
    {
        var (ours, theirs) = ((Low: Text(lowest), High: Text(highest)), (Low: Text(Lowest), High: Text(Highest)));
        return ours == theirs
            ? null
            : $"Events:LowestRating and Events:HighestRating are {ours.Low} and {ours.High}, but {model} was trained on ratings from "
                + $"{theirs.Low} to {theirs.High}: set Events:LowestRating={theirs.Low} and Events:HighestRating={theirs.High}, or train "
                + $"it with --rating-scale={ours.Low}-{ours.High}.";
    }

    private static string Text(double rating) => rating.ToString(CultureInfo.InvariantCulture);
}
