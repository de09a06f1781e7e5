using System.CommandLine;
using System.Text;
using ProfileService.Intake;

namespace ProfileService.Cli.CommandLine;

/// <summary>An option whose value is a moment, in any form that the time of an event may have.</summary>
internal static class TimeOption
{
    /// <returns>Microseconds since 1970; null if the option is not given.</returns>
    public static Option<long?> Create(string name, string description) => new(name)
    {
        Description = description,
        HelpName = "TIME",
        CustomParser = result =>
        {
            if (TimeText.TryParse(Encoding.UTF8.GetBytes(result.Tokens[0].Value), out var microseconds))
                return microseconds;
            result.AddError($"{name} must be a time, such as 2026-11-22T10:00:00Z.");
            return null;
        },
    };
}
