using System.CommandLine;
using Microsoft.Extensions.Logging.Abstractions;
using ProfileService.Model;
using ProfileService.Sentiment;
using Spectre.Console;

namespace ProfileService.Cli;

/// <summary><c>profiles model …</c>: works on model packages, with the service's own code.</summary>
internal static class ModelCommand
{
    public static Command Create()
    {
        var directory = new Argument<string>("DIR") { Description = "Folder of the package." };
        var verify = new Command("verify", "Checks a package as the service does before it serves: sha256, graph, golden samples.") { directory };
        verify.SetAction((parsed, _) => Work.RunAsync("Not a package to serve", url: null, () => Task.Run(() => Verify(parsed.GetValue(directory)!))));
        return new Command("model", "Works on model packages.") { verify, EvaluateCommand.Create() };
    }

    private static int Verify(string directory)
    {
        if (SentimentPackage.IsOne(directory))
            return VerifySentiment(directory);
        using var model = ActiveModel.Load(directory, new ModelOptions(), NullLogger.Instance);
        Terminal.Out.MarkupLineInterpolated($"[green]OK[/] {model.Manifest.Id}: dimension {model.Manifest.Dimension}, windows of up to {model.Manifest.MaxEvents} events, {model.Manifest.Files.Count} files, golden samples match.");
        return 0;
    }

    private static int VerifySentiment(string directory)
    {
        using var model = SentimentModel.Load(directory, threads: 1);
        Terminal.Out.MarkupLineInterpolated($"[green]OK[/] {model.Manifest.Id}: sentiment of texts of up to {model.Manifest.Tokenizer.Units} units, {model.Manifest.Files.Count} files, golden samples match.");
        return 0;
    }
}
