using System.Collections;
using System.Globalization;
using System.Reflection;
using System.Text.RegularExpressions;
using ProfileService.Platform.Settings;

namespace ProfileService.Tests.Platform;

/// <summary>docs/settings.md has every setting of the service with the default that it has.</summary>
public sealed partial class SettingsPageTests
{
    private static readonly (string Name, string Default)[] Rows = RowsOf("docs/settings.md");

    /// <summary>Defaults that are told in words, or made where they are used.</summary>
    private static readonly string[] InWords = ["Auth:ConsoleScopes"];

    public static TheoryData<string> Settings => [.. SettingNames.Own.Keys];

    [Theory]
    [MemberData(nameof(Settings))]
    public void SettingHasARowWithItsDefault(string setting)
    {
        var told = Assert.Single(Rows, row => row.Name == setting).Default;
        if (DefaultOf(setting) is TimeSpan span)
            Assert.Equal(span, TimeSpan.Parse(told, CultureInfo.InvariantCulture));
        else if (!InWords.Contains(setting))
            Assert.Equal(Text(DefaultOf(setting)), told);
    }

    [Fact]
    public void EveryRowIsASetting() => Assert.All(Rows, row => Assert.True(SettingNames.IsKnown(row.Name), row.Name));

    [Fact]
    public void ReadmeHasSomeOfTheRowsWithTheSameDefaults()
    {
        var some = RowsOf("README.md");
        Assert.True(some.Length > 5);
        Assert.All(some, row => Assert.Contains(row, Rows));
    }

    private static (string Name, string Default)[] RowsOf(string page) =>
    [
        .. from Match row in Row.Matches(File.ReadAllText(Repository.Path(page)))
           from Match name in Name.Matches(row.Groups["names"].Value)
           select (name.Groups[1].Value, row.Groups["default"].Value.Trim().Replace("`", "", StringComparison.Ordinal)),
    ];

    private static object? DefaultOf(string setting)
    {
        var options = typeof(SettingNames).Assembly.GetTypes()
            .Single(type => type.GetCustomAttribute<SectionAttribute>()?.Name == SettingNames.SectionOf(setting)
                && type.GetProperty(SettingNames.LastOf(setting)) is not null);
        return options.GetProperty(SettingNames.LastOf(setting))!.GetValue(Activator.CreateInstance(options));
    }

    private static string Text(object? value) => value switch
    {
        null => "",
        bool flag => flag ? "true" : "false",
        string text => text,
        IEnumerable list => string.Join(", ", list.Cast<object>()),
        _ => Convert.ToString(value, CultureInfo.InvariantCulture)!,
    };

    [GeneratedRegex(@"^\| (?<names>`(\w+:|AllowedHosts)[^|]*) \|(?<default>[^|]*)\|", RegexOptions.Multiline)]
    private static partial Regex Row { get; }

    [GeneratedRegex(@"`([\w:]+)`")]
    private static partial Regex Name { get; }
}
