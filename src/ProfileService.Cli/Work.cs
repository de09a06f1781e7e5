using ProfileService.Model;

namespace ProfileService.Cli;

/// <summary>What every command does: its work, and one plain line if that fails.</summary>
internal static class Work
{
    /// <summary>The work's exit code; 1 if it fails, after a line that says why and what to do.</summary>
    /// <param name="stopped">How the line begins, such as <c>Replay stopped</c>.</param>
    /// <param name="url">The service that it is about.</param>
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

    /// <summary>The same for what no command caught.</summary>
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

    // An HttpClient's timeout looks like a cancellation.
    private static bool IsInterrupted(Exception e) => e is OperationCanceledException { InnerException: not TimeoutException };

    private static string Explain(Exception e, Uri? url) => (url is null ? null : ServiceClient.Explain(e, url)) ?? e switch
    {
        CommandException or OutputException or PackageRefusedException or InvalidDataException => e.Message,
        IOException or UnauthorizedAccessException => e.Message,
        AggregateException { InnerExceptions: [var only] } => Explain(only, url),
        _ => $"{e.Message.ReplaceLineEndings(" ")} ({e.GetType().Name}; this command does not know that failure. Please report it with the command line.)",
    };
}
