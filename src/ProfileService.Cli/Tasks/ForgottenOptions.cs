using System.CommandLine;

namespace ProfileService.Cli.Tasks;

/// <summary>The options of <c>profiles model tasks</c> that ask whether users are recognisable.</summary>
internal sealed class ForgottenOptions
{
    public Option<string?> File { get; } = new("--forgotten")
    {
        Description = "Instead of the questions: whether these users are recognisable in the packages. Ids, one a line.",
    };

    public Option<string?> Reference { get; } = new("--reference")
    {
        Description = "With --forgotten: a package that saw neither them nor the users held out, whose loss is subtracted.",
        HelpName = "DIR",
    };

    /// <param name="ofQuestions">Options that have no meaning beside <see cref="File"/>.</param>
    public void AddTo(Command command, params Option[] ofQuestions)
    {
        command.Add(File);
        command.Add(Reference);
        command.Validators.Add(given =>
        {
            if (given.GetResult(Reference) is not null && given.GetResult(File) is null)
                given.AddError("--reference needs --forgotten.");
            var asked = ofQuestions.FirstOrDefault(option => given.GetResult(option) is { Implicit: false });
            if (given.GetResult(File) is not null && asked is { } other)
                given.AddError($"--forgotten asks no questions: {other.Name} does not go with it.");
        });
    }
}
