using System.Buffers;
using System.Text;
using System.Text.Json;
using Confluent.Kafka;
using ProfileService.Intake;
using ProfileService.Purposes;

namespace ProfileService.Kafka;

/// <summary>
/// Tells whether a message may name a user of whom nothing may be stored. A message that breaks a rule may say in a wrong field whose it
/// is, so every text in it counts: if one of them is the id of such a user, the message names the user.
/// </summary>
internal sealed class RefusedUsers(ProfileRefusal refusal)
{
    public bool MayBeIn(Message<byte[]?, byte[]?> message) =>
        !refusal.CoversNobody
        && (IsOne(message.Key) || message.Headers.Any(header => IsOne(header.GetValueBytes())) || MayBeIn(message.Value));

    // Broken UTF-8 is the id of nobody, but a client may have made an id of it in this way.
    private bool IsOne(byte[]? text) => text is not null && refusal.Covers(Encoding.UTF8.GetString(text));

    private bool MayBeIn(byte[]? value)
    {
        var json = JsonText.Reader(Utf8Bom.Skip(new ReadOnlySequence<byte>(value ?? [])));
        try
        {
            while (json.Read())
            {
                if (TextOf(ref json) is { } text && refusal.Covers(text))
                    return true;
            }

            return false;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException) // the latter for text that is no Unicode
        {
            // Of JSON that breaks off nobody can tell whom it would have named. What is no JSON from its start on names nobody.
            return json.TokenType != JsonTokenType.None || IsOne(value);
        }
    }

    private static string? TextOf(ref Utf8JsonReader json) => json.TokenType switch
    {
        JsonTokenType.PropertyName or JsonTokenType.String => json.GetString(),
        JsonTokenType.Number => Encoding.UTF8.GetString(json.ValueSpan),
        _ => null,
    };
}
