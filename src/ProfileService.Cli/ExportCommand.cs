using System.CommandLine;

namespace ProfileService.Cli;

/// <summary>
/// <c>profiles export USER [--output FILE]</c>: writes all that is known of a user. <c>profiles export --purpose train --output FILE</c>:
/// writes what models may be trained on.
/// </summary>
internal static class ExportCommand
{
    private const string Stopped = "The export stopped";
    private const string Train = "train";

    public static Command Create()
    {
        var user = new Argument<string?>("USER") { Description = "Id of the user.", Arity = ArgumentArity.ZeroOrOne };
        var output = new Option<FileInfo?>("--output")
        {
            Description = "File to write, readable by its owner alone; standard output if left out. It appears when the export is whole.",
            HelpName = "FILE",
        };
        var purpose = new Option<string?>("--purpose")
        {
            Description = "train: instead of one user, the events of all whose purposes allow training, into FILE; beside it FILE's name "
                + "with .ledger.json, for make_package.py --ledger.",
            HelpName = Train,
        };
        purpose.AcceptOnlyFromAmong(Train);
        var training = new TrainingOptions();
        var url = ServiceUrl.Option();
        var command = new Command("export", "Writes all that is known of a user, or what models may be trained on, as lines of JSON.")
        {
            user, output, purpose, training.Ids, training.Texts, training.Attributes, training.ErasedAfter, url,
        };
        command.Validators.Add(parsed =>
        {
            var (isOfUser, isOfPurpose) = (parsed.GetResult(user) is { Tokens.Count: > 0 }, parsed.GetResult(purpose) is not null);
            if (isOfUser == isOfPurpose)
                parsed.AddError(isOfUser ? "USER and --purpose exclude each other." : "Name a USER, or write --purpose train.");
            else if (isOfPurpose && parsed.GetResult(output) is null && parsed.GetResult(purpose)!.Tokens is [{ Value: Train }])
                parsed.AddError("--purpose train needs --output FILE.");
            else if (isOfUser && training.AreUsed(parsed))
                parsed.AddError("--ids, --texts, --attributes and --erased-after belong to --purpose train.");
        });
        command.SetAction((parsed, cancellationToken) =>
        {
            var (id, file, service) = (parsed.GetValue(user), parsed.GetValue(output), parsed.GetValue(url)!);
            return CommandRunner.RunAsync(Stopped, service, () => id is null
                ? training.RunAsync(parsed, file!, service, cancellationToken)
                : RunAsync(id, file, service, cancellationToken));
        });
        return command;
    }

    private static async Task<int> RunAsync(string userId, FileInfo? output, Uri url, CancellationToken cancellationToken)
    {
        var lines = ServiceClient.WithRetries(url, Terminal.Warn).ExportUserAsync(userId, cancellationToken);
        if (output is not null)
        {
            await ExportFile.WriteAsync(output, lines);
            return 0;
        }

        await foreach (var line in lines)
            await Console.Out.WriteLineAsync(line.GetRawText());
        return 0;
    }
}
