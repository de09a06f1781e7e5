using System.CommandLine;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using ProfileService.Benchmarks.Setup;
using ProfileService.Cli.Load;
using ProfileService.Windows.Redis.Layout;
using StackExchange.Redis;

namespace ProfileService.Benchmarks.Limits;

/// <summary>
/// The limit of a lookup: a web server of the same kind that does nothing but answer every request with the same bytes, which it is given
/// in a file; or does nothing more than read the revision of the user's window from Redis first. As a process of its own, as the service is.
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
    /// <param name="stores">Settings that name the service's stores if the endpoint is to read from its Redis.</param>
    public static async Task<BareEndpoint> RecordAsync(ServiceUnderTest service, byte[] request, params string[] stores)
    {
        using var connection = new HttpConnection(service.Server);
        var answer = FixedAnswer.Of(await Task.Run(() => connection.Send(request)), service.Client.BaseAddress!);
        var folder = new TempDirectory();
        await File.WriteAllTextAsync(folder.File("answer.json"), JsonSerializer.Serialize(answer));
        string[] arguments = [CommandName, folder.File("answer.json"), .. stores];
        return new BareEndpoint(await ChildProcess.StartAsync(typeof(BareEndpoint).Assembly.Location, arguments), folder);
    }

    public static Command Command()
    {
        var file = new Argument<string>("FILE");
        var stores = new Argument<string[]>("STORES");
        var command = new Command(CommandName, "Answers every request with the bytes of a file; the benchmarks start it.") { file, stores };
        command.Hidden = true;
        command.SetAction((parsed, _) => ServeAsync(parsed.GetValue(file)!, parsed.GetValue(stores)!));
        return command;
    }

    public void Dispose()
    {
        _process.Dispose();
        _folder.Dispose();
    }

    private static async Task ServeAsync(string file, string[] settings)
    {
        var answer = JsonSerializer.Deserialize<FixedAnswer>(await File.ReadAllTextAsync(file))!;
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.SetMinimumLevel(LogLevel.Warning).AddFilter("Microsoft.Hosting.Lifetime", LogLevel.Information);
        builder.WebHost.UseUrls("http://127.0.0.1:0").ConfigureKestrel(kestrel => kestrel.AddServerHeader = false); // as the service's
        var app = builder.Build();
        await using var stores = settings is [] ? null : new ServiceStores(settings);
        app.Run(stores is null ? answer.WriteAsync : async context =>
        {
            await ReadAsync(stores, context.Request.Path.Value!);
            await answer.WriteAsync(context);
        });
        await app.RunAsync();
    }

    /// <param name="path">Such as <c>/v1/users/load-000001/profile</c>.</param>
    private static async Task ReadAsync(ServiceStores stores, string path)
    {
        RedisValue found = await stores.Redis.StringGetRangeAsync(
            stores.Keys.Window(path.Split('/')[3]), RedisWindowLayout.RevisionAt, RedisWindowLayout.TouchedAt - 1);
        if (found.Length() == 0)
            throw new InvalidOperationException($"There is no window for {path}.");
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
