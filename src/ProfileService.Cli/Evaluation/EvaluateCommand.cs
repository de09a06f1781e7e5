using System.CommandLine;
using System.Text.Json;
using Microsoft.Extensions.Logging.Abstractions;
using ProfileService.Cli.CommandLine;
using ProfileService.Cli.Data;
using ProfileService.Cli.Output;
using ProfileService.Lookup;
using ProfileService.Model;
using ProfileService.Windows;

namespace ProfileService.Cli.Evaluation;

/// <summary>
/// <c>profiles model evaluate DIR --data FORMAT:PATH</c>: evaluation with full ranking, by the service's own code, of each user's last
/// event or of what all did after one moment. The figures are the last line, as JSON.
/// </summary>
internal static class EvaluateCommand
{
    private static readonly Dictionary<string, int> FromEnd = new() { ["test"] = 1, ["valid"] = 2 };

    public static Command Create()
    {
        var directory = new Argument<string>("DIR") { Description = "Folder of the package." };
        var data = DataSource.Option();
        var part = new Option<string>("--part")
        {
            Description = "Which event is the target. test: the last event of each user. valid: the event before it.",
            DefaultValueFactory = _ => "test",
        };
        part.AcceptOnlyFromAmong([.. FromEnd.Keys]);
        var clock = ClockOption();
        var rules = new EvaluationRules();
        var attributes = new Option<string?>("--attributes")
        {
            Description = "The users' attributes, NDJSON: {\"userId\":\"u1\",\"attributes\":{\"age\":31}}. "
                + "Those of MovieLens-100K are used without this option.",
        };
        var items = ItemFile.Option();
        var sentiment = new Option<string?>("--sentiment")
        {
            Description = "Folder of a sentiment package: reviews without a value count by their texts, as in a service with this package.",
        };
        var topTen = new Option<string?>("--top-ten") { Description = "File for every user's 10 best new items, as NDJSON." };
        var command = new Command("evaluate", "Ranks all items for users whose next item is known, and computes HR@10 and NDCG@10.")
        {
            directory, data, part, clock, attributes, items, sentiment, topTen,
        };
        foreach (var option in rules.Options)
            command.Add(option);
        command.Validators.Add(given =>
        {
            if (given.GetResult(clock) is null)
                return;
            if (given.GetResult(part) is { Implicit: false })
                given.AddError("--clock and --part name the target in two ways: give one of them.");
            if (rules.ProblemAtAMoment(given) is { } problem)
                given.AddError(problem);
        });
        command.SetAction((parsed, cancellationToken) => CommandRunner.RunAsync("Nothing was evaluated", url: null, () => Task.Run(
            () => RunAsync(
                parsed.GetValue(directory)!,
                parsed.GetValue(data)!,
                parsed.GetValue(clock) is { } moment ? new Target(EvaluationFigures.Clock, moment) : new Target(parsed.GetValue(part)!),
                manifest => rules.Of(parsed, manifest, parsed.GetValue(clock) is not null),
                new Files(parsed.GetValue(attributes), parsed.GetValue(items), parsed.GetValue(sentiment), parsed.GetValue(topTen)),
                cancellationToken),
            cancellationToken)));
        return command;
    }

    private static Option<long?> ClockOption() => TimeOption.Create(
        "--clock", "Instead of --part: the target is what a user did after this time, for a window of what it did up to it.");

    private static async Task<int> RunAsync(
        string directory,
        DataSource data,
        Target target,
        Func<ModelManifest, WindowRules> rulesOf,
        Files files,
        CancellationToken cancellationToken)
    {
        var topTen = files.TopTen is { } path ? OutputFile.At(path) : null;
        using var model = ActiveModel.Load(directory, new ModelOptions(), NullLogger.Instance, withItems: true);
        if (model.Manifest.HasWholeLog)
        {
            Terminal.Warn($"{model.Manifest.Id} was trained on its whole log after its own figures were measured, which stand in its "
                + "manifest: for events of that log the figures here are too good.");
        }

        var (ranked, figures) = Evaluate(model, data, target, rulesOf(model.Manifest), files, cancellationToken);
        if (topTen is not null)
            await topTen.WriteAsync(writer => WriteAsync(writer, ranked));

        // Not Terminal.Out, which would wrap the line.
        Console.WriteLine(JsonSerializer.Serialize(figures, JsonSerializerOptions.Web));
        return 0;
    }

    private static async Task WriteAsync(TextWriter topTen, RankedUser[] ranked)
    {
        foreach (var user in ranked)
            await topTen.WriteLineAsync(JsonSerializer.Serialize(new { user.UserId, Items = user.TopItems }, JsonSerializerOptions.Web));
    }

    private static (RankedUser[] Ranked, EvaluationFigures Figures) Evaluate(
        ActiveModel model,
        DataSource data,
        Target target,
        WindowRules rules,
        Files files,
        CancellationToken cancellationToken)
    {
        var items = model.Items ?? throw new InvalidDataException(
            $"{model.Manifest.Id} has no item vectors ({ItemVectors.FileName}) to rank. A package with hashed items never has any; "
            + "train one with a vocabulary of items by src/training/make_package.py.");
        var attributes = files.Attributes is { } file ? AttributeFile.Read(file)
            : data.Format == EventFile.MovieLens ? AttributeFile.ReadMovieLens(data.Path)
            : [];
        using var texts = new ReviewTexts(files.Sentiment, model.Manifest.RatingScale);
        var inputs = new EvaluationInputs(attributes, ItemFile.Read(files.Items, model).Facts, texts.Feedback);
        return Terminal.Progress().Start(progress =>
        {
            var histories = Histories.Read(data, progress, cancellationToken);
            var all = histories.OfUsers().ToList();
            var users = all.Select(h => target.Of(h, rules)).OfType<HeldOut>().ToList();
            if (users.Count == 0)
                throw new InvalidDataException($"No user can be evaluated: that takes {target.Needs}.");
            var ranking = progress.AddTask($"Ranking for {users.Count:N0} users", maxValue: users.Count);
            var ranked = new EvaluationRun(model, items, inputs).Run(users, count => ranking.Increment(count), cancellationToken);
            var baseline = target.BaselineOf(users, all, items, inputs.Feedback);
            return (ranked, EvaluationFigures.Of(target.Part, ranked) with { Popularity = baseline });
        });
    }

    /// <summary>Paths; null for a file that is not given.</summary>
    private sealed record Files(string? Attributes, string? Items, string? Sentiment, string? TopTen);

    /// <summary>Which event of each user is the target.</summary>
    /// <param name="Part">As the figures name it.</param>
    /// <param name="Moment">The target is the first new item after it; null if it is counted from the end.</param>
    private sealed record Target(string Part, long? Moment = null)
    {
        public string Needs => Moment is null
            ? "4 events, and a target item that is new to the user"
            : "an event up to the moment, and one of another item after it";

        public HeldOut? Of(Window history, WindowRules rules) =>
            Moment is { } moment ? HeldOut.After(history, moment, rules) : HeldOut.Of(history, FromEnd[Part], rules);

        public BaselineFigures? BaselineOf(List<HeldOut> users, List<Window> histories, PackageItems items, FeedbackReader feedback)
        {
            if (Moment is not { } moment)
                return null;
            var ranking = new ItemRanking(items, maxEvents: 0, feedback);
            var scores = ItemPopularity.Until(moment, histories, items.Vectors);
            return BaselineFigures.Of(EvaluationFigures.Of(Part, [.. users.Select(u => ranking.RankBy(u, scores))]));
        }
    }
}
