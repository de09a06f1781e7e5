using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.AspNetCore.Mvc.ApiExplorer;
using Microsoft.OpenApi;
using Swashbuckle.AspNetCore.SwaggerGen;

namespace ProfileService.Host.OpenApi;

/// <summary>The tags in reading order, with their descriptions.</summary>
internal sealed class TagFilter : IDocumentFilter
{
    private static readonly OpenApiTag[] Tags =
    [
        new() { Name = "Events", Description = "What users did. Events are all that a profile needs." },
        new() { Name = "Profiles", Description = "The vectors and the readable dimensions of users, and the events behind them." },
        new() { Name = "Recommendations", Description = "What fits a user, what comes next, and who is like that." },
        new() { Name = "Attributes", Description = "What is known of a user beside the events." },
        new() { Name = "Items", Description = "What items are, and how many users met them." },
        new() { Name = "Privacy", Description = "What a person may ask for: erasure, a copy of all data, purposes. And data to train on." },
        new() { Name = "Service", Description = "What the service does, and with which models." },
    ];

    /// <summary>Sort key of an operation. Operations with the same tag stay in the order in which they are mapped.</summary>
    /// <exception cref="InvalidOperationException">The tag has no description here.</exception>
    public static string OrderOf(ApiDescription route)
    {
        var name = route.ActionDescriptor.EndpointMetadata.OfType<ITagsMetadata>().Last().Tags[0];
        var place = Array.FindIndex(Tags, tag => tag.Name == name);
        return place >= 0 ? $"{place}" : throw new InvalidOperationException($"The tag {name} of {route.RelativePath} has no description.");
    }

    public void Apply(OpenApiDocument swaggerDoc, DocumentFilterContext context) => swaggerDoc.Tags = Tags.ToHashSet();
}
