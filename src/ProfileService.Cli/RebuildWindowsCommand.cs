using System.CommandLine;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using ProfileService.Events;
using ProfileService.Hosting;
using ProfileService.Settings;
using ProfileService.Windows;
using Spectre.Console;

namespace ProfileService.Cli;

/// <summary>
/// <c>profiles rebuild-windows [-- SETTINGS]</c>: restores every window from the event archive. It works on the stores themselves, with
/// the service's own settings: appsettings.json in the working directory, environment variables, or what follows <c>--</c>.
/// </summary>
internal static class RebuildWindowsCommand
{
    public static Command Create()
    {
        var settings = new Argument<string[]>("SETTINGS")
        {
            Description = "The service's settings as it is given them, such as --ConnectionStrings:Redis=localhost --Windows:MaxEvents=200; after --.",
            Arity = ArgumentArity.ZeroOrMore,
        };
        var command = new Command("rebuild-windows", "Restores every window from the event archive (Events:Archive), as after a loss of Redis; services may run meanwhile, and doing it again is harmless.") { settings };
        command.SetAction((parsed, cancellationToken) => RunAsync(parsed.GetValue(settings)!, cancellationToken));
        return command;
    }

    private static async Task<int> RunAsync(string[] settings, CancellationToken cancellationToken)
    {
        try
        {
            var builder = ServiceBuilder.Create(settings);
            builder.AddHosting().AddWindows().AddEvents();
            builder.Logging.SetMinimumLevel(LogLevel.Warning);
            await using var app = builder.Build();
            app.Services.GetRequiredService<IStartupValidator>().Validate();
            if (app.Services.GetService<EventArchive>() is not { } archive)
                throw new ReplayException("There is no archive: Events:Archive is not Postgres. Give this command the settings that the service has.");
            if (app.Services.GetService<RedisPartitionGuard>() is not { } partitions)
                throw new ReplayException("ConnectionStrings:Redis is not set. Give this command the settings that the service has.");
            await partitions.CheckAsync();
            AnsiConsole.MarkupLineInterpolated($"Rebuilding the windows in Redis, {app.Services.GetRequiredService<RedisConnection>()}, {app.Services.GetRequiredService<RedisPartitions>().Count} partitions.");
            Print(await RebuildAsync(archive, app.Services.GetRequiredService<WindowRebuild>(), cancellationToken));
            return 0;
        }
        catch (Exception e) when (e is ReplayException || StartFailure.Explain(e) is not null)
        {
            AnsiConsole.MarkupLineInterpolated($"[red]Nothing more was rebuilt:[/] {string.Join(' ', StartFailure.Explain(e) ?? [e.Message])}");
            return 1;
        }
    }

    private static Task<IReadOnlyDictionary<Verdict, long>> RebuildAsync(EventArchive archive, WindowRebuild rebuild, CancellationToken cancellationToken) =>
        AnsiConsole.Progress()
            .Columns(new TaskDescriptionColumn(), new ProgressBarColumn(), new PercentageColumn(), new RemainingTimeColumn())
            .StartAsync(async progress =>
            {
                var bar = progress.AddTask("Counting", maxValue: 1);
                bar.MaxValue = Math.Max(1, await archive.CountAsync(cancellationToken));
                return await rebuild.RunAsync(new Bar(bar), cancellationToken);
            });

    private static void Print(IReadOnlyDictionary<Verdict, long> counts)
    {
        var table = new Table().AddColumn("Verdict").AddColumn(new TableColumn("Events").RightAligned()).SimpleBorder();
        foreach (var verdict in Enum.GetValues<Verdict>())
            table.AddRow(verdict.ToString().ToLowerInvariant(), $"{counts.GetValueOrDefault(verdict):N0}");
        AnsiConsole.Write(table);
    }

    private sealed class Bar(ProgressTask bar) : IProgress<long>
    {
        public void Report(long value)
        {
            bar.Value = value;
            bar.Description = $"{value:N0} events";
        }
    }
}
