using System.Collections;
using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Reflection;
using System.Text.RegularExpressions;
using ProfileService.Platform.Settings;

namespace ProfileService.Tests.Platform;

/// <summary>docs/settings.md has every setting of the service with the default and the range that it has.</summary>
public sealed partial class SettingsPageTests
{
    private static readonly (string Name, string Default)[] Rows = RowsOf("docs/settings.md");

    /// <summary>Defaults that are told in words, or made where they are used.</summary>
    private static readonly string[] InWords = ["Auth:ConsoleScopes"];

    public static TheoryData<string> Settings => [.. SettingNames.Own.Keys];

    public static TheoryData<string> Bounded =>
        [.. SettingNames.Own.Keys.Where(setting => PropertyOf(setting).IsDefined(typeof(RangeAttribute)))];

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

    [Theory]
    [MemberData(nameof(Bounded))]
    public void SettingHasTheRangeThatItsRowTells(string setting)
    {
        var (told, range) = (RangeOf(setting), PropertyOf(setting).GetCustomAttribute<RangeAttribute>()!);
        var (least, most) = (told.Split(", or ")[0].Split(" to ")[0], told.Split(" to ")[^1]);
        Assert.Equal((Bound(range, range.Minimum), Bound(range, range.Maximum)), (Bound(range, least), Bound(range, most)));
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

    /// <summary>A row of several settings tells one range for all, or one for each, in their order.</summary>
    private static string RangeOf(string setting)
    {
        var row = Row.Matches(File.ReadAllText(Repository.Path("docs/settings.md"))).Single(row => Names(row).Contains(setting));
        var ranges = row.Groups["range"].Value.Replace("`", "", StringComparison.Ordinal).Trim().Split("; ");
        return ranges[Math.Min(Names(row).IndexOf(setting), ranges.Length - 1)];
    }

    private static List<string> Names(Match row) => [.. Name.Matches(row.Groups["names"].Value).Select(name => name.Groups[1].Value)];

    private static IComparable Bound(RangeAttribute range, object value) => range.OperandType == typeof(TimeSpan)
        ? TimeSpan.Parse(value.ToString()!, CultureInfo.InvariantCulture)
        : double.Parse(Convert.ToString(value, CultureInfo.InvariantCulture)!.Replace('\u2212', '-'), CultureInfo.InvariantCulture);

    private static object? DefaultOf(string setting)
    {
        var property = PropertyOf(setting);
        return property.GetValue(Activator.CreateInstance(property.DeclaringType!));
    }

    private static PropertyInfo PropertyOf(string setting)
    {
        var options = typeof(SettingNames).Assembly.GetTypes()
            .Single(type => type.GetCustomAttribute<SectionAttribute>()?.Name == SettingNames.SectionOf(setting)
                && type.GetProperty(SettingNames.LastOf(setting)) is not null);
        return options.GetProperty(SettingNames.LastOf(setting))!;
    }

    private static string Text(object? value) => value switch
    {
        null => "",
        bool flag => flag ? "true" : "false",
        string text => text,
        IEnumerable list => string.Join(", ", list.Cast<object>()),
        _ => Convert.ToString(value, CultureInfo.InvariantCulture)!,
    };

    [GeneratedRegex(@"^\| (?<names>`(\w+:|AllowedHosts)[^|]*) \|(?<default>[^|]*)\|(?<range>[^|]*)\|", RegexOptions.Multiline)]
    private static partial Regex Row { get; }

    [GeneratedRegex(@"`([\w:]+)`")]
    private static partial Regex Name { get; }
}
