using System.CommandLine;
using System.CommandLine.Parsing;
using ProfileService.Cli.CommandLine;
using ProfileService.Client;
using Spectre.Console;

namespace ProfileService.Cli.Export;

/// <summary>What <c>profiles export --purpose train</c> takes, and does.</summary>
internal sealed class TrainingOptions
{
    public Option<bool> Ids { get; } = new("--ids")
    {
        Description = "Users by their ids, not by pseudonyms.",
    };

    public Option<bool> Texts { get; } = new("--texts")
    {
        Description = "Events with their texts.",
    };

    public Option<string[]> Attributes { get; } = ListOption.Create(
        "--attributes", "Exports these attributes, too, separated by commas, into FILE's name with .attributes.ndjson.");

    public Option<long?> ErasedAfter { get; } = NumberOption.Create<long>(
        "--erased-after",
        0,
        max: null,
        "Writes the pseudonyms of those who were erased after this number in the ledger into FILE's name with .forget.txt, "
            + "for make_package.py --forget.",
        "N");

    public bool AreUsed(CommandResult parsed) =>
        ((Option[])[Ids, Texts, Attributes, ErasedAfter]).Any(option => parsed.GetResult(option) is { Implicit: false });

    public async Task<int> RunAsync(ParseResult parsed, string output, Uri url, CancellationToken cancellationToken)
    {
        var asked = new TrainingExportOptions(
            parsed.GetValue(Ids),
            parsed.GetValue(Texts),
            parsed.GetValue(Attributes) ?? [],
            parsed.GetValue(ErasedAfter));
        string[] others =
        [
            .. asked.Attributes is { Count: > 0 } ? [TrainingExportFiles.Attributes] : Array.Empty<string>(),
            .. asked.ErasedAfter is null ? Array.Empty<string>() : [TrainingExportFiles.Forgotten],
        ];
        using var files = new TrainingExportFiles(output, others);
        var counts = await files.WriteAsync(ServiceClient.WithRetries(url, Terminal.Warn).ExportTrainingAsync(asked, cancellationToken));
        AnsiConsole.MarkupLineInterpolated($"{counts.Events:N0} events of {counts.Users:N0} users in {string.Join(", ", counts.Files)}");
        return 0;
    }
}
