using System.Globalization;
using System.Text;
using System.Text.Json;
using ProfileService.Cli.CommandLine;

namespace ProfileService.Cli.Data;

/// <summary>
/// Converts MovieLens-100K to events: each rating is an event of kind <c>rating</c> with the stars as its value and the movie's genres as
/// its categories.
/// </summary>
internal static class MovieLensEvents
{
    private const long LastSecond = 253_402_300_799; // of the year 9999
    private const int FirstGenre = 5; // number of columns in u.item before the genre flags

    /// <summary>Returns a converter for lines of <c>u.data</c> (user, item, rating, Unix time in seconds; tab-separated).</summary>
    /// <exception cref="CommandException">A file of the data set is missing.</exception>
    public static Func<string, IEnumerable<string>> Converter(string directory)
    {
        var genres = File.ReadLines(InDataSet("u.genre"))
            .Where(l => l.Length > 0).Select(l => l.Split('|')[0]).ToArray();
        var movies = File.ReadLines(InDataSet("u.item"), Encoding.Latin1)
            .ToDictionary(l => l.Split('|')[0], l => GenresOf(l, genres));
        return line => [ToEvent(line, movies)];

        string InDataSet(string file) => Path.Combine(directory, file) is var path && File.Exists(path)
            ? path
            : throw new CommandException($"There is no file {path}. Name the folder of the whole data set.");
    }

    private static string[] GenresOf(string movie, string[] genres) =>
        [.. movie.Split('|').Skip(FirstGenre).Zip(genres).Where(g => g.First == "1").Select(g => g.Second)];

    private static string ToEvent(string line, Dictionary<string, string[]> movies)
    {
        if (line.Split('\t') is not [var user, var item, var rating, var seconds]
            || !double.TryParse(rating, NumberStyles.Float, CultureInfo.InvariantCulture, out var stars) || !double.IsFinite(stars)
            || !long.TryParse(seconds, CultureInfo.InvariantCulture, out var time) || time is < 0 or > LastSecond)
            throw new InvalidDataException($"u.data: '{line}' is not user, item, rating and Unix time, separated by tabs.");
        return JsonSerializer.Serialize(
            new
            {
                UserId = user,
                Kind = "rating",
                ItemId = item,
                Timestamp = DateTimeOffset.FromUnixTimeSeconds(time).UtcDateTime,
                Categories = movies.GetValueOrDefault(item, []),
                Value = stars,
            },
            JsonSerializerOptions.Web);
    }
}
