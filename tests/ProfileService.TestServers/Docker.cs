using System.ComponentModel;

namespace ProfileService.TestServers;

/// <summary>Tells whether servers run in containers, by the same question that <c>eng/servers</c> asks.</summary>
internal static class Docker
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
