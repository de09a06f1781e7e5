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

    public void AddTo(Command command)
    {
        command.Add(File);
        command.Add(Reference);
        command.Validators.Add(given =>
        {
            if (given.GetResult(Reference) is not null && given.GetResult(File) is null)
                given.AddError("--reference needs --forgotten.");
        });
    }
}
