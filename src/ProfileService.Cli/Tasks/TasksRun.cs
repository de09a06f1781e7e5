using Microsoft.Extensions.Logging.Abstractions;
using ProfileService.Cli.Data;
using ProfileService.Model;
using ProfileService.Windows;
using Spectre.Console;

namespace ProfileService.Cli.Tasks;

/// <summary>Reads a data set once and asks packages about its users.</summary>
internal sealed class TasksRun(TasksOptions options, ProgressContext progress, CancellationToken cancellationToken)
{
    private readonly TasksTable _table = new();
    private readonly List<string> _asked = [];

    /// <returns>The lines of the result, after one for each package, and the table.</returns>
    public (IReadOnlyList<string> Lines, TasksTable Table) Run()
    {
        var facts = FactsOf(options);
        List<Window> histories = [.. Histories.Read(options.Data, progress, cancellationToken).OfUsers()];
        foreach (var package in options.Packages)
            Ask(package, histories, facts);
        return ([.. _asked, .. _table.Lines()], _table);
    }

    private static Facts[] FactsOf(TasksOptions options) =>
    [
        options.Attributes is { } attributes ? FactFile.ReadAttributes(attributes)
            : options.Data.Format == EventFile.MovieLens ? FactFile.ReadMovieLens(options.Data.Path)
            : [],
        options.Labels is { } labels ? FactFile.ReadLabels(labels) : [],
    ];

    private void Ask(string directory, List<Window> histories, Facts[] facts)
    {
        using var model = ActiveModel.Load(directory, new ModelOptions(), NullLogger.Instance, withItems: true);
        var heldOut = HeldOutUsers.Of(model.Manifest);
        var items = ItemFile.Read(options.Items, model);
        var people = People.Of([.. histories.Select(h => h.WithCategoriesOf(items))], options.Cut, heldOut, facts);
        var questions = Questions.Of(people);
        if (questions.Count == 0)
            throw new InvalidDataException("None of the questions can be asked of this data: the answers are too few, or all alike.");
        var seen = heldOut.Any ? "which it never saw" : "which it may have been trained on";
        _asked.Add($"{directory}: {people.Asked.Count:N0} users, {seen}");
        var vectors = TaskVectors.Of(model, items.Facts, people, cancellationToken);
        var asking = progress.AddTask($"Asking {directory}", maxValue: vectors.Count);
        var users = people.Asked.Select(p => p.UserId).ToList();
        foreach (var (name, cells) in vectors)
        {
            foreach (var (question, folds) in questions.Zip(new LinearProbe(cells, users).Measure(questions, cancellationToken)))
                _table.Add(question, name, folds);
            asking.Increment(1);
        }
    }
}
