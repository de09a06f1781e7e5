using System.CommandLine;
using ProfileService.Cli.CommandLine;
using ProfileService.Cli.Output;

namespace ProfileService.Cli.Export;

/// <summary>
/// <c>profiles export USER [--output FILE]</c>: writes all that is known of a user. <c>profiles export --purpose train --output FILE</c>:
/// writes what models may be trained on. <c>profiles export --profiles FOLDER</c>: writes the vectors of all users.
/// </summary>
internal static class ExportCommand
{
    private const string Stopped = "The export stopped";
    private const string Train = "train";
    private const string StandardOutput = "-";
    private const string Both = "USER and --purpose exclude each other.";
    private const string Neither = "Name a USER, or write --purpose train or --profiles FOLDER.";

    public static Command Create()
    {
        var user = new Argument<string?>("USER") { Description = "Id of the user.", Arity = ArgumentArity.ZeroOrOne };
        var output = new Option<string?>("--output")
        {
            Description = "File to write, readable by its owner alone. Left out, or -, it is standard output. "
                + "It appears when the export is whole. A device or a pipe is written into.",
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
        var profiles = new ProfileExportOptions();
        var url = ServiceUrl.Option();
        var command = new Command(
            "export", "Writes all that is known of a user, what models may be trained on, or the vectors of all users.")
        {
            user, output, purpose, training.Ids, training.Texts, training.Attributes, training.ErasedAfter, profiles.Folder,
            profiles.Format, url,
        };
        command.Validators.Add(parsed =>
        {
            if (parsed.GetResult(profiles.Folder) is not null)
            {
                if (parsed.GetResult(user) is { Tokens.Count: > 0 } || parsed.GetResult(purpose) is not null
                    || parsed.GetResult(output) is not null || training.AreUsed(parsed))
                    parsed.AddError("--profiles goes with --format and --url alone.");
                return;
            }

            var hasFile = parsed.GetResult(output) is { Tokens: [{ Value: var name }] } && name != StandardOutput;
            var (isOfUser, isOfPurpose) = (parsed.GetResult(user) is { Tokens.Count: > 0 }, parsed.GetResult(purpose) is not null);
            if (isOfUser == isOfPurpose)
                parsed.AddError(isOfUser ? Both : Neither);
            else if (isOfPurpose && !hasFile && parsed.GetResult(purpose)!.Tokens is [{ Value: Train }])
                parsed.AddError("--purpose train needs --output FILE: it writes several files side by side.");
            else if (parsed.GetResult(profiles.Format) is { Implicit: false })
                parsed.AddError("--format belongs to --profiles.");
            else if (isOfUser && training.AreUsed(parsed))
                parsed.AddError("--ids, --texts, --attributes and --erased-after belong to --purpose train.");
        });
        command.SetAction((parsed, cancellationToken) =>
        {
            var (id, file, service) = (parsed.GetValue(user), parsed.GetValue(output), parsed.GetValue(url)!);
            return CommandRunner.RunAsync(Stopped, service, () =>
            {
                return parsed.GetValue(profiles.Folder) is { } folder ? profiles.RunAsync(parsed, folder, service, cancellationToken)
                    : id is null ? training.RunAsync(parsed, file!, service, cancellationToken)
                    : RunAsync(id, file is null or StandardOutput ? null : OutputFile.At(file), service, cancellationToken);
            });
        });
        return command;
    }

    private static async Task<int> RunAsync(string userId, OutputFile? output, Uri url, CancellationToken cancellationToken)
    {
        string? unreadable = null;
        var lines = ServiceClient.WithRetries(url, Terminal.Warn).ExportUserAsync(userId, cancellationToken).Select(line =>
        {
            unreadable ??= line.TryGetProperty("unreadable", out var why) ? why.GetString() : null;
            return line;
        });
        await (output is null ? WriteAsync(Console.Out) : output.WriteAsync(WriteAsync));
        if (unreadable is null)
            return 0;
        Terminal.Warn($"The export lacks the user's events. {unreadable}");
        return 1;

        async Task WriteAsync(TextWriter writer)
        {
            await foreach (var line in lines)
                await writer.WriteLineAsync(line.GetRawText());
        }
    }
}
