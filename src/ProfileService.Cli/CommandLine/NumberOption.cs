using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using System.Numerics;

namespace ProfileService.Cli.CommandLine;

/// <summary>An option whose value is a number of a range.</summary>
internal static class NumberOption
{
    /// <param name="max">Null for any number from <paramref name="min"/> on.</param>
    public static Option<T?> Create<T>(string name, T min, T? max, string description, string? helpName = null)
        where T : struct, INumber<T>, IMinMaxValue<T> => new(name)
        {
            Description = description,
            HelpName = helpName,
            CustomParser = result => Parse(result, name, min, max),
        };

    /// <param name="value">The number without the option.</param>
    /// <inheritdoc cref="Create{T}(string, T, T?, string, string?)"/>
    public static Option<T> Create<T>(string name, T value, T min, T? max, string description, string? helpName = null)
        where T : struct, INumber<T>, IMinMaxValue<T> => new(name)
        {
            Description = description,
            HelpName = helpName,
            DefaultValueFactory = _ => value,
            CustomParser = result => Parse(result, name, min, max) ?? default,
        };

    private static T? Parse<T>(ArgumentResult result, string name, T min, T? max)
        where T : struct, INumber<T>, IMinMaxValue<T>
    {
        var isWhole = typeof(T) != typeof(double);
        var form = isWhole ? NumberStyles.Integer : NumberStyles.Float; // without separators of thousands: 1,5 is not 15
        if (T.TryParse(result.Tokens[0].Value, form, CultureInfo.InvariantCulture, out var number)
            && number >= min && number <= (max ?? T.MaxValue))
            return number;
        var most = max ?? (isWhole ? T.MaxValue : null);
        var range = string.Create(CultureInfo.InvariantCulture, $"{min:#,0.#} {(most is null ? "or more" : $"to {most:#,0.#}")}");
        result.AddError($"{name} must be {(isWhole ? "a whole number" : "a number")}, {range}.");
        return null;
    }
}
