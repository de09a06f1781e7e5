using System.CommandLine;
using ProfileService.Cli;
using ProfileService.Cli.CommandLine;

namespace ProfileService.Tests.Cli;

/// <summary>What every command says of wrong values, without the words of the library that reads command lines.</summary>
public sealed class PlainErrorTests
{
    private static readonly string[] Words = ["System.", "Nullable", "`1", "Exception", "expected type", "Parameter"];

    private static readonly string[] Values = ["", " ", "abc", "-1", "0", "1.5", "1e999", "NaN", "99999999999999999999", "9999999999", "\u00fc", "a:b"];

    public static TheoryData<string> All => [.. CommandsOf(Commands.Create(), [])];

    [Theory]
    [MemberData(nameof(All))]
    public void WrongValueIsToldInPlainWords(string path)
    {
        var words = path.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        var command = words.Aggregate((Command)Commands.Create(), (command, name) => command.Subcommands.Single(c => c.Name == name));
        foreach (var value in Values)
        {
            foreach (var option in command.Options.Where(o => o.Name is not ("--help" or "--version")))
            {
                foreach (var given in (string[][])[[option.Name, value], [$"{option.Name}={value}"], [option.Name, value, option.Name, value]])
                    Check([.. words, .. given]);
            }

            for (var count = 1; count <= 3; count++)
                Check([.. words, .. Enumerable.Repeat(value, count)]);
            Check([.. words, "--", $"--{value}"]);
        }
    }

    [Theory]
    [MemberData(nameof(All))]
    public void EmptyValueIsToldByItsName(string path)
    {
        var words = path.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        var command = words.Aggregate((Command)Commands.Create(), (command, name) => command.Subcommands.Single(c => c.Name == name));
        foreach (var option in command.Options.Where(o => o.ValueType != typeof(bool) && o.Name is not ("--help" or "--version")))
            AssertTold($"{option.Name} is empty. Give it a value.", Messages([.. words, option.Name, ""]));
        foreach (var (index, argument) in command.Arguments.Index())
            AssertTold($"{argument.Name} is empty. Give it a value.", Messages([.. words, .. Enumerable.Repeat("", index + 1)]));

        // What a command says of its options together comes first, and then alone.
        void AssertTold(string said, IReadOnlyList<string> messages) => Assert.True(
            messages.Contains(said) || (command.Validators.Count > 0 && messages.Count > 0), $"{said} is not among: {string.Join(' ', messages)}");
    }

    [Theory]
    [InlineData(0, "at once")]
    [InlineData(49, "at once")]
    [InlineData(50, "in 0.1 s")]
    [InlineData(1_500, "in 1.5 s")]
    public void NoWaitIsOfNoLength(int milliseconds, string said) =>
        Assert.Equal(said, ServiceClient.When(TimeSpan.FromMilliseconds(milliseconds)));

    private static void Check(string[] line) => Assert.All(Messages(line), message => Assert.All(Words, word =>
        Assert.False(message.Contains(word, StringComparison.Ordinal), $"{string.Join(' ', line)}: {message}")));

    private static IReadOnlyList<string> Messages(string[] line) => [.. Commands.Create().Parse(line).Errors.Select(PlainError.Of)];

    private static IEnumerable<string> CommandsOf(Command command, string[] path) =>
        command.Subcommands.SelectMany(c => CommandsOf(c, [.. path, c.Name])).Prepend(string.Join(' ', path));
}
