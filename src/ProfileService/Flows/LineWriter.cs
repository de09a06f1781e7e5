using System.Buffers;
using System.Buffers.Binary;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace ProfileService.Flows;

/// <summary>Writes lines of JSON into the server's own buffers.</summary>
internal sealed class LineWriter(IBufferWriter<byte> output, JavaScriptEncoder? encoder, VectorForm form) : IDisposable
{
    private readonly Utf8JsonWriter _json = new(output, new JsonWriterOptions { Encoder = encoder, SkipValidation = true });

    /// <summary>Writes a <see cref="ProfileChange"/>, without the end of its line.</summary>
    public void Write(FoundChange change)
    {
        _json.Reset();
        _json.WriteStartObject();
        if (change.UserId is not null)
            _json.WriteString("userId"u8, change.UserId);
        _json.WriteString("pseudonym"u8, change.Pseudonym);
        if (change.Model is not null)
            _json.WriteString("model"u8, change.Model);
        if (change.Revision is { } revision)
            _json.WriteNumber("revision"u8, revision);
        if (change.ComputedAt is { } computedAt)
            _json.WriteString("computedAt"u8, computedAt);
        WriteVector(change.Vector);
        if (change.IsDeletion)
            _json.WriteBoolean("deleted"u8, true);
        End();
    }

    /// <summary>Writes the line after which a reader goes on at the cursor.</summary>
    public void Write(ChangeCursor cursor)
    {
        _json.Reset();
        _json.WriteStartObject();
        _json.WriteString("cursor"u8, cursor.ToString());
        End();
    }

    /// <summary>Writes a profile of an export.</summary>
    public void Write(ExportedRow row, string pseudonym)
    {
        _json.Reset();
        _json.WriteStartObject();
        _json.WriteString("userId"u8, row.UserId);
        _json.WriteString("pseudonym"u8, pseudonym);
        _json.WriteNumber("revision"u8, row.Revision);
        _json.WriteString("computedAt"u8, row.ComputedAt);
        WriteVector(row.Vector);
        End();
    }

    /// <summary>Writes any other line.</summary>
    public void Write<T>(T line, JsonSerializerOptions options)
    {
        _json.Reset();
        JsonSerializer.Serialize(_json, line, options);
        _json.Flush();
    }

    public void EndLine() => output.Write("\n"u8);

    public void Dispose() => _json.Dispose();

    private void End()
    {
        _json.WriteEndObject();
        _json.Flush();
    }

    private void WriteVector(byte[]? vector)
    {
        if (vector is null || form == VectorForm.None)
            return;
        if (form == VectorForm.Base64)
        {
            _json.WriteBase64String("vector"u8, vector);
            return;
        }

        _json.WriteStartArray("vector"u8);
        for (var at = 0; at < vector.Length; at += sizeof(float))
            _json.WriteNumberValue(BinaryPrimitives.ReadSingleLittleEndian(vector.AsSpan(at)));
        _json.WriteEndArray();
    }
}
