using System.CommandLine;

namespace ProfileService.Cli.CommandLine;

/// <summary>The <c>--url</c> option of every command that uses a service.</summary>
internal static class ServiceUrl
{
    private static readonly Uri Default = new("http://localhost:8080/");

    /// <param name="find">
    /// Finds the address if the option is not given. Without it, or if it finds none, the default is http://localhost:8080.
    /// </param>
    public static Option<Uri> Option(Func<Uri?>? find = null) => new("--url")
    {
        Description = "Address of the service.",
        DefaultValueFactory = result =>
        {
            try
            {
                return find?.Invoke() ?? Default;
            }
            catch (CommandException e)
            {
                result.AddError(e.Message);
                return Default;
            }
        },
        CustomParser = result =>
        {
            if (Uri.TryCreate(result.Tokens[0].Value.TrimEnd('/') + '/', UriKind.Absolute, out var url) && url.Scheme is "http" or "https")
                return url;
            result.AddError("--url must be an absolute http or https address, such as http://localhost:8080.");
            return null;
        },
    };
}
