using System.Globalization;
using ProfileService.Model;

namespace ProfileService.Lookup;

/// <summary>200 with a profile: as JSON, or its vector as bytes.</summary>
internal sealed class ProfileAnswer(ReadProfile read, ProfileJson json, DateTimeOffset now) : IResult
{
    public Task ExecuteAsync(HttpContext httpContext)
    {
        var response = httpContext.Response;
        if (BinaryProfiles.AreWanted(httpContext.Request))
        {
            response.ContentType = BinaryProfiles.ContentType;
            BinaryProfiles.SetHeaders(response.Headers, read, now);
            response.ContentLength = BinaryProfiles.Write(response.BodyWriter, read);
        }
        else
        {
            response.ContentType = ProfileJson.ContentType;
            response.ContentLength = json.Write(response.BodyWriter, read, now);
        }

        return Task.CompletedTask; // the server sends it, head and body at once
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
    public Task ExecuteAsync(HttpContext httpContext)
    {
        httpContext.Response.ContentType = ProfileJson.ContentType;
        return json.WriteAsync(httpContext.Response.BodyWriter, userIds, reads, now, httpContext.RequestAborted);
    }
}

/// <summary>200 with the vectors of many users as bytes.</summary>
internal sealed class ProfileMatrix(IReadOnlyList<ReadProfile> reads, ModelManifest model) : IResult
{
    public Task ExecuteAsync(HttpContext httpContext)
    {
        var response = httpContext.Response;
        response.ContentType = BinaryProfiles.ContentType;
        response.ContentLength = (long)reads.Count * model.Dimension * sizeof(float);
        response.Headers["X-Profile-Model"] = model.Id;
        response.Headers["X-Profile-Dimension"] = model.Dimension.ToString(CultureInfo.InvariantCulture);
        response.Headers["X-Profile-Count"] = reads.Count.ToString(CultureInfo.InvariantCulture);
        return BinaryProfiles.WriteMatrixAsync(response.BodyWriter, reads, model.Dimension, httpContext.RequestAborted);
    }
}
