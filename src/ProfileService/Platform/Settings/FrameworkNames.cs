namespace ProfileService.Platform.Settings;

/// <summary>Names of settings that the web server, the host, logging and telemetry read.</summary>
internal static class FrameworkNames
{
    private const string Any = "*";
    private const int MaxSuggestionDistance = 3; // letters

    private static readonly string[] Patterns =
    [
        // The host, as --name or ASPNETCORE_NAME
        "AllowedHosts", "urls", "http_ports", "https_ports", "https_port", "environment", "applicationName", "contentRoot", "webroot",
        "detailedErrors", "captureStartupErrors", "suppressStatusMessages", "preferHostingUrls",
        "startupAssembly", "hostingStartupAssemblies", "hostingStartupExcludeAssemblies", "preventHostingStartup",
        "forwardedHeaders_enabled", "hostBuilder:reloadConfigOnChange", "$schema",
        // Logging
        "Logging:LogLevel:*", "Logging:Console:LogLevel:*", "Logging:Debug:LogLevel:*", "Logging:EventSource:LogLevel:*",
        "Logging:EventLog:LogLevel:*", "Logging:Console:FormatterName", "Logging:Console:LogToStandardErrorThreshold",
        "Logging:Console:MaxQueueLength", "Logging:Console:QueueFullMode", "Logging:Console:FormatterOptions:IncludeScopes",
        "Logging:Console:FormatterOptions:SingleLine", "Logging:Console:FormatterOptions:ColorBehavior",
        "Logging:Console:FormatterOptions:TimestampFormat", "Logging:Console:FormatterOptions:UseUtcTimestamp",
        "Logging:Console:FormatterOptions:JsonWriterOptions:*",
        // Addresses and certificates
        "Kestrel:Endpoints:*:Url", "Kestrel:Endpoints:*:Protocols", "Kestrel:Endpoints:*:SslProtocols",
        "Kestrel:Endpoints:*:SslProtocols:*", "Kestrel:Endpoints:*:ClientCertificateMode", "Kestrel:Endpoints:*:Certificate:*",
        "Kestrel:Endpoints:*:Sni:*:Certificate:*", "Kestrel:Endpoints:*:Sni:*:Protocols", "Kestrel:Endpoints:*:Sni:*:SslProtocols:*",
        "Kestrel:Endpoints:*:Sni:*:ClientCertificateMode", "Kestrel:Certificates:*:Path", "Kestrel:Certificates:*:KeyPath",
        "Kestrel:Certificates:*:Password", "Kestrel:Certificates:*:Subject", "Kestrel:Certificates:*:Store",
        "Kestrel:Certificates:*:Location", "Kestrel:Certificates:*:AllowInvalid", "Kestrel:EndpointDefaults:Protocols",
        "Kestrel:EndpointDefaults:SslProtocols:*", "Kestrel:EndpointDefaults:ClientCertificateMode",
        // Telemetry; other OTEL_ variables may be meant for another program
        "OTEL_EXPORTER_OTLP_ENDPOINT", "OTEL_EXPORTER_OTLP_HEADERS", "OTEL_EXPORTER_OTLP_PROTOCOL", "OTEL_EXPORTER_OTLP_TIMEOUT",
        "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", "OTEL_EXPORTER_OTLP_METRICS_ENDPOINT", "OTEL_SERVICE_NAME", "OTEL_RESOURCE_ATTRIBUTES",
        "OTEL_TRACES_SAMPLER", "OTEL_TRACES_SAMPLER_ARG",
        "OTEL_METRIC_EXPORT_INTERVAL", "OTEL_METRIC_EXPORT_TIMEOUT", "OTEL_SDK_DISABLED",
    ];

    private static readonly string[][] Words = [.. Patterns.Select(p => p.Split(':'))];

    private static readonly string[] Heads = ["Kestrel", "Logging"];

    // Settings of the host that the service sets by settings of its own.
    private static readonly Dictionary<string, string> Replaced = new(StringComparer.OrdinalIgnoreCase)
    {
        ["shutdownTimeoutSeconds"] = "Hosting:DrainFor",
    };

    /// <summary>Names without a wildcard.</summary>
    public static readonly IReadOnlyList<string> Exact = [.. Patterns.Where(p => !p.Contains(Any, StringComparison.Ordinal))];

    /// <summary>Contents of the sections, as messages list them: the first two words of each name.</summary>
    public static readonly IReadOnlyList<string> Shown =
        [.. Words.Where(words => words.Length > 1).Select(words => $"{words[0]}:{words[1]}").Distinct()];

    /// <summary>Sections whose misspelt names can be told from the settings of other programs.</summary>
    public static IReadOnlyList<string> Sections => Heads;

    public static bool Has(string path) => path.Split(':') is var words && Words.Any(pattern => Matches(pattern, words));

    /// <summary>Whether the path is a section: the beginning of a longer name.</summary>
    public static bool IsSection(string path) =>
        path.Split(':') is var words && Words.Any(pattern => pattern.Length > words.Length && Matches(pattern[..words.Length], words));

    /// <summary>
    /// Whether a name is a misspelling of one of these. Used for prefixes that other programs share, to recognise names that are meant for
    /// this program.
    /// </summary>
    public static bool IsAlmost(string path) =>
        Replaced.ContainsKey(path) || (!Has(path) && Exact.Any(name => EditDistance.AreNear(path, name)));

    /// <summary>
    /// The setting that stands for this one, or the name with a wildcard that is probably meant, with the path's words for the wildcard;
    /// null if there is none.
    /// </summary>
    public static string? Nearest(string path)
    {
        if (Replaced.TryGetValue(path, out var own))
            return own;
        var words = path.Split(':');
        var (name, distance) = Words.Where(pattern => pattern.Length == words.Length && pattern.Contains(Any))
            .Select(pattern => pattern.Zip(words).ToList())
            .Select(pairs => (
                Name: string.Join(':', pairs.Select(pair => pair.First == Any ? pair.Second : pair.First)),
                Distance: pairs.Sum(pair => pair.First == Any ? 0 : EditDistance.Between(pair.First, pair.Second))))
            .OrderBy(found => found.Distance).FirstOrDefault();
        return distance <= MaxSuggestionDistance ? name : null;
    }

    private static bool Matches(string[] pattern, string[] words) =>
        pattern.Length == words.Length
        && pattern.Zip(words).All(pair => pair.First == Any || pair.First.Equals(pair.Second, StringComparison.OrdinalIgnoreCase));
}
