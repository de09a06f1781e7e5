using System.Globalization;
using ProfileService.Model;
using ProfileService.Platform;

namespace ProfileService.Lookup;

/// <summary>200 with a profile: as JSON, or its vector as bytes.</summary>
internal sealed class ProfileAnswer(ReadProfile read, ProfileJson json, DateTimeOffset now) : IResult
{
    public Task ExecuteAsync(HttpContext httpContext) =>
        BinaryProfiles.AreWanted(httpContext.Request) ? WriteVectorAsync(httpContext) : WriteJsonAsync(httpContext);

    private Task WriteVectorAsync(HttpContext context)
    {
        var vector = read.Known!.Profile.Vector;
        BinaryProfiles.SetHeaders(context.Response.Headers, read, now);
        return context.Response.SendAsync(BinaryProfiles.ContentType, vector.Length, [vector], context.RequestAborted);
    }

    private Task WriteJsonAsync(HttpContext context)
    {
        var (start, end) = (json.Start(read.Known!), ProfileJson.End(read, now));
        return context.Response.SendAsync(ProfileJson.ContentType, start.Length + end.Length, [start, end], context.RequestAborted);
    }
}

/// <summary>304.</summary>
internal sealed class NotModified : IResult
{
    public static readonly NotModified Answer = new();

    public Task ExecuteAsync(HttpContext httpContext)
    {
        httpContext.Response.StatusCode = StatusCodes.Status304NotModified;
        return Task.CompletedTask;
    }
}

/// <summary>200 with the profiles of many users and the ids that have none, as JSON.</summary>
internal sealed class ProfilesAnswer(IReadOnlyList<string> userIds, IReadOnlyList<ReadProfile> reads, ProfileJson json, DateTimeOffset now) : IResult
{
    public Task ExecuteAsync(HttpContext httpContext) =>
        httpContext.Response.SendAsync(ProfileJson.ContentType, null, json.Parts(userIds, reads, now), httpContext.RequestAborted);
}

/// <summary>200 with the vectors of many users as bytes.</summary>
internal sealed class ProfileMatrix(IReadOnlyList<ReadProfile> reads, string model, int dimension) : IResult
{
    /// <param name="dimension">Of the vectors where nobody has one.</param>
    public static ProfileMatrix Of(IReadOnlyList<ReadProfile> reads, ModelRegistry registry, int dimension)
    {
        var profile = reads.FirstOrDefault(r => r.Known is not null).Known?.Profile; // the active model may be another since it was read
        return new ProfileMatrix(reads, profile?.Model ?? registry.Active.Id, profile?.Vector.Length / sizeof(float) ?? dimension);
    }

    public Task ExecuteAsync(HttpContext httpContext)
    {
        var response = httpContext.Response;
        if (reads.Count(r => r is { Known: null, IsUnsure: true }) is > 0 and var unavailable)
            response.Headers["X-Profile-Unavailable"] = unavailable.ToString(CultureInfo.InvariantCulture);
        response.Headers["X-Profile-Model"] = model;
        response.Headers["X-Profile-Dimension"] = dimension.ToString(CultureInfo.InvariantCulture);
        response.Headers["X-Profile-Count"] = reads.Count.ToString(CultureInfo.InvariantCulture);
        return response.SendAsync(
            BinaryProfiles.ContentType, (long)reads.Count * dimension * sizeof(float), BinaryProfiles.Rows(reads, dimension), httpContext.RequestAborted);
    }
}
