using System.CommandLine;
using System.CommandLine.Parsing;
using ProfileService.Cli.CommandLine;
using ProfileService.Model;
using ProfileService.Platform;
using ProfileService.Windows;

namespace ProfileService.Cli.Evaluation;

/// <summary>The rules for windows of an evaluation: those of the package's manifest, but for what options change.</summary>
internal sealed class EvaluationRules
{
    private const double AnyAge = 365_000; // days

    private readonly Option<int?> _maxEvents = NumberOption.Create<int>(
        "--max-events", 1, WindowRules.MostEvents, "Events that a window holds. Default: the package's.");

    private readonly Option<double?> _maxAge = NumberOption.Create(
        "--max-age",
        0d,
        WindowRules.MaxDays,
        "How many days older than a window's newest event an event may be; 0 for any age. Default: the package's.");

    private readonly Option<string?> _mask = new("--mask")
    {
        Description = "Which items are not ranked for a user: all of its history, or those of its window. Default: the package's; "
            + "with --clock always window.",
    };

    public EvaluationRules() => _mask.AcceptOnlyFromAmong(WindowRules.History, WindowRules.Window);

    public IEnumerable<Option> Options => [_maxEvents, _maxAge, _mask];

    /// <summary>What of the options cannot be given for a moment; null if there is nothing.</summary>
    public string? ProblemAtAMoment(CommandResult given) => given.GetValue(_mask) == WindowRules.History
        ? "--mask history cannot be given with --clock, which leaves out the items of the window: leave out --mask."
        : null;

    /// <summary>
    /// Where the package states no rules: all that it reads, of any age and with whole histories masked, as it always was; at a moment the
    /// service's defaults.
    /// </summary>
    public WindowRules Of(ParseResult parsed, ModelManifest manifest, bool isAtAMoment)
    {
        var service = new WindowOptions();
        var stated = manifest.WindowRules
            ?? (isAtAMoment ? new(service.MaxEvents, service.MaxAge.TotalDays) : new WindowRules(manifest.MaxEvents, MaxAgeDays: 0));
        var rules = new WindowRules(
            parsed.GetValue(_maxEvents) ?? stated.MaxEvents,
            parsed.GetValue(_maxAge) ?? stated.MaxAgeDays,
            isAtAMoment ? WindowRules.Window : parsed.GetValue(_mask) ?? stated.Mask);
        return rules.Problem() is { } problem ? throw new InvalidDataException(problem) : rules;
    }

    /// <summary>The newest of a user's events, by the rules and in the order given.</summary>
    public static List<WindowEvent> Newest(List<WindowEvent> events, WindowRules rules)
    {
        var oldest = events[^1].Timestamp - EventTime.Microseconds(ToOptions(rules).MaxAge);
        return [.. events.TakeLast(rules.MaxEvents).Where(e => e.Timestamp >= oldest)];
    }

    /// <summary>The service's settings that the rules stand for.</summary>
    public static WindowOptions ToOptions(WindowRules rules) => new()
    {
        MaxEvents = rules.MaxEvents,
        MaxAge = TimeSpan.FromDays(rules.MaxAgeDays is > 0 and var days ? days : AnyAge),
    };
}
