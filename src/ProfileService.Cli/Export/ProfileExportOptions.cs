using System.CommandLine;
using ProfileService.Cli.CommandLine;
using ProfileService.Client;
using Spectre.Console;

namespace ProfileService.Cli.Export;

/// <summary>What <c>profiles export --profiles FOLDER</c> takes, and does.</summary>
internal sealed class ProfileExportOptions
{
    private readonly Option<string> _format = new("--format")
    {
        Description = "npy: a matrix, vectors.npy, and beside it ids.txt and pseudonyms.txt, a line for each row. ndjson, parquet, arrow: "
            + "profiles.ndjson, profiles.parquet, profiles.arrow.",
        DefaultValueFactory = _ => ExportFormat.Npy.Name,
    };

    public ProfileExportOptions() => _format.AcceptOnlyFromAmong([.. ExportFormat.All.Select(format => format.Name)]);

    public Option<string?> Folder { get; } = new("--profiles")
    {
        Description = "Instead of one user, the vectors of all into FOLDER, and export.json with the cursor from which to follow the "
            + "changes. An export that was interrupted goes on where it ended.",
        HelpName = "FOLDER",
    };

    public Option<string> Format => _format;

    public async Task<int> RunAsync(ParseResult parsed, string path, Uri url, CancellationToken cancellationToken)
    {
        var folder = new DirectoryInfo(path);
        if (File.Exists(folder.FullName))
            throw new CommandException($"{folder.FullName} is a file. Name a folder.");
        folder.Create();
        var format = ExportFormat.All.Single(format => format.Name == parsed.GetValue(_format));
        using var files = ProfileExportFiles.Open(folder, format, url);
        if (files.State.Profiles > 0)
            Terminal.Warn($"Going on after {files.State.Profiles:N0} profiles");
        var service = ServiceClient.WithRetries(url, Terminal.Warn);
        var total = (await service.FindUsersAsync(count: 1, cancellationToken: cancellationToken)).Total;
        await Terminal.Progress().StartAsync(async progress =>
        {
            var task = progress.AddTask("Profiles", maxValue: Math.Max(total, 1));
            if (!files.AreWhole) // else they were not moved to their places
                await ReceiveAsync(files, service, task, cancellationToken);
            var end = progress.AddTask("Files").IsIndeterminate();
            await files.EndAsync(cancellationToken);
            end.Value = end.MaxValue;
        });
        AnsiConsole.MarkupLineInterpolated(
            $"{files.State.Profiles:N0} profiles by {files.State.Model} in {folder.FullName}; changes after {files.State.Cursor}");
        return 0;
    }

    private static async Task ReceiveAsync(
        ProfileExportFiles files, ProfileServiceClient service, ProgressTask task, CancellationToken cancellationToken)
    {
        await foreach (var page in service.ExportProfilesAsync(files.State.After, cancellationToken: cancellationToken))
        {
            files.Add(page);
            task.Value = files.State.Profiles;
        }
    }
}
