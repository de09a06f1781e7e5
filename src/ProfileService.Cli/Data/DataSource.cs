using System.CommandLine;

namespace ProfileService.Cli.Data;

/// <summary>The <c>--data FORMAT:PATH</c> option of every command that reads a data set.</summary>
internal sealed record DataSource(string Format, string Path)
{
    public static Option<DataSource> Option() => new("--data")
    {
        Description = "FORMAT:PATH of the data set; "
            + $"FORMAT is {EventFile.Ndjson}, {EventFile.MovieLens} (its folder) or {EventFile.Sequences}.",
        Required = true,
        CustomParser = result =>
        {
            if (result.Tokens[0].Value.Split(':', 2) is [{ Length: > 0 } format, { Length: > 0 } path])
                return new DataSource(format, path);
            result.AddError("--data must be FORMAT:PATH, such as events:demo/events.ndjson.");
            return null;
        },
    };
}
