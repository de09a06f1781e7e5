using MathNet.Numerics.LinearAlgebra;
using ProfileService.Cli.CommandLine;
using ProfileService.Model;

namespace ProfileService.Cli.Tasks;

/// <summary>The vectors that are asked, by their names in the table: the package's, and its rivals'.</summary>
internal static class TaskVectors
{
    /// <param name="catalogue">Source of content vectors.</param>
    public static OrderedDictionary<string, Matrix<double>> Of(
        ActiveModel model, ItemLookup catalogue, People people, CancellationToken cancellationToken)
    {
        var found = new OrderedDictionary<string, Matrix<double>>
        {
            ["package"] = PackageVectors.Profiles(model, catalogue, people.Asked, cancellationToken),
        };
        if (model.Items?.Vectors is { } items)
            found.Add("mean of items", PackageVectors.MeanOfItems(model, items, people.Asked));
        else
            Terminal.Warn($"{model.Manifest.Id} has no item vectors ({ItemVectors.FileName}), so that the mean of items is left out.");
        var histogram = RivalVectors.Histogram(people.Asked);
        found.Add("SVD of items", ItemSvd.Of(people, cancellationToken));
        found.Add("histogram", histogram);
        found.Add("histogram, counts", RivalVectors.SideBySide(histogram, KnownCounts.Of(people)));
        found.Add("random", RivalVectors.Random(people.Asked));
        return found;
    }
}
