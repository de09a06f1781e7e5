using System.CommandLine;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using ProfileService.Cli.Load;

namespace ProfileService.Benchmarks;

/// <summary>
/// The limit of a lookup: a web server of the same kind that does nothing but answer every request with the same bytes, which it is given
/// in a file. As a process of its own, as the service is.
/// </summary>
internal sealed class BareEndpoint : IDisposable
{
    private const string CommandName = "bare-endpoint";

    private static readonly string[] Written = ["Content-Length", "Content-Type", "Date", "Transfer-Encoding"]; // by the server itself, or apart

    private readonly ChildProcess _process;
    private readonly TempDirectory _folder;

    private BareEndpoint(ChildProcess process, TempDirectory folder) => (_process, _folder) = (process, folder);

    public ChildProcess Process => _process;

    /// <summary>Asks the service once and starts an endpoint that answers what it answered.</summary>
    public static async Task<BareEndpoint> RecordAsync(ServiceUnderTest service, byte[] request)
    {
        using var connection = new HttpConnection(service.Server);
        var answer = FixedAnswer.Of(await Task.Run(() => connection.Send(request)), service.Client.BaseAddress!);
        var folder = new TempDirectory();
        await File.WriteAllTextAsync(folder.File("answer.json"), JsonSerializer.Serialize(answer));
        return new BareEndpoint(await ChildProcess.StartAsync(typeof(BareEndpoint).Assembly.Location, CommandName, folder.File("answer.json")), folder);
    }

    public static Command Command()
    {
        var file = new Argument<string>("FILE");
        var command = new Command(CommandName, "Answers every request with the bytes of a file; the benchmarks start it.") { file };
        command.Hidden = true;
        command.SetAction((parsed, _) => ServeAsync(parsed.GetValue(file)!));
        return command;
    }

    public void Dispose()
    {
        _process.Dispose();
        _folder.Dispose();
    }

    private static async Task ServeAsync(string file)
    {
        var answer = JsonSerializer.Deserialize<FixedAnswer>(await File.ReadAllTextAsync(file))!;
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.SetMinimumLevel(LogLevel.Warning).AddFilter("Microsoft.Hosting.Lifetime", LogLevel.Information);
        builder.WebHost.UseUrls("http://127.0.0.1:0").ConfigureKestrel(kestrel => kestrel.AddServerHeader = false); // as the service's
        var app = builder.Build();
        app.Run(answer.WriteAsync);
        await app.RunAsync();
    }

    /// <summary>What the service answered, without what a server adds by itself.</summary>
    private sealed record FixedAnswer(int Status, string? ContentType, Dictionary<string, string> Headers, byte[] Body, bool HasLength)
    {
        public static FixedAnswer Of(HttpAnswer answer, Uri service)
        {
            if (!answer.IsGood)
                throw new InvalidOperationException($"{service} answered {answer}.");
            var headers = Encoding.ASCII.GetString(answer.Head).Split("\r\n", StringSplitOptions.RemoveEmptyEntries).Skip(1)
                .Select(line => line.Split(':', 2)).ToDictionary(h => h[0], h => h[1].Trim(), StringComparer.OrdinalIgnoreCase);
            return new FixedAnswer(
                answer.Status, headers.GetValueOrDefault("Content-Type"),
                headers.Where(h => !Written.Contains(h.Key, StringComparer.OrdinalIgnoreCase)).ToDictionary(),
                answer.Content(), headers.ContainsKey("Content-Length"));
        }

        public Task WriteAsync(HttpContext context)
        {
            var response = context.Response;
            response.StatusCode = Status;
            foreach (var (name, value) in Headers)
                response.Headers[name] = value;
            if (Body.Length == 0)
                return Task.CompletedTask;
            response.ContentType = ContentType;
            if (HasLength)
                response.ContentLength = Body.Length;
            return response.Body.WriteAsync(Body, 0, Body.Length);
        }
    }
}
