using System.Buffers.Binary;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Http.HttpResults;
using ProfileService.Model;
using ProfileService.Platform;

namespace ProfileService.Lookup;

/// <summary>
/// A <see cref="PagePosition"/> as text, for the field <c>after</c>. It says for which model, whom and which request it was made, so that a
/// page of another list is not taken for the next one.
/// </summary>
internal static class RecommendationCursor
{
    /// <summary>Characters of a cursor behind an item with the longest id.</summary>
    public const int MaxLength = 544;

    public const string Field = "after";

    // base64url of: layout (1 byte), hash of the model (4), of the request (4), score (4), taken (4), pool (2), the item's id
    private const byte Layout = 1;
    private const int ModelAt = 1;
    private const int RequestAt = ModelAt + sizeof(uint);
    private const int ScoreAt = RequestAt + sizeof(uint);
    private const int TakenAt = ScoreAt + sizeof(float);
    private const int PoolAt = TakenAt + sizeof(int);
    private const int ItemAt = PoolAt + sizeof(ushort);
    private const int MaxBytes = MaxLength / 4 * 3;

    /// <param name="owner">See <see cref="OfUser"/>.</param>
    public static string Text(PagePosition position, ModelStamp model, string owner, RecommendationRequest request)
    {
        Span<byte> bytes = stackalloc byte[MaxBytes];
        bytes[0] = Layout;
        BinaryPrimitives.WriteUInt32LittleEndian(bytes[ModelAt..], HashOf(model));
        BinaryPrimitives.WriteUInt32LittleEndian(bytes[RequestAt..], HashOf(owner, request));
        BinaryPrimitives.WriteSingleLittleEndian(bytes[ScoreAt..], position.Score);
        BinaryPrimitives.WriteInt32LittleEndian(bytes[TakenAt..], position.Taken);
        BinaryPrimitives.WriteUInt16LittleEndian(bytes[PoolAt..], (ushort)position.Pool);
        return Base64Text.Of(bytes[..(ItemAt + Encoding.UTF8.GetBytes(position.ItemId, bytes[ItemAt..]))]);
    }

    /// <summary>Where the page begins; null and the answer if the cursor is not of the list that is asked for.</summary>
    /// <param name="owner">See <see cref="OfUser"/>.</param>
    /// <param name="field">The cursor's field in the body, for the answer.</param>
    public static PagePosition? Read(
        RecommendationRequest request, ModelStamp model, string owner, out ProblemHttpResult? problem, string field = Field)
    {
        problem = null;
        if (request.After is not { } text)
            return PagePosition.Start;
        Span<byte> room = stackalloc byte[MaxBytes];
        var bytes = Base64Text.Read(text, room);
        var position = PositionOf(bytes);
        problem = position is null ? Unreadable(field)
            : BinaryPrimitives.ReadUInt32LittleEndian(bytes[ModelAt..]) != HashOf(model) ? OtherModel(field)
            : BinaryPrimitives.ReadUInt32LittleEndian(bytes[RequestAt..]) != HashOf(owner, request) ? OtherRequest(field)
            : null;
        return problem is null ? position : null;
    }

    /// <summary>Whose list it is.</summary>
    public static string OfUser(string userId) => $"user {userId}";

    public static string OfSession(string userId) => $"session {userId}";

    private static PagePosition? PositionOf(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length < ItemAt || bytes[0] != Layout)
            return null;
        var taken = BinaryPrimitives.ReadInt32LittleEndian(bytes[TakenAt..]);
        var pool = BinaryPrimitives.ReadUInt16LittleEndian(bytes[PoolAt..]);
        return taken < 0 || taken > pool || pool > DiverseItems.MaxCandidates
            ? null
            : new PagePosition(
                BinaryPrimitives.ReadSingleLittleEndian(bytes[ScoreAt..]), Encoding.UTF8.GetString(bytes[ItemAt..]), taken, pool);
    }

    private static uint HashOf(ModelStamp model) => (uint)StableHash.Of(model.ToString());

    /// <summary>Of all that decides which items are in the list, and in which order.</summary>
    private static uint HashOf(string owner, RecommendationRequest request) => (uint)StableHash.Of(
    [
        .. Encoding.UTF8.GetBytes(owner),
        .. JsonSerializer.SerializeToUtf8Bytes(request with
        {
            Count = QueryLimits.DefaultCount,
            Filter = request.FilterOrNone() with { Categories = CategoryNames.Single(request.Filter?.Categories) },
            Fallback = RecommendationWords.None,
            After = null,
        }),
    ]);

    private static ProblemHttpResult Unreadable(string field) => Problems.Bad(
        "invalid_cursor", field, $"{field} is not a cursor. Take it as it was answered with; leave it out to begin with the best items.");

    private static ProblemHttpResult OtherRequest(string field) => Problems.Bad(
        "other_request",
        field,
        $"{field} is of another user, or of a request with other fields. "
        + "Send all fields as for the first page; only count and fallback may differ.");

    private static ProblemHttpResult OtherModel(string field) => Problems.Of(
        StatusCodes.Status410Gone,
        "cursor_unknown",
        $"{field} is of a list by another model than the one that is active now. Leave it out to begin with the best items.",
        field);
}
