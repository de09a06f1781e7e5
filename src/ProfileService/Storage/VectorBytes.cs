using System.Buffers.Binary;

namespace ProfileService.Storage;

/// <summary>Vectors as they are stored and sent: float32, little-endian on every machine.</summary>
internal static class VectorBytes
{
    public static byte[] From(ReadOnlySpan<float> vector)
    {
        var bytes = new byte[sizeof(float) * vector.Length];
        for (var i = 0; i < vector.Length; i++)
            BinaryPrimitives.WriteSingleLittleEndian(bytes.AsSpan(sizeof(float) * i), vector[i]);
        return bytes;
    }

    /// <summary>Whether a vector is zero: the model knows nothing of the user, and the vector cannot be compared.</summary>
    public static bool AreZero(ReadOnlySpan<byte> bytes) => !bytes.ContainsAnyExcept((byte)0);

    /// <summary>Whether all numbers are finite. Of a profile by another build or package some may not be; it counts as missing.</summary>
    public static bool AreFinite(ReadOnlySpan<byte> bytes)
    {
        for (var at = 0; at + sizeof(float) <= bytes.Length; at += sizeof(float))
        {
            if (!float.IsFinite(BinaryPrimitives.ReadSingleLittleEndian(bytes[at..])))
                return false;
        }

        return true;
    }

    public static float[] ToFloats(ReadOnlySpan<byte> bytes)
    {
        var vector = new float[bytes.Length / sizeof(float)];
        for (var i = 0; i < vector.Length; i++)
            vector[i] = BinaryPrimitives.ReadSingleLittleEndian(bytes[(sizeof(float) * i)..]);
        return vector;
    }
}
