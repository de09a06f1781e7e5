using System.Net;
using ProfileService.Cli.CommandLine;
using ProfileService.Client;

namespace ProfileService.Cli.Replay;

/// <summary>Sends what is not events: all entries of a request are accepted, or the command ends.</summary>
internal static class Upload
{
    /// <param name="what">What the entries are, in the plural.</param>
    /// <param name="lines">The line of each entry in the file.</param>
    /// <returns>How many were accepted.</returns>
    /// <exception cref="CommandException">The service does not accept an entry.</exception>
    public static async Task<long> PutAsync(string file, string what, long[] lines, Func<Task<BatchSummary>> put)
    {
        try
        {
            var result = await put();
            if (result.Rejected > 0)
            {
                var first = result.Problems[0];
                throw new CommandException($"{result.Rejected:N0} of the {what} in {file} were rejected. The first, in line "
                    + $"{lines[Math.Clamp(first.Index, 0, lines.Length - 1)]}: {ReplayReport.WithoutLine(first.Detail)}");
            }

            return result.Accepted;
        }
        catch (ProfileServiceException e) when (e.Status is HttpStatusCode.NotFound or HttpStatusCode.MethodNotAllowed)
        {
            throw new CommandException(
                $"The service does not support {what} (status {(int)e.Status}): it is older than this command. "
                + $"Update it, or move {file} away to continue without.",
                e);
        }
    }
}
