using System.Text.Json;
using Microsoft.AspNetCore.Http.HttpResults;
using ProfileService.Model;
using ProfileService.Sentiment;

namespace ProfileService.Host;

/// <summary><c>GET /v1/models</c>: what serves, and on what.</summary>
internal static class ModelApi
{
    public static void MapModels(this IEndpointRouteBuilder routes) =>
        routes.MapGet("/v1/models", GetModels)
            .WithTags("Models")
            .WithSummary("The active model")
            .WithDescription("""
                The model that computes profiles, and the execution provider that it really runs on; the model that scores texts.
                503 from a process whose package is not the active one; the detail names both.
                """)
            .ProducesProblem(StatusCodes.Status503ServiceUnavailable);

    private static Ok<ModelsResponse> GetModels(ModelSlot slot, ModelRegistry registry, SentimentScorer sentiment)
    {
        registry.ThrowUnlessOwn();
        return TypedResults.Ok(ModelsResponse.From(slot.Current, sentiment.Model));
    }
}

/// <summary>The models of this service.</summary>
/// <param name="Active">The model that computes profiles.</param>
/// <param name="Sentiment">Name and version of the model that scores texts; left out where sentiment is switched off.</param>
internal sealed record ModelsResponse(ModelResponse Active, string? Sentiment)
{
    public static ModelsResponse From(ActiveModel active, string? sentiment = null) => new(new ModelResponse(
        active.Manifest.Id, active.Manifest.Name, active.Manifest.Version, active.Manifest.Dimension, active.Manifest.MaxEvents,
        active.Provider.ToString(), active.Encoder.ContentDimension, active.Items?.Count ?? 0, active.Manifest.Metrics), sentiment);
}

/// <summary>One model.</summary>
/// <param name="Model">Name and version, as in a profile.</param>
/// <param name="Dimension">Length of its vectors.</param>
/// <param name="MaxEvents">Longest window that it reads.</param>
/// <param name="Provider">What it really runs on: Cpu or Cuda.</param>
/// <param name="ContentDimension">Numbers of the content vectors of items that it takes; 0 where it takes none.</param>
/// <param name="ItemVectors">Items that it can recommend; 0 where its package has no item vectors.</param>
/// <param name="Metrics">Training metrics, as the package's manifest gives them.</param>
internal sealed record ModelResponse(
    string Model, string Name, string Version, int Dimension, int MaxEvents, string Provider, int ContentDimension, int ItemVectors, JsonElement? Metrics);
