using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace ProfileService.Client;

/// <summary>Reads and writes the JSON of the API.</summary>
[JsonSourceGenerationOptions(
    JsonSerializerDefaults.Web,
    Converters = [typeof(WellFormedText)],
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(Access))]
[JsonSerializable(typeof(AttributesEntry))]
[JsonSerializable(typeof(BatchRanking))]
[JsonSerializable(typeof(BatchRankRequest))]
[JsonSerializable(typeof(BatchSummary))]
[JsonSerializable(typeof(ErasureReceipt))]
[JsonSerializable(typeof(ErasureRequest))]
[JsonSerializable(typeof(PurposesEntry))]
[JsonSerializable(typeof(PurposesRequest))]
[JsonSerializable(typeof(PurposesResponse))]
[JsonSerializable(typeof(Explanation))]
[JsonSerializable(typeof(ExportRequest))]
[JsonSerializable(typeof(FlowLine))]
[JsonSerializable(typeof(FoundUsers))]
[JsonSerializable(typeof(IReadOnlyDictionary<string, AttributeValue>))]
[JsonSerializable(typeof(IngestSummary))]
[JsonSerializable(typeof(CatalogueItem))]
[JsonSerializable(typeof(CategoryCounts))]
[JsonSerializable(typeof(ItemBody))]
[JsonSerializable(typeof(ItemChanges))]
[JsonSerializable(typeof(ItemPage))]
[JsonSerializable(typeof(JsonElement))]
[JsonSerializable(typeof(JsonObject))]
[JsonSerializable(typeof(LookupRequest))]
[JsonSerializable(typeof(MergeRequest))]
[JsonSerializable(typeof(MergeResponse))]
[JsonSerializable(typeof(PageToken))]
[JsonSerializable(typeof(PopularItems))]
[JsonSerializable(typeof(Predictions))]
[JsonSerializable(typeof(Problem))]
[JsonSerializable(typeof(ProfileLookup))]
[JsonSerializable(typeof(RankedItems))]
[JsonSerializable(typeof(RankRequest))]
[JsonSerializable(typeof(RecommendationRequest))]
[JsonSerializable(typeof(Recommendations))]
[JsonSerializable(typeof(ServiceHealth))]
[JsonSerializable(typeof(ServiceModels))]
[JsonSerializable(typeof(ServiceStatus))]
[JsonSerializable(typeof(SessionProfile))]
[JsonSerializable(typeof(SessionRequest))]
[JsonSerializable(typeof(SimilarItems))]
[JsonSerializable(typeof(SimilarUsers))]
[JsonSerializable(typeof(TokenRequest))]
[JsonSerializable(typeof(TrendingItems))]
[JsonSerializable(typeof(UserAttributes))]
[JsonSerializable(typeof(UserEvent))]
[JsonSerializable(typeof(UserProfile))]
[JsonSerializable(typeof(UsersOfCategory))]
[JsonSerializable(typeof(UsersOfItem))]
[JsonSerializable(typeof(UserWindow))]
internal sealed partial class ClientJson : JsonSerializerContext
{
    /// <summary>Letters are not escaped, because a body is sent to the service and not put into a page.</summary>
    public static readonly JsonWriterOptions Writer = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
}
