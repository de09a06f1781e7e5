using System.Text;

namespace ProfileService.TestServers.Fuzz;

/// <summary>What is no HTTP, or nearly: each ends its connection, for nobody can tell where the next request would begin.</summary>
internal static class BrokenHttp
{
    private static readonly string[] Heads =
    [
        "GET /v1/status\r\n\r\n", "GET /v1/status HTTP/1.0\r\n\r\n", "GET /v1/status HTTP/2.7\r\nHost: HOST\r\n\r\n",
        "GET  /v1/status HTTP/1.1\r\nHost: HOST\r\n\r\n", "\r\n\r\n\r\n",
        "GET /v1/status HTTP/1.1\r\n\r\n", "GET /v1/status HTTP/1.1\r\nHost: HOST\r\nHost: HOST\r\n\r\n",
        "GET /v1/status HTTP/1.1\r\nHost: HOST\r\nA B: c\r\n\r\n",
        "GET /v1/status HTTP/1.1\r\nHost: HOST\r\n folded\r\n\r\n", "GET /\u0001 HTTP/1.1\r\nHost: HOST\r\n\r\n",
        "GET /é HTTP/1.1\r\nHost: HOST\r\n\r\n", "GET /%00 HTTP/1.1\r\nHost: HOST\r\n\r\n",
        "GET http://HOST/v1/status HTTP/1.1\r\nHost: HOST\r\n\r\n", "CONNECT HOST HTTP/1.1\r\nHost: HOST\r\n\r\n",
        "OPTIONS * HTTP/1.1\r\nHost: HOST\r\n\r\n",
        "POST /v1/events HTTP/1.1\r\nHost: HOST\r\nContent-Type: application/json\r\nContent-Length: -1\r\n\r\n",
        "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
        "POST /v1/events HTTP/1.1\r\nHost: HOST\r\nContent-Type: application/json\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\n[{}]   ",
        "POST /v1/events HTTP/1.1\r\nHost: HOST\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n[",
        "POST /v1/events HTTP/1.1\r\nHost: HOST\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n[]\r\n0\r\n\r\n",
        "POST /v1/items HTTP/1.1\r\nHost: HOST\r\nContent-Type: application/x-ndjson\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n[]",
        "POST /v1/events HTTP/1.1\r\nHost: HOST\r\nContent-Type: application/json\r\nTransfer-Encoding: gzip\r\n\r\n[]",
        "POST /v1/profiles/lookup HTTP/1.1\r\nHost: HOST\r\nTransfer-Encoding: chunked\r\nContent-Length: 3\r\n\r\n0\r\n\r\n",
    ];

    public static FuzzRequest Draw(string host, Drawn drawn)
    {
        var head = drawn.Below(Heads.Length + 3) switch
        {
            0 => $"GET /v1/status HTTP/1.1\r\nHost: {host}\r\nX-Long: {new string('x', 40_000)}\r\n\r\n",
            1 => $"GET /{new string('x', 9_000)} HTTP/1.1\r\nHost: {host}\r\n\r\n",
            2 => $"GET /v1/status HTTP/1.1\r\nHost: {host}\r\n{string.Concat(Enumerable.Repeat("X: 1\r\n", 120))}\r\n",
            var one => Heads[one - 3].Replace("HOST", host, StringComparison.Ordinal),
        };
        var bytes = Encoding.UTF8.GetBytes(head);
        if (drawn.OnceIn(4))
            drawn.Fill(bytes.AsSpan(drawn.Below(bytes.Length), 1));
        return new FuzzRequest(bytes, HasNoBody: head.StartsWith("HEAD", StringComparison.Ordinal), MayBeRefused: true, IsLast: true);
    }
}
