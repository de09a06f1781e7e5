using System.CommandLine;
using System.Globalization;

namespace ProfileService.Cli.Keys;

/// <summary>An option that takes a span such as <c>90d</c> or <c>12h</c>, or <c>never</c>.</summary>
internal static class SpanOption
{
    private const string Never = "never";
    private const int MaxDays = 36_500;

    public static Option<KeyLifetime> Create(string name, string description, TimeSpan byDefault) => new(name)
    {
        Description = description,
        HelpName = "SPAN",
        DefaultValueFactory = _ => new(byDefault),
        CustomParser = result =>
        {
            var text = result.Tokens[0].Value;
            if (text == Never)
                return new(Length: null);
            if (Parse(text) is { } span && span > TimeSpan.Zero && span.TotalDays <= MaxDays)
                return new(span);
            result.AddError(string.Create(
                CultureInfo.InvariantCulture, $"{name} takes a span such as 90d or 12h, at most {MaxDays:N0} days, or {Never}."));
            return null;
        },
    };

    private static TimeSpan? Parse(string text)
    {
        var digits = text.AsSpan(0, Math.Max(0, text.Length - 1));
        if (!int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var count))
            return null;
        return text[^1] switch
        {
            'd' when count <= MaxDays => TimeSpan.FromDays(count),
            'h' when count <= MaxDays * 24 => TimeSpan.FromHours(count),
            _ => null,
        };
    }
}
