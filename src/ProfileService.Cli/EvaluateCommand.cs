using System.CommandLine;
using System.Text.Json;
using Microsoft.Extensions.Logging.Abstractions;
using ProfileService.Model;
using Spectre.Console;

namespace ProfileService.Cli;

/// <summary>
/// <c>profiles model evaluate DIR --data FORMAT:PATH</c>: leave-one-out evaluation with full ranking, by the service's own code. The
/// figures are the last line, as JSON.
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
        var attributes = new Option<string?>("--attributes")
        {
            Description = "The users' attributes, NDJSON: {\"userId\":\"u1\",\"attributes\":{\"age\":31}}. "
                + "Those of MovieLens-100K are used without this option.",
        };
        var topTen = new Option<string?>("--top-ten") { Description = "File for every user's 10 best new items, as NDJSON." };
        var command = new Command("evaluate", "Ranks all items for users whose next item is known, and computes HR@10 and NDCG@10.")
        {
            directory, data, part, attributes, topTen,
        };
        command.SetAction((parsed, cancellationToken) => CommandRunner.RunAsync("Nothing was evaluated", url: null, () => Task.Run(
            () => Run(
                parsed.GetValue(directory)!,
                parsed.GetValue(data)!,
                parsed.GetValue(part)!,
                parsed.GetValue(attributes),
                parsed.GetValue(topTen),
                cancellationToken),
            cancellationToken)));
        return command;
    }

    private static int Run(
        string directory, DataSource data, string part, string? attributes, string? topTen, CancellationToken cancellationToken)
    {
        using var model = ActiveModel.Load(directory, new ModelOptions(), NullLogger.Instance, withItems: true);
        var ranked = Evaluate(model, data, part, attributes, cancellationToken);
        if (topTen is not null)
        {
            File.WriteAllLines(
                topTen, ranked.Select(u => JsonSerializer.Serialize(new { u.UserId, Items = u.TopItems }, JsonSerializerOptions.Web)));
        }

        // Not Terminal.Out, which would wrap the line.
        Console.WriteLine(JsonSerializer.Serialize(EvaluationFigures.Of(part, ranked), JsonSerializerOptions.Web));
        return 0;
    }

    private static RankedUser[] Evaluate(
        ActiveModel model, DataSource data, string part, string? attributes, CancellationToken cancellationToken)
    {
        var items = model.Items ?? throw new InvalidDataException(
            $"{model.Manifest.Id} has no item vectors ({ItemVectors.FileName}) to rank. A package with hashed items never has any; "
            + "train one with a vocabulary of items by src/training/make_package.py.");
        var known = attributes is not null ? AttributeFile.Read(attributes)
            : data.Format == EventFile.MovieLens ? AttributeFile.ReadMovieLens(data.Path)
            : [];
        var file = EventFile.Open(data.Format, data.Path);
        return Terminal.Progress().Start(progress =>
        {
            var reading = progress.AddTask("Reading", maxValue: Math.Max(1, file.Length ?? 1)).IsIndeterminate(file.Length is null);
            var histories = Histories.Read(file, () =>
            {
                cancellationToken.ThrowIfCancellationRequested();
                reading.Value = file.Read();
            });
            reading.Value = reading.MaxValue;
            foreach (var problem in histories.Problems)
                Terminal.Warn(problem);
            var users = histories.OfUsers().Select(h => HeldOut.Of(h, FromEnd[part])).OfType<HeldOut>().ToList();
            if (users.Count == 0)
                throw new InvalidDataException("No user can be evaluated: that takes 4 events, and a target item that is new to the user.");
            var ranking = progress.AddTask($"Ranking for {users.Count:N0} users", maxValue: users.Count);
            return new Evaluation(model, items, known).Run(users, count => ranking.Increment(count), cancellationToken);
        });
    }
}
