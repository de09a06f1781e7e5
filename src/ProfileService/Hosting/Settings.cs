using System.ComponentModel.DataAnnotations;
using System.Reflection;
using Microsoft.Extensions.Options;

namespace ProfileService.Hosting;

/// <summary>
/// Binds a configuration section to options and checks it at start: unknown names, values that cannot be read and values out
/// of bounds are all collected, so that every wrong setting is named at once.
/// </summary>
internal static class Settings
{
    public static OptionsBuilder<T> AddSettings<T>(this IServiceCollection services, string section)
        where T : class
    {
        services.AddSingleton<IValidateOptions<T>>(provider => new Validation<T>(provider.GetRequiredService<IConfiguration>(), section));
        return services.AddOptions<T>()
            .Configure<IConfiguration>((options, configuration) => Bind(options, configuration.GetSection(section)))
            .ValidateOnStart();
    }

    /// <summary>Sets each property that the section names and returns what is wrong with the others.</summary>
    private static List<string> Bind(object options, IConfigurationSection section)
    {
        var wrong = new List<string>();
        foreach (var setting in section.GetChildren())
        {
            var property = options.GetType().GetProperty(setting.Key, BindingFlags.IgnoreCase | BindingFlags.Public | BindingFlags.Instance);
            if (property?.SetMethod is null)
                wrong.Add($"{setting.Path} is not a setting. {section.Key} has: {string.Join(", ", Names(options))}.");
            else if (!TrySet(options, property, setting))
                wrong.Add($"{setting.Path} = '{setting.Value}' cannot be read as {Expected(property.PropertyType)}.");
        }

        return wrong;
    }

    private static bool TrySet(object options, PropertyInfo property, IConfigurationSection setting)
    {
        try
        {
            if (setting.Get(property.PropertyType) is not { } value)
                return false;
            property.SetValue(options, value);
            return true;
        }
        catch (InvalidOperationException) // the binder's word for a value that does not convert
        {
            return false;
        }
    }

    private static IEnumerable<string> Names(object options) =>
        options.GetType().GetProperties().Where(p => p.SetMethod is not null).Select(p => p.Name);

    private static string Expected(Type type) =>
        type == typeof(TimeSpan) ? "a time span ([days.]hours:minutes:seconds)"
        : type == typeof(bool) ? "true or false"
        : type == typeof(int) || type == typeof(long) ? "a whole number"
        : type.IsEnum ? $"one of {string.Join(", ", Enum.GetNames(type))}"
        : type.IsArray ? "a list (name:0, name:1, …)"
        : "text";

    private sealed class Validation<T>(IConfiguration configuration, string section) : IValidateOptions<T>
        where T : class
    {
        public ValidateOptionsResult Validate(string? name, T options)
        {
            var wrong = Bind(Activator.CreateInstance<T>(), configuration.GetSection(section));
            var bounds = new List<ValidationResult>();
            Validator.TryValidateObject(options, new ValidationContext(options), bounds, validateAllProperties: true);
            wrong.AddRange(bounds.Select(b => $"{section}:{string.Join(", ", b.MemberNames)}: {b.ErrorMessage}"));
            return wrong.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(wrong);
        }
    }
}
