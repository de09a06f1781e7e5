using System.ComponentModel;
using ProfileService.TestServers.Common;
using ProfileService.TestServers.Processes;

namespace ProfileService.TestServers.Servers;

/// <summary>Tells whether servers run in containers, by the same question that <c>eng/servers</c> asks.</summary>
internal static class DockerEngine
{
    private static readonly Lazy<Task<bool>> Found = new(AskAsync);

    public static Task<bool> AnswersAsync() => Found.Value;

    private static async Task<bool> AskAsync()
    {
        try
        {
            await Tool.RunAsync(Repository.Path("eng/docker"));
            return true;
        }
        catch (Exception fault) when (fault is Win32Exception or InvalidOperationException)
        {
            return false;
        }
    }
}
