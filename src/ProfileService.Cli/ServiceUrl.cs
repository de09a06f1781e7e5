using System.CommandLine;

namespace ProfileService.Cli;

/// <summary>The <c>--url</c> option of every command that talks to a service.</summary>
internal static class ServiceUrl
{
    public static Option<Uri> Option() => new("--url")
    {
        Description = "Address of the service.",
        DefaultValueFactory = _ => new Uri("http://localhost:8080/"),
        CustomParser = result =>
        {
            if (Uri.TryCreate(result.Tokens[0].Value.TrimEnd('/') + '/', UriKind.Absolute, out var url) && url.Scheme is "http" or "https")
                return url;
            result.AddError("--url must be an absolute http or https address, such as http://localhost:8080.");
            return null;
        },
    };
}
