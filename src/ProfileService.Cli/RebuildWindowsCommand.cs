using System.CommandLine;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using ProfileService.Cli.CommandLine;
using ProfileService.Cli.Stores;
using ProfileService.Events;
using ProfileService.Intake;
using ProfileService.Model;
using ProfileService.Platform;
using ProfileService.Privacy;
using ProfileService.Privacy.Merging;
using ProfileService.Profiles;
using ProfileService.Sentiment;
using ProfileService.Windows;
using ProfileService.Windows.Redis;
using Spectre.Console;

namespace ProfileService.Cli;

/// <summary>
/// <c>profiles rebuild-windows [--users A,B] [-- SETTINGS]</c>: restores all windows, or those of some users, from the event archive.
/// </summary>
internal static class RebuildWindowsCommand
{
    public static Command Create()
    {
        var settings = ServiceParts.Settings();
        var users = ListOption.Create(
            "--users", "Restores only the windows of these users, separated by commas, even if their stored windows cannot be read.");
        var user = new Option<string[]>("--user")
        {
            Description = "As --users, for a single id, which may contain a comma.",
            HelpName = "ID",
        };
        var command = new Command(
            "rebuild-windows",
            "Restores windows from the event archive (Events:Archive), for example after a loss of Redis. "
            + "Services may run meanwhile, and repeating it is harmless.")
        {
            users, user, settings,
        };
        command.SetAction((parsed, cancellationToken) => RunAsync(
            parsed.GetValue(settings)!,
            [.. parsed.GetValue(users) ?? [], .. parsed.GetValue(user) ?? []],
            cancellationToken));
        return command;
    }

    private static Task<int> RunAsync(string[] settings, string[] users, CancellationToken cancellationToken) => ServiceParts.UseAsync(
        settings,
        "The rebuild stopped",
        builder => builder.AddIntake().AddWindows().AddModel().AddSentiment().AddProfiles().AddEvents().AddLedger(),
        services => RebuildAsync(services, users, cancellationToken));

    private static async Task<int> RebuildAsync(IServiceProvider services, string[] users, CancellationToken cancellationToken)
    {
        if (services.GetService<EventArchive>() is null)
        {
            throw new CommandException(
                "There is no archive: Events:Archive is not Postgres. Give this command the settings of the service.");
        }

        AnsiConsole.MarkupLineInterpolated($"Rebuilding windows in {await DescribeStoreAsync(services)}.");
        await services.GetRequiredService<PrivacyStart>().StartAsync(cancellationToken); // erased users stay so
        await services.GetRequiredService<AliasFollower>().LoadAsync(cancellationToken);
        var rebuild = services.GetRequiredService<WindowRebuild>();
        if (users.Length > 0)
            return Print(await rebuild.RebuildAsync(users, cancellationToken));
        return Print(await RebuildAsync(rebuild, cancellationToken));
    }

    /// <exception cref="CommandException">The settings name no store with windows.</exception>
    private static async Task<string> DescribeStoreAsync(IServiceProvider services)
    {
        if (services.GetService<RedisPartitionGuard>() is { } partitions)
        {
            await partitions.CheckAsync();
            var count = services.GetRequiredService<RedisPartitions>().Count;
            return $"Redis, {services.GetRequiredService<RedisConnection>()}, {count} partitions";
        }

        var file = Path.Combine(services.GetRequiredService<IOptions<DataOptions>>().Value.Directory, StoredFiles.Windows);
        return File.Exists(file) ? file : throw new CommandException(
            $"ConnectionStrings:Redis is not set, and there is no {file}. Give this command the settings of the service.");
    }

    private static Task<IReadOnlyDictionary<Verdict, long>> RebuildAsync(
        WindowRebuild rebuild, CancellationToken cancellationToken) =>
        Terminal.Progress().StartAsync(async progress =>
            {
                var bar = progress.AddTask("Counting", maxValue: 1);
                bar.MaxValue = Math.Max(1, await rebuild.CountAsync(cancellationToken));
                return await rebuild.RebuildAllAsync(new Bar(bar), cancellationToken);
            });

    /// <summary>Returns the exit code: 1 if windows could not be read, and so were not restored.</summary>
    private static int Print(IReadOnlyDictionary<Verdict, long> counts)
    {
        var table = new Table().AddColumn("Verdict").AddColumn(new TableColumn("Events").RightAligned()).SimpleBorder();
        foreach (var verdict in Enum.GetValues<Verdict>())
            table.AddRow(verdict.ToString().ToLowerInvariant(), $"{counts.GetValueOrDefault(verdict):N0}");
        AnsiConsole.Write(table);
        if (counts.GetValueOrDefault(Verdict.Unreadable) == 0)
            return 0;
        Console.Error.WriteLine(
            "Windows that cannot be read were left as they are. The log above names their users, and --users replaces their windows.");
        return 1;
    }

    /// <summary>Returns the exit code: 1 if the archive has no events of a user.</summary>
    private static int Print(IReadOnlyList<RebuiltUser> users)
    {
        var table = new Table().AddColumn("User").AddColumn(new TableColumn("Events").RightAligned()).AddColumn("Window").SimpleBorder();
        foreach (var (userId, events, wasUnreadable) in users)
        {
            var outcome = events == 0 ? "unchanged: the archive has no events of this user"
                : wasUnreadable ? "could not be read, replaced"
                : "rebuilt";
            table.AddRow(Markup.Escape(userId), $"{events:N0}", outcome);
        }

        AnsiConsole.Write(table);
        return users.Any(u => u.Events == 0) ? 1 : 0;
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
