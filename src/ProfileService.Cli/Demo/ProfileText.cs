using System.Globalization;
using ProfileService.Client;

namespace ProfileService.Cli.Demo;

/// <summary>A readable summary of a profile: its main dimensions, and the beginning of its vector.</summary>
internal static class ProfileText
{
    private const int ShownInterests = 5;
    private const int ShownNumbers = 6;

    public static IEnumerable<string> Of(UserProfile profile)
    {
        yield return $"  user        {profile.UserId}, {profile.EventCount:N0} events, by {profile.Model}";
        if (profile.Evidence is { } evidence)
            yield return $"  evidence    {evidence.ToString("0.00", CultureInfo.InvariantCulture)}";
        if (profile.Dimensions?.Attributes is { Count: > 0 } attributes)
            yield return $"  attributes  {string.Join(", ", attributes.Select(a => $"{a.Key} {a.Value}"))}";
        if (profile.Dimensions?.Interests is { Count: > 0 } interests)
            yield return $"  interests   {string.Join(", ", interests.Take(ShownInterests).Select(Text))}";
        if (profile.Dimensions?.Intent is { } intent)
        {
            yield return $"  intent      browse {intent.Browse:P0}, compare {intent.Compare:P0}, buy {intent.Buy:P0}, "
                + $"feedback {intent.Feedback:P0}";
        }

        if (profile.Vector is { } vector)
        {
            var numbers = vector.Take(ShownNumbers).Select(x => x.ToString("0.000", CultureInfo.InvariantCulture));
            yield return $"  vector      {string.Join("  ", numbers)}  … {vector.Length} numbers";
        }
    }

    private static string Text(Interest interest) =>
        $"{interest.Category} {interest.Share:P0}{(interest.Against is { } against ? $" ({against:P0} against)" : "")}";
}
