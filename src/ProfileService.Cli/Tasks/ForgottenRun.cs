using Microsoft.Extensions.Logging.Abstractions;
using ProfileService.Cli.Data;
using ProfileService.Cli.Input;
using ProfileService.Model;
using ProfileService.Windows;
using Spectre.Console;

namespace ProfileService.Cli.Tasks;

/// <summary>
/// <c>profiles model tasks --forgotten FILE</c>: whether packages make users recognisable whom they are to have forgotten, beside users
/// that the package held out. With a reference the loss that a package which saw neither gives a user is subtracted. As forgotten.py in
/// training.
/// </summary>
internal sealed class ForgottenRun(
    DataSource data, string file, string? reference, string? itemFile, CancellationToken cancellationToken)
{
    private readonly HashSet<string> _forgotten = [.. IdLines.Read(file).Select(line => line.Text)];

    public IReadOnlyList<ForgottenRow> Run(IEnumerable<string> packages, ProgressContext progress)
    {
        List<Window> histories = [.. Histories.Read(data, progress, cancellationToken).OfUsers()];
        return [.. packages.Select(package => RowOf(package, histories))];
    }

    private ForgottenRow RowOf(string directory, List<Window> histories)
    {
        using var model = ActiveModel.Load(directory, new ModelOptions(), NullLogger.Instance, withItems: true);
        var heldOut = HeldOutUsers.Of(model.Manifest);
        if (!heldOut.Any)
            throw new InvalidDataException($"{directory} held out no users to compare with: train it with --hold-out");
        var asked = histories.Where(h => _forgotten.Contains(h.UserId) || heldOut.Contains(h.UserId)).ToList();
        var losses = LossesOf(model, asked);
        if (reference is not null)
            losses = Beyond(losses, asked);
        var lengths = asked.Where(h => losses.ContainsKey(h.UserId)).ToLookup(h => heldOut.Contains(h.UserId));
        var pairs = Compared.Of(CountsOf(lengths[false]), CountsOf(lengths[true]));
        return ForgottenRow.Of(directory, pairs, losses, OnlyTheirs(histories, model.Items!.Vectors));
    }

    private Dictionary<string, double> LossesOf(ActiveModel model, IEnumerable<Window> histories)
    {
        var items = model.Items ?? throw new InvalidDataException(
            $"{model.Manifest.Id} has no item vectors ({ItemVectors.FileName}) to rank");
        using var texts = new ReviewTexts(package: null, model.Manifest.RatingScale);
        return new Membership(model, items, ItemFile.Read(itemFile, model).Facts, texts.Feedback).Losses(histories, cancellationToken);
    }

    private Dictionary<string, double> Beyond(Dictionary<string, double> losses, IEnumerable<Window> histories)
    {
        using var model = ActiveModel.Load(reference!, new ModelOptions(), NullLogger.Instance, withItems: true);
        var theirs = LossesOf(model, histories);
        return losses.Where(l => theirs.ContainsKey(l.Key)).ToDictionary(l => l.Key, l => l.Value - theirs[l.Key]);
    }

    /// <summary>Number of the package's items that in the log nobody but the forgotten users met.</summary>
    private int OnlyTheirs(List<Window> histories, ItemVectors items)
    {
        var met = histories.SelectMany(h => h.Events.Select(e => (Theirs: _forgotten.Contains(h.UserId), e.ItemId)))
            .ToLookup(m => m.Theirs, m => m.ItemId);
        return met[true].Except(met[false]).Count(item => items.RowOf(item) is not null);
    }

    private static Dictionary<string, int> CountsOf(IEnumerable<Window> histories) =>
        histories.ToDictionary(h => h.UserId, h => h.Events.Count);
}
