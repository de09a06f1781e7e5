using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Reflection;
using System.Text.RegularExpressions;
using Microsoft.Extensions.Options;

namespace ProfileService.Platform.Settings;

/// <summary>
/// Binds a configuration section to options and validates it at start. All unreadable and out-of-range values are reported at once.
/// <see cref="ServiceBuilder"/> checks the names.
/// </summary>
internal static partial class SettingsBinding
{
    private const BindingFlags AnyProperty = BindingFlags.IgnoreCase | BindingFlags.Public | BindingFlags.Instance;

    public static OptionsBuilder<T> AddSettings<T>(this IServiceCollection services)
        where T : class
    {
        services
            .AddSingleton<Binding<T>>()
            .AddSingleton<IConfigureOptions<T>>(provider => provider.GetRequiredService<Binding<T>>())
            .AddSingleton<IValidateOptions<T>>(provider => provider.GetRequiredService<Binding<T>>());
        return services.AddOptions<T>().ValidateOnStart();
    }

    /// <summary>
    /// Reads the settings of a section before they are validated, for decisions while services are registered. An unreadable value keeps
    /// its default here; validation stops the start later.
    /// </summary>
    public static T Read<T>(this IConfiguration configuration)
        where T : class, new()
    {
        var options = new T();
        Bind(options, configuration.GetSection(SectionOf<T>()));
        return options;
    }

    /// <summary>
    /// Whether a setting can be read, or is not given. Otherwise rules over it and others would judge its default in its place.
    /// </summary>
    public static bool CanRead<T>(this IConfiguration configuration, string setting)
        where T : class, new() =>
        Bind(new T(), configuration.GetSection(SectionOf<T>())) is var wrong
        && !wrong.Exists(w => w.Path.Equals($"{SectionOf<T>()}:{setting}", StringComparison.OrdinalIgnoreCase));

    private static string SectionOf<T>() => typeof(T).GetCustomAttribute<SectionAttribute>()!.Name;

    /// <summary>Sets each property that the section contains; returns the settings that cannot be read as their type.</summary>
    private static List<(string Path, string Problem)> Bind(object options, IConfigurationSection section)
    {
        var wrong = new List<(string, string)>();
        foreach (var setting in section.GetChildren())
        {
            var property = options.GetType().GetProperty(setting.Key, AnyProperty);
            if (property?.SetMethod is not null && Set(options, property, setting) is { } problem)
                wrong.Add((setting.Path, problem));
        }

        return wrong;
    }

    private static string? Set(object options, PropertyInfo property, IConfigurationSection setting)
    {
        if (setting.Value is null && !property.PropertyType.IsArray)
            return setting.GetChildren().Any() ? null : "has no value"; // its children are judged elsewhere
        try
        {
            if (HasExpectedForm(property.PropertyType, setting.Value) && setting.Get(property.PropertyType) is { } value)
            {
                property.SetValue(options, value);
                return null;
            }
        }
        catch (InvalidOperationException) // thrown by the binder if a value does not convert
        {
        }

        return $"cannot be read as {Expected(property.PropertyType)}";
    }

    // The binder would accept a number or a list as the name of an enum member, a single number as a number of days, 24:00:00 as 24 days,
    // 0:10 as ten minutes, and 0x10 or #10 as 16.
    private static bool HasExpectedForm(Type type, string? text) =>
        type.IsEnum ? Enum.GetNames(type).Contains(text, StringComparer.OrdinalIgnoreCase)
        : type == typeof(int) || type == typeof(long) ? long.TryParse(text, NumberStyles.Integer, CultureInfo.InvariantCulture, out _)
        : type != typeof(TimeSpan) || text is "0" || Span().IsMatch(text ?? "");

    [GeneratedRegex(@"^\s*-?(\d+\.)?([01]?\d|2[0-3]):[0-5]?\d:[0-5]?\d(\.\d{1,7})?\s*$")]
    private static partial Regex Span();

    private static string Expected(Type type) =>
        type == typeof(TimeSpan) ? "a time span ([days.]hours:minutes:seconds; one day is 1.00:00:00)"
        : type == typeof(bool) ? "true or false"
        : type == typeof(int) || type == typeof(long) ? "a whole number"
        : type == typeof(double) ? "a number"
        : type.IsEnum ? $"one of {string.Join(", ", Enum.GetNames(type))}"
        : type.IsArray ? "a list (name:0, name:1, …)"
        : "text";

    private static IEnumerable<(string Path, string Problem)> OutOfBounds(object options, string section) =>
        from property in options.GetType().GetProperties()
        from rule in property.GetCustomAttributes<ValidationAttribute>()
        where !rule.IsValid(property.GetValue(options))
        select ($"{section}:{property.Name}", Broken(rule, property.Name));

    private static string Broken(ValidationAttribute rule, string name) => rule switch
    {
        RangeAttribute range => $"is not between {Bound(range.Minimum)} and {Bound(range.Maximum)}",
        RequiredAttribute or MinLengthAttribute => "is empty",
        _ => rule.FormatErrorMessage(name),
    };

    private static string Bound(object bound) =>
        bound is int or long or double ? string.Create(CultureInfo.InvariantCulture, $"{bound:#,0.######}") : $"{bound}";

    /// <summary>Binds and validates. Options may be created several times, but always from the same settings.</summary>
    private sealed class Binding<T>(ConfigurationManager configuration) : IConfigureOptions<T>, IValidateOptions<T>
        where T : class
    {
        private List<(string Path, string Problem)> _unreadable = [];

        public void Configure(T options) => _unreadable = Bind(options, configuration.GetSection(SectionOf<T>()));

        public ValidateOptionsResult Validate(string? name, T options)
        {
            var wrong = _unreadable.Concat(OutOfBounds(options, SectionOf<T>())).Select(w => Describe(w.Path, w.Problem)).ToList();
            return wrong.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(wrong);
        }

        private string Describe(string path, string problem)
        {
            var source = SettingSource.Of(configuration, path);
            var value = source is { IsSecret: false } && configuration[path] is { } text ? $" = '{text}'" : "";
            return $"{path}{value}{(source is null ? "" : $" ({source.Describe(path)})")} {problem}.";
        }
    }
}
