using System.CommandLine;
using Spectre.Console;

namespace ProfileService.Cli;

/// <summary>What <c>profiles export --profiles FOLDER</c> takes, and does.</summary>
internal sealed class ProfileExportOptions
{
    private const string Npy = "npy";
    private const string Ndjson = "ndjson";

    private readonly Option<string> _format = new("--format")
    {
        Description = "npy: a matrix, vectors.npy, and beside it ids.txt and pseudonyms.txt, a line for each row. ndjson: profiles.ndjson.",
        DefaultValueFactory = _ => Npy,
    };

    public ProfileExportOptions() => _format.AcceptOnlyFromAmong(Npy, Ndjson);

    public Option<DirectoryInfo?> Folder { get; } = new("--profiles")
    {
        Description = "Instead of one user, the vectors of all into FOLDER, and export.json with the cursor from which to follow the "
            + "changes. An export that was interrupted goes on where it ended.",
        HelpName = "FOLDER",
    };

    public Option<string> Format => _format;

    public async Task<int> RunAsync(ParseResult parsed, DirectoryInfo folder, Uri url, CancellationToken cancellationToken)
    {
        folder.Create();
        using var files = ProfileExportFiles.Open(folder, parsed.GetValue(_format) == Npy, url);
        if (files.State.Profiles > 0)
            Terminal.Warn($"Going on after {files.State.Profiles:N0} profiles");
        var service = ServiceClient.WithRetries(url, Terminal.Warn);
        var total = (await service.FindUsersAsync(count: 1, cancellationToken: cancellationToken)).Total;
        await Terminal.Progress().StartAsync(async progress =>
        {
            var task = progress.AddTask("Profiles", maxValue: Math.Max(total, 1));
            if (files.AreWhole) // and were not moved to their places
                return;
            await foreach (var page in service.ExportProfilesAsync(files.State.After, cancellationToken: cancellationToken))
            {
                files.Add(page);
                task.Value = files.State.Profiles;
            }
        });
        files.End();
        AnsiConsole.MarkupLineInterpolated(
            $"{files.State.Profiles:N0} profiles by {files.State.Model} in {folder.FullName}; changes after {files.State.Cursor}");
        return 0;
    }
}
