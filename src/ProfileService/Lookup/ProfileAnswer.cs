using System.Buffers;
using System.Globalization;
using ProfileService.Model;

namespace ProfileService.Lookup;

/// <summary>200 with a profile: as JSON, or its vector as bytes.</summary>
internal sealed class ProfileAnswer(ReadProfile read, ProfileJson json, DateTimeOffset now) : IResult
{
    // The head comes first, so that the body need not be moved behind it; the server sends both at once.
    public Task ExecuteAsync(HttpContext httpContext) =>
        BinaryProfiles.AreWanted(httpContext.Request) ? WriteVectorAsync(httpContext.Response) : WriteJsonAsync(httpContext.Response);

    private async Task WriteVectorAsync(HttpResponse response)
    {
        var vector = read.Known!.Profile.Vector;
        response.ContentType = BinaryProfiles.ContentType;
        response.ContentLength = vector.Length;
        BinaryProfiles.SetHeaders(response.Headers, read, now);
        await response.StartAsync();
        response.BodyWriter.Write(vector);
    }

    private async Task WriteJsonAsync(HttpResponse response)
    {
        var (start, end) = (json.Start(read.Known!), ProfileJson.End(read, now));
        response.ContentType = ProfileJson.ContentType;
        response.ContentLength = start.Length + end.Length;
        await response.StartAsync();
        response.BodyWriter.Write(start);
        response.BodyWriter.Write(end);
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
    public async Task ExecuteAsync(HttpContext httpContext)
    {
        var response = httpContext.Response;
        response.ContentType = BinaryProfiles.ContentType;
        response.ContentLength = (long)reads.Count * model.Dimension * sizeof(float);
        response.Headers["X-Profile-Model"] = model.Id;
        response.Headers["X-Profile-Dimension"] = model.Dimension.ToString(CultureInfo.InvariantCulture);
        response.Headers["X-Profile-Count"] = reads.Count.ToString(CultureInfo.InvariantCulture);
        await response.StartAsync(httpContext.RequestAborted);
        await BinaryProfiles.WriteMatrixAsync(response.BodyWriter, reads, model.Dimension, httpContext.RequestAborted);
    }
}
