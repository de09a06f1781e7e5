using System.CommandLine;
using Microsoft.Extensions.Logging.Abstractions;
using ProfileService.Cli.CommandLine;
using ProfileService.Cli.Evaluation;
using ProfileService.Cli.Tasks;
using ProfileService.Model;
using ProfileService.Sentiment;
using Spectre.Console;

namespace ProfileService.Cli;

/// <summary><c>profiles model …</c>: commands for model packages, with the service's own code.</summary>
internal static class ModelCommand
{
    public static Command Create()
    {
        var directory = new Argument<string>("DIR") { Description = "Folder of the package." };
        var verify = new Command("verify", "Verifies a package as the service does at start: sha256, graph, golden samples.") { directory };
        verify.SetAction((parsed, _) =>
            CommandRunner.RunAsync("Not a valid package", url: null, () => Task.Run(() => Verify(parsed.GetValue(directory)!))));
        return new Command("model", "Commands for model packages.") { verify, EvaluateCommand.Create(), TasksCommand.Create() };
    }

    private static int Verify(string directory)
    {
        if (SentimentPackage.IsOne(directory))
            return VerifySentiment(directory);
        using var model = ActiveModel.Load(directory, new ModelOptions(), NullLogger.Instance);
        var manifest = model.Manifest;
        PrintValid(manifest.Id, $"dimension {manifest.Dimension}, windows of up to {manifest.MaxEvents} events", manifest.Files.Count);
        return 0;
    }

    private static int VerifySentiment(string directory)
    {
        using var model = SentimentModel.Load(directory, threads: 1);
        var manifest = model.Manifest;
        PrintValid(manifest.Id, $"sentiment of texts of up to {manifest.Tokenizer.Units} units", manifest.Files.Count);
        return 0;
    }

    private static void PrintValid(string id, string what, int files) =>
        Terminal.Out.MarkupLineInterpolated($"[green]OK[/] {id}: {what}, {files} files, golden samples match.");
}
