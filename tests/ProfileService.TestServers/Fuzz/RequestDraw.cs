using System.Globalization;
using System.Text;
using System.Text.Json;

namespace ProfileService.TestServers.Fuzz;

/// <summary>Whole requests: a route of the document, its path, query, headers and body; now and then another route, method or no HTTP at
/// all.</summary>
internal sealed class RequestDraw(JsonElement document, string host, Drawn drawn)
{
    private static readonly string[] OtherPaths =
    [
        "/", "/index.html", "/health/live", "/health/ready", "/swagger", "/swagger/index.html", "/v1", "/v1/", "/v2/events", "/v1/users/",
        "/v1/users//profile", "/console/icon.svg", "/favicon.ico",
        "/v1/users/%2e%2e/profile", "/v1/users/a%2Fb/profile", "/v1/users/%ff/profile", "/../etc/passwd", "/v1/events/", "//v1/events",
        "/metrics",
    ];

    private static readonly string[] OtherMethods = ["GET", "HEAD", "OPTIONS", "DELETE", "PATCH", "PUT", "POST", "TRACE", "PROPFIND"];

    private const int MaxRequestLine = 8_192; // bytes; Kestrel refuses a longer one

    private readonly IReadOnlyList<Operation> _operations = Operation.In(document);
    private readonly BodyDraw _bodies = new(document, drawn);
    private readonly HeaderDraw _headers = new(host, drawn);
    private readonly StringBuilder _head = new();

    public FuzzRequest Next() => drawn.OnceIn(60) ? BrokenHttp.Draw(host, drawn) : Draw(drawn.OneOf(_operations));

    private FuzzRequest Draw(Operation operation)
    {
        var method = drawn.OnceIn(40) ? drawn.OneOf(OtherMethods) : operation.Method;
        var odd = false;
        _head.Clear().Append(method).Append(' ');
        _head.Append(drawn.OnceIn(40) ? drawn.OneOf(OtherPaths) : Path(operation.Path, ref odd));
        WriteQuery(operation.Queries);
        _head.Append(" HTTP/1.1\r\n");
        odd |= _head.Length > MaxRequestLine;
        var body = operation.Bodies.Count > 0 && method is not ("GET" or "HEAD" or "TRACE") ? drawn.OneOf(operation.Bodies) : null;
        var bytes = body is null ? null : _bodies.Draw(body);
        _headers.Write(_head, body, ref bytes, ref odd, out var last);
        return new FuzzRequest([.. Encoding.UTF8.GetBytes(_head.ToString()), .. bytes ?? []], method == "HEAD", odd, last || odd);
    }

    private string Path(string template, ref bool odd)
    {
        var path = template;
        while (path.IndexOf('{', StringComparison.Ordinal) is >= 0 and var start)
        {
            var id = drawn.Id();
            odd |= id.Contains('\0', StringComparison.Ordinal); // Kestrel refuses a path with it
            path = $"{path[..start]}{Uri.EscapeDataString(id)}{path[(path.IndexOf('}', StringComparison.Ordinal) + 1)..]}";
        }
        return path;
    }

    private void WriteQuery(IReadOnlyList<Parameter> parameters)
    {
        var mark = '?';
        foreach (var parameter in parameters.Where(_ => drawn.OnceIn(3)))
        {
            for (var i = drawn.OnceIn(20) ? 2 : 1; i > 0; i--, mark = '&')
                _head.Append(mark).Append(parameter.Name).Append('=').Append(Uri.EscapeDataString(Value(parameter.Schema)));
        }
        if (drawn.OnceIn(25))
            _head.Append(mark).Append(CultureInfo.InvariantCulture, $"unknown={drawn.Below(9)}");
    }

    private string Value(JsonElement schema) => drawn.OnceIn(5) ? drawn.OddText() : schema.GetProperty("type").GetString() switch
    {
        "boolean" => drawn.OnceIn(2) ? "true" : "false",
        "integer" or "number" => drawn.Number(),
        _ => drawn.Id(),
    };
}
