using ProfileService.Model;

namespace ProfileService.Cli.CommandLine;

/// <summary>Runs the work of a command. If it fails, prints one line that explains the failure.</summary>
internal static class CommandRunner
{
    /// <summary>Returns the exit code of the work; 1 if it fails.</summary>
    /// <param name="stopped">Beginning of the line, such as <c>Replay stopped</c>.</param>
    /// <param name="url">The service that the command uses; null if it uses none.</param>
    public static async Task<int> RunAsync(string stopped, Uri? url, Func<Task<int>> work)
    {
        try
        {
            return await work();
        }
        catch (Exception e) when (!IsInterrupted(e) && e is not OutputException)
        {
            Terminal.Fail($"{stopped}: {Explain(e, url)}");
            return 1;
        }
    }

    /// <summary>The same for exceptions that no command caught.</summary>
    public static async Task<int> RunAsync(Func<Task<int>> work)
    {
        try
        {
            return await work();
        }
        catch (Exception e)
        {
            if (!IsInterrupted(e))
                Terminal.Fail(Explain(e, url: null));
            return 1;
        }
    }

    // A timeout of HttpClient is an OperationCanceledException too.
    private static bool IsInterrupted(Exception e) => e is OperationCanceledException { InnerException: not TimeoutException };

    private static string Explain(Exception e, Uri? url) => (url is null ? null : ServiceClient.Explain(e, url)) ?? e switch
    {
        CommandException or OutputException or PackageRefusedException or InvalidDataException => e.Message,
        IOException or UnauthorizedAccessException => e.Message,
        AggregateException { InnerExceptions: [var only] } => Explain(only, url),
        _ => $"{e.Message.ReplaceLineEndings(" ")} "
            + $"({e.GetType().Name}; this failure is unexpected. Please report it with the command line.)",
    };
}
