using System.ComponentModel.DataAnnotations;
using System.Globalization;
using ProfileService.Platform;
using ProfileService.Windows;

namespace ProfileService.Model;

/// <summary>The rules for windows that the figures of a package were measured under, as its manifest states them.</summary>
/// <param name="MaxEvents">The newest events that a window holds.</param>
/// <param name="MaxAgeDays">
/// How many days older than the newest an event may be; 0 for any age. Left out if the log has no times to tell by.
/// </param>
/// <param name="Mask">Which items were not ranked for a user: <c>history</c>, all it met, or <c>window</c>, those of the window.</param>
internal sealed record WindowRules(
    [Range(1, WindowRules.MostEvents)] int MaxEvents,
    [Range(0d, WindowRules.MaxDays)] double? MaxAgeDays = null,
    [OneOf(WindowRules.History, WindowRules.Window)] string Mask = WindowRules.History)
{
    public const string History = "history";
    public const string Window = "window";

    public const int MostEvents = 10_000;
    public const double MaxDays = 3_650;

    /// <summary>Returns what is wrong, or null.</summary>
    public string? Problem() => this switch
    {
        { MaxEvents: < 1 or > MostEvents } => "windowRules: maxEvents must be 1 to 10,000.",
        { MaxAgeDays: not (null or (>= 0 and <= MaxDays)) } => "windowRules: maxAgeDays must be 0 to 3,650.",
        { Mask: not (History or Window) } => "windowRules: mask must be history or window.",
        _ => null,
    };

    /// <summary>Where the service's windows differ from these rules, and what to do; null if they agree.</summary>
    public string? Advice(string model, WindowOptions options)
    {
        var events = options.MaxEvents == MaxEvents
            ? null
            : $"Windows:MaxEvents is {options.MaxEvents}, the figures of {model} are of windows of {MaxEvents} events: "
                + $"set Windows:MaxEvents={MaxEvents}, or measure it with --max-events {options.MaxEvents}.";
        var age = MaxAgeDays is not { } days || (days > 0 ? days : MaxDays) == options.MaxAge.TotalDays
            ? null
            : $"Windows:MaxAge is {Text(options.MaxAge.TotalDays)} days, the figures of {model} are of "
                + (days > 0 ? $"events at most {Text(days)} days older than the newest: " : "events of any age: ")
                + $"set Windows:MaxAge={TimeSpan.FromDays(days > 0 ? days : MaxDays):c}, "
                + $"or measure it with --max-age {Text(options.MaxAge.TotalDays)}.";
        return events is null ? age : age is null ? events : $"{events} {age}";
    }

    private static string Text(double days) => Math.Round(days, 6).ToString(CultureInfo.InvariantCulture);
}
