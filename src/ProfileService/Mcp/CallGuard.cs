using System.Text.Json;
using System.Text.Json.Nodes;
using ModelContextProtocol;
using ProfileService.Intake;
using ProfileService.Platform;

namespace ProfileService.Mcp;

/// <summary>
/// Refuses, with what is wrong, requests that the protocol's package would answer with an error that names nothing, or fail on.
/// </summary>
internal static class CallGuard
{
    private const string Params = "params";
    private const string Id = "id";
    private const string Version = "jsonrpc";
    private const string Method = "method";

    public static async Task InvokeAsync(HttpContext context, RequestDelegate next)
    {
        if (HttpMethods.IsPost(context.Request.Method) && await RefusalAsync(context) is { } refusal)
        {
            await refusal.ExecuteAsync(context);
            return;
        }

        await next(context);
    }

    private static async Task<IResult?> RefusalAsync(HttpContext context)
    {
        if (context.Request.Headers.ContentEncoding.Count > 0)
        {
            return Problems.Of(
                StatusCodes.Status415UnsupportedMediaType, "unsupported_encoding", "No Content-Encoding is taken at this address.");
        }

        var body = await RequestBody.ReadAllAsync(context.Request.BodyReader, context.RequestAborted);
        context.Request.Body = new MemoryStream(body);
        try
        {
            using var call = JsonDocument.Parse(body);
            if (call.RootElement.ValueKind != JsonValueKind.Object)
                return ErrorOf("A request is one object of JSON-RPC.", McpErrorCode.InvalidRequest);
            return ProblemOf(call.RootElement) is var (field, detail) ? ErrorOf(call.RootElement, field, detail) : null;
        }
        catch (JsonException e)
        {
            return ErrorOf(UnreadableBodyException.Malformed(e).Message, McpErrorCode.ParseError);
        }
    }

    private static (string Field, string Detail)? ProblemOf(JsonElement call)
    {
        if (!IsUnicode(call))
            return (Params, "A text of the request is not valid Unicode.");
        if (Repeated(call) is { } name)
            return (name, $"{name} stands twice in an object.");
        if (call.TryGetProperty(Id, out var id) && !IsId(id))
            return (Id, "id must be text or a whole number.");
        if (!call.TryGetProperty(Version, out var version) || version.ValueKind != JsonValueKind.String || version.GetString() != "2.0")
            return (Version, "jsonrpc must be \"2.0\".");
        if (!call.TryGetProperty(Method, out var method)) // an answer to what the service never asks, which the package refuses
            return null;
        if (method.ValueKind != JsonValueKind.String)
            return (Method, "method must be text.");
        var given = call.TryGetProperty(Params, out var value) ? value : default;
        if (given.ValueKind is not (JsonValueKind.Undefined or JsonValueKind.Object))
            return (Params, $"{Params} must be an object.");
        return method.GetString() switch
        {
            "initialize" => MustBe(given, "protocolVersion", JsonValueKind.String) ?? MustBe(given, "capabilities", JsonValueKind.Object)
                ?? MustBe(given, "clientInfo", JsonValueKind.Object) ?? MustBe(given, "clientInfo.name", JsonValueKind.String)
                ?? MustBe(given, "clientInfo.version", JsonValueKind.String),
            "tools/call" => MustBe(given, "name", JsonValueKind.String) ?? MayBe(given, "arguments", JsonValueKind.Object),
            "tools/list" => MayBe(given, "cursor", JsonValueKind.String),
            _ => null,
        };
    }

    private static (string Field, string Detail)? MustBe(JsonElement given, string path, JsonValueKind kind) =>
        Find(given, path).ValueKind == kind ? null : ($"{Params}.{path}", $"{Params}.{path} must be {NameOf(kind)}.");

    private static (string Field, string Detail)? MayBe(JsonElement given, string path, JsonValueKind kind) =>
        Find(given, path).ValueKind is JsonValueKind.Undefined or JsonValueKind.Null ? null : MustBe(given, path, kind);

    private static JsonElement Find(JsonElement given, string path)
    {
        foreach (var name in path.Split('.'))
            given = given.ValueKind == JsonValueKind.Object && given.TryGetProperty(name, out var value) ? value : default;
        return given;
    }

    private static string NameOf(JsonValueKind kind) => kind == JsonValueKind.Object ? "an object" : "text";

    /// <summary>The name of a member that stands twice in an object of the request; null if there is none.</summary>
    private static string? Repeated(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Object => value.EnumerateObject().GroupBy(m => m.Name).FirstOrDefault(same => same.Count() > 1)?.Key
            ?? value.EnumerateObject().Select(m => Repeated(m.Value)).FirstOrDefault(name => name is not null),
        JsonValueKind.Array => value.EnumerateArray().Select(Repeated).FirstOrDefault(name => name is not null),
        _ => null,
    };

    private static bool IsId(JsonElement id) =>
        id.ValueKind == JsonValueKind.String || (id.ValueKind == JsonValueKind.Number && id.TryGetInt64(out _));

    // Half of a surrogate pair may be written in JSON, and is no character.
    private static bool IsUnicode(JsonElement value)
    {
        try
        {
            return value.ValueKind switch
            {
                JsonValueKind.Object => value.EnumerateObject().All(m => m.Name is not null && IsUnicode(m.Value)),
                JsonValueKind.Array => value.EnumerateArray().All(IsUnicode),
                JsonValueKind.String => value.GetString() is not null,
                _ => true,
            };
        }
        catch (InvalidOperationException)
        {
            return false;
        }
    }

    private static IResult ErrorOf(JsonElement call, string field, string detail)
    {
        var isRequest = field is not (Id or Version or Method);
        var number = call.TryGetProperty(Id, out var id) && IsId(id) ? JsonNode.Parse(id.GetRawText()) : null;
        return Error(number, isRequest ? StatusCodes.Status200OK : StatusCodes.Status400BadRequest, new JsonObject
        {
            ["code"] = (int)(isRequest ? McpErrorCode.InvalidParams : McpErrorCode.InvalidRequest),
            ["message"] = detail,
            ["data"] = new JsonObject { ["field"] = field },
        });
    }

    private static IResult ErrorOf(string message, McpErrorCode code) => Error(
        id: null, StatusCodes.Status400BadRequest, new JsonObject { ["code"] = (int)code, ["message"] = message });

    private static IResult Error(JsonNode? id, int status, JsonObject error) => TypedResults.Text(
        new JsonObject { ["jsonrpc"] = "2.0", ["id"] = id, ["error"] = error }.ToJsonString(), "application/json", statusCode: status);
}
