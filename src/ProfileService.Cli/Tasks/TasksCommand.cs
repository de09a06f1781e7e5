using System.CommandLine;
using System.Text.Json.Nodes;
using MathNet.Numerics;
using ProfileService.Cli.CommandLine;
using ProfileService.Cli.Data;
using ProfileService.Cli.Output;

namespace ProfileService.Cli.Tasks;

/// <summary>
/// <c>profiles model tasks DIR --data FORMAT:PATH</c>: what a linear probe reads from a package's vectors, and from simple rivals, by the
/// service's own code. The twin of tasks.py in training.
/// </summary>
internal static class TasksCommand
{
    private const int UsualAfter = 15;

    public static Command Create()
    {
        var packages = new Argument<string[]>("DIR")
        {
            Description = "Folder of the package; several may be given, each is asked about the users that it held out.",
            Arity = ArgumentArity.OneOrMore,
        };
        var data = DataSource.Option();
        var after = AfterOption();
        var until = UntilOption();
        var attributes = new Option<string?>("--attributes")
        {
            Description = "The users' attributes to ask for, NDJSON: {\"userId\":\"u1\",\"attributes\":{\"age\":31}}. "
                + "Those of MovieLens-100K are asked for without this option.",
        };
        var labels = new Option<string?>("--labels") { Description = "More to ask for, NDJSON: userId and one field a question." };
        var items = ItemFile.Option();
        var json = new Option<string?>("--json") { Description = "File for the table, too." };
        var command = new Command("tasks", "Asks a package's vectors who users are and what they do next, and simple rivals the same.")
        {
            packages, data, after, until, attributes, labels, items, json,
        };
        var forgotten = new ForgottenOptions();
        forgotten.AddTo(command, after, until, attributes, labels);
        command.Validators.Add(result =>
        {
            if (result.GetResult(after) is { Implicit: false } && result.GetResult(until) is { Implicit: false })
                result.AddError("--after and --until exclude each other.");
        });
        command.SetAction((parsed, cancellationToken) => CommandRunner.RunAsync("Nothing was asked", url: null, () => Task.Run(
            () => parsed.GetValue(forgotten.File) is { } ids
                ? RunForgottenAsync(
                    new ForgottenRun(
                        parsed.GetValue(data)!, ids, parsed.GetValue(forgotten.Reference), parsed.GetValue(items), cancellationToken),
                    parsed.GetValue(packages)!,
                    parsed.GetValue(json))
                : RunAsync(
                    new TasksOptions(
                        parsed.GetValue(packages)!,
                        parsed.GetValue(data)!,
                        new Cut(parsed.GetValue(after), parsed.GetValue(until)),
                        parsed.GetValue(attributes),
                        parsed.GetValue(labels),
                        parsed.GetValue(items),
                        parsed.GetValue(json)),
                    cancellationToken),
            cancellationToken)));
        return command;
    }

    private static Option<int> AfterOption() =>
        NumberOption.Create("--after", UsualAfter, 1, max: null, "Vectors are of the first N events.", "N");

    private static Option<long?> UntilOption() => TimeOption.Create("--until", "Vectors are of the events before this moment.");

    private static async Task<int> RunAsync(TasksOptions options, CancellationToken cancellationToken)
    {
        var output = options.Json is { } path ? OutputFile.At(path) : null;
        Control.UseManaged(); // the same figures everywhere
        Control.UseSingleThread(); // the matrices are small
        var (lines, table) = Terminal.Progress().Start(progress => new TasksRun(options, progress, cancellationToken).Run());
        foreach (var line in lines)
            Console.WriteLine(line); // not Terminal.Out, which would wrap it
        if (output is not null)
            await output.WriteAsync(writer => writer.WriteLineAsync(table.Json()));
        return 0;
    }

    private static async Task<int> RunForgottenAsync(ForgottenRun run, string[] packages, string? json)
    {
        var output = json is null ? null : OutputFile.At(json);
        var rows = Terminal.Progress().Start(progress => run.Run(packages, progress));
        Console.WriteLine(ForgottenRow.Heading);
        foreach (var row in rows)
            Console.WriteLine(row);
        if (output is not null)
        {
            var table = new JsonArray([.. rows.Select(row => row.Json())]);
            await output.WriteAsync(writer => writer.WriteLineAsync(TasksTable.Indented(table)));
        }

        return 0;
    }
}
