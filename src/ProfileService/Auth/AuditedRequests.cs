using System.Diagnostics;
using System.Reflection;
using System.Text.Json;
using Microsoft.AspNetCore.Http.HttpResults;
using ProfileService.Audit;
using ProfileService.Platform;

namespace ProfileService.Auth;

/// <summary>
/// Writes to the audit log what must stand there: every refusal, and every use of a scope that shows or changes what people would not want
/// strangers to see. Other requests are counted by the metrics alone.
/// </summary>
internal sealed class AuditedRequests(AuditLog log, UserHash hashes, TimeProvider time, KeyRing? ring = null)
{
    private const string Unknown = "unknown";
    private const string UserId = "userId";
    private static readonly string[] Audited = [Scopes.RawRead, Scopes.Privacy, Scopes.Admin];

    /// <summary>Whether the use of the route is written down, and not only its refusal.</summary>
    public static bool Includes(HttpContext context) => context.GetEndpoint() is { } endpoint
        && (endpoint.Metadata.GetMetadata<AuditedRoute>() is not null
            || endpoint.Metadata.GetOrderedMetadata<ScopeRequirement>().Any(
                r => Audited.Contains(r.Scope) && r.AppliesTo(context.Request)));

    /// <summary>Whether no further use can be written down; then none may take place.</summary>
    public bool IsFull => log.IsFull;

    /// <summary>Writes down a request that is refused.</summary>
    public void Add(HttpContext context, int status)
    {
        RouteIds.Correct(context); // the id is still as it was sent, because refusals come before the rules of requests
        foreach (var entry in EntriesOf(context, status))
            log.Add(entry);
    }

    /// <summary>Writes down a request; one that is about users whom its body names, once for each of them.</summary>
    public Task AddAsync(HttpContext context, int status) => log.AddAsync(EntriesOf(context, status));

    /// <summary>Writes down a request that failed, when it is answered: whoever handles the failure decides with which status.</summary>
    public void AddFailed(HttpContext context)
    {
        var entries = EntriesOf(context, StatusCodes.Status500InternalServerError); // now: the handler takes endpoint and route values away
        var isCutOff = context.Response.HasStarted; // then its status tells of no failure
        context.Response.OnCompleted(() =>
            log.AddAsync(isCutOff ? entries : [.. entries.Select(e => e with { Status = context.Response.StatusCode })]));
    }

    /// <summary>Writes down a request that was refused before it was known whose it is.</summary>
    public void AddUnseen(HttpContext context, int status) => log.Add(EntryOf(context, "", status));

    /// <summary>Writes down users that a request has dealt with while it goes on.</summary>
    public Task AddAsync(HttpContext context, IReadOnlyList<string> userIds, int status) =>
        hashes.IsReady ? log.AddAsync([.. userIds.Select(id => EntryOf(context, hashes.Of(id), status))]) : Task.CompletedTask;

    private List<AuditEntry> EntriesOf(HttpContext context, int status)
    {
        var users = context.Features.Get<AuditedUsers>()?.Ids ?? (context.Request.RouteValues[UserId] is string user ? [user] : []);
        var named = NamesNobody(context, status) || !hashes.IsReady ? [] : users.Select(hashes.Of);
        return [.. named.DefaultIfEmpty("").Select(hash => EntryOf(context, hash, status))];
    }

    private AuditEntry EntryOf(HttpContext context, string hash, int status) => new(
        time.GetUtcNow().UtcDateTime, CallerOf(context), ActionOf(context.GetEndpoint()), hash, status, TraceOf(context));

    // A stranger may write any id, and a caller beyond its limits any number of them. Rows that differ in it could fill the log.
    private static bool NamesNobody(HttpContext context, int status) =>
        context.User is not Caller || status == StatusCodes.Status429TooManyRequests;

    // Whose key a request claims to have is only written down if there is such a key, and as what it is: a claim.
    private string CallerOf(HttpContext context) =>
        context.User is Caller caller ? caller.Rates.Id
        : ApiKey.IdOf(Credentials.Of(context.Request)) is { } id && ring?.Knows(id) == true ? $"unproven:{id}"
        : Unknown;

    private static string TraceOf(HttpContext context) => Activity.Current?.TraceId.ToString() ?? context.TraceIdentifier;

    private static string ActionOf(Endpoint? endpoint) =>
        endpoint is RouteEndpoint && endpoint.Metadata.GetMetadata<MethodInfo>() is { } method
            ? JsonNamingPolicy.CamelCase.ConvertName(method.Name)
            : Unknown;
}

internal static class AuditedRequestsSetup
{
    private static ProblemHttpResult Full(HttpContext context) => Problems.Unavailable(
        context, "The audit log cannot be written, and this request must stand in it. Try again.", "audit_unavailable");

    /// <summary>Must follow the authorization, which writes down its own refusals.</summary>
    public static IApplicationBuilder UseAudit(this IApplicationBuilder app)
    {
        var audited = app.ApplicationServices.GetRequiredService<AuditedRequests>();
        return app.Use(next => async context =>
        {
            if (!AuditedRequests.Includes(context))
            {
                await next(context);
                return;
            }

            if (audited.IsFull)
            {
                await Full(context).ExecuteAsync(context);
                return;
            }

            context.Features.Set(new AuditedStream((users, status) => audited.AddAsync(context, users, status)));
            try
            {
                await next(context);
            }
            catch
            {
                audited.AddFailed(context);
                throw;
            }

            await audited.AddAsync(context, context.Response.StatusCode);
        });
    }
}
