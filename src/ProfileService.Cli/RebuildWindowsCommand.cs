using System.CommandLine;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using ProfileService.Events;
using ProfileService.Host;
using ProfileService.Intake;
using ProfileService.Platform;
using ProfileService.Platform.Settings;
using ProfileService.Windows;
using ProfileService.Windows.Redis;
using Spectre.Console;

namespace ProfileService.Cli;

/// <summary>
/// <c>profiles rebuild-windows [--users A,B] [-- SETTINGS]</c>: restores every window, or those of some users, from the event archive. It works on the stores themselves, with
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
        var users = new Option<string[]>("--users")
        {
            Description = "Only the windows of these users, separated by commas; also where what is stored of them was altered and cannot be read.",
            HelpName = "A,B",
        };
        var user = new Option<string[]>("--user") { Description = "As --users, one id as it is, which may hold a comma.", HelpName = "ID" };
        var command = new Command("rebuild-windows", "Restores windows from the event archive (Events:Archive), as after a loss of Redis; services may run meanwhile, and doing it again is harmless.") { users, user, settings };
        command.SetAction((parsed, cancellationToken) => RunAsync(
            parsed.GetValue(settings)!,
            [.. (parsed.GetValue(users) ?? []).SelectMany(ids => ids.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)), .. parsed.GetValue(user) ?? []],
            cancellationToken));
        return command;
    }

    private static async Task<int> RunAsync(string[] settings, string[] users, CancellationToken cancellationToken)
    {
        try
        {
            var builder = ServiceBuilder.Create(settings);
            builder.AddHosting().AddIntake().AddWindows().AddEvents();
            builder.Host.UseDefaultServiceProvider(services => services.ValidateOnBuild = false); // it is a part of the service alone
            builder.Logging.SetMinimumLevel(LogLevel.Warning);
            builder.CheckSettings();
            await using var app = builder.Build();
            if (app.Services.GetService<EventArchive>() is not { } archive)
                throw new CommandException("There is no archive: Events:Archive is not Postgres. Give this command the settings that the service has.");
            AnsiConsole.MarkupLineInterpolated($"Rebuilding windows in {await DescribeStoreAsync(app.Services)}.");
            var rebuild = app.Services.GetRequiredService<WindowRebuild>();
            if (users.Length > 0)
                return Print(await rebuild.RunAsync(users, cancellationToken));
            Print(await RebuildAsync(archive, rebuild, cancellationToken));
            return 0;
        }
        catch (Exception e) when (e is CommandException || StartFailure.Explain(e) is not null)
        {
            Terminal.Fail($"Nothing more was rebuilt: {string.Join(' ', StartFailure.Explain(e) ?? [e.Message])}");
            return 1;
        }
    }

    /// <exception cref="CommandException">The settings name no store that has windows.</exception>
    private static async Task<string> DescribeStoreAsync(IServiceProvider services)
    {
        if (services.GetService<RedisPartitionGuard>() is { } partitions)
        {
            await partitions.CheckAsync();
            return $"Redis, {services.GetRequiredService<RedisConnection>()}, {services.GetRequiredService<RedisPartitions>().Count} partitions";
        }

        var file = Path.Combine(services.GetRequiredService<IOptions<DataOptions>>().Value.Directory, StoredFiles.Windows);
        return File.Exists(file) ? file
            : throw new CommandException($"ConnectionStrings:Redis is not set, and there is no {file}. Give this command the settings that the service has.");
    }

    private static Task<IReadOnlyDictionary<Verdict, long>> RebuildAsync(EventArchive archive, WindowRebuild rebuild, CancellationToken cancellationToken) =>
        Terminal.Progress().StartAsync(async progress =>
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

    /// <summary>Returns the exit status: 1 where the archive has nothing of a user.</summary>
    private static int Print(IReadOnlyList<RebuiltUser> users)
    {
        var table = new Table().AddColumn("User").AddColumn(new TableColumn("Events").RightAligned()).AddColumn("Window").SimpleBorder();
        foreach (var (userId, events, wasUnreadable) in users)
            table.AddRow(Markup.Escape(userId), $"{events:N0}", events == 0 ? "left as it is: the archive has nothing of this user" : wasUnreadable ? "could not be read, replaced" : "rebuilt");
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
