using System.Collections.Concurrent;
using System.Runtime.InteropServices;
using ProfileService.Model;
using ProfileService.Storage;

namespace ProfileService.Similar;

/// <summary>
/// The vectors of one model by user. A search compares them one by one, and they may change meanwhile: vectors lie in chunks, and a search
/// locks one chunk at a time, for about 10 microseconds.
/// </summary>
internal sealed class FlatIndex(int dimension)
{
    private const int RowsPerChunk = 1_024;

    private readonly ConcurrentDictionary<string, int> _rows = new(StringComparer.Ordinal);
    private readonly Lock _adding = new();
    private readonly Stack<int> _free = []; // rows of users that were removed
    private volatile Chunk[] _chunks = [];
    private int _used; // rows, free ones included
    private int _count;

    public int Count => Volatile.Read(ref _count);

    /// <summary>Stores the vector unless a newer revision of the user's is already stored. A vector of another length is ignored.</summary>
    public void Set(string userId, long revision, ReadOnlySpan<byte> vector)
    {
        if (vector.Length != dimension * sizeof(float))
            return;
        while (!TrySet(userId, revision, vector))
        {
        }
    }

    /// <summary>
    /// Returns the users whose vectors have the greatest dot product with this one, without the user itself: the greatest first, ties in
    /// the order of ids.
    /// </summary>
    /// <param name="vector">[D]</param>
    /// <param name="count">At least 1.</param>
    /// <param name="isAllowed">Whether a user may be found. Asked only of those that are among the best so far.</param>
    public IReadOnlyList<SimilarUser> Find(string userId, ReadOnlySpan<float> vector, int count, Func<string, bool>? isAllowed = null)
    {
        var chunks = _chunks;
        var ids = new Dictionary<int, string>(); // as first read: a row may be given to another user before the search ends
        var best = new BestRows(
            count,
            (x, y) => string.CompareOrdinal(IdOf(x), IdOf(y)),
            row => IdOf(row) != userId && isAllowed?.Invoke(IdOf(row)) != false);
        for (var i = 0; i < chunks.Length; i++)
        {
            lock (chunks[i])
                RowScan.Offer(chunks[i].Vectors, vector, [best], i * RowsPerChunk);
        }

        return [.. best.Sorted().Select(r => new SimilarUser(IdOf(r.Row), r.Score)).Where(u => _rows.ContainsKey(u.UserId))]; // not removed

        string IdOf(int row)
        {
            if (!ids.TryGetValue(row, out var id))
                ids[row] = id = chunks[row / RowsPerChunk].Ids[row % RowsPerChunk];
            return id;
        }
    }

    public ICollection<string> Users => _rows.Keys;

    public void Remove(string userId) => Remove(userId, long.MaxValue);

    /// <summary>Removes a user, unless its revision is higher than this one; the row is given to the next new user.</summary>
    public void Remove(string userId, long revision)
    {
        lock (_adding)
        {
            if (!_rows.TryGetValue(userId, out var row))
                return;
            var chunk = _chunks[row / RowsPerChunk];
            lock (chunk)
            {
                if (chunk.RevisionOf(row % RowsPerChunk) > revision)
                    return;
                _rows.TryRemove(userId, out _);
                chunk.Clear(row % RowsPerChunk);
            }

            _free.Push(row);
            Volatile.Write(ref _count, _count - 1);
        }
    }

    /// <summary>Returns false if the user's row was given up meanwhile.</summary>
    private bool TrySet(string userId, long revision, ReadOnlySpan<byte> vector)
    {
        if (!_rows.TryGetValue(userId, out var row))
        {
            lock (_adding)
            {
                if (!_rows.TryGetValue(userId, out row))
                {
                    Add(userId, revision, vector);
                    return true;
                }
            }
        }

        var chunk = _chunks[row / RowsPerChunk];
        lock (chunk)
            return chunk.TrySet(row % RowsPerChunk, userId, revision, vector);
    }

    private void Add(string userId, long revision, ReadOnlySpan<byte> vector)
    {
        if (_free.TryPop(out var free))
        {
            var freed = _chunks[free / RowsPerChunk];
            lock (freed)
                freed.Put(free % RowsPerChunk, userId, revision, vector);
            _rows[userId] = free;
            Volatile.Write(ref _count, _count + 1);
            return;
        }

        if (_used % RowsPerChunk == 0)
            _chunks = [.. _chunks, new Chunk(dimension)];
        var chunk = _chunks[^1];
        lock (chunk)
            chunk.Add(userId, revision, vector);
        _rows[userId] = _used++;
        Volatile.Write(ref _count, _count + 1);
    }

    private sealed class Chunk(int dimension)
    {
        private readonly float[] _vectors = new float[RowsPerChunk * dimension]; // [rows, D]
        private readonly long[] _revisions = new long[RowsPerChunk];
        private int _count;

        public string[] Ids { get; } = new string[RowsPerChunk];

        public ReadOnlySpan<float> Vectors => _vectors.AsSpan(0, _count * dimension);

        public void Add(string userId, long revision, ReadOnlySpan<byte> vector)
        {
            Ids[_count] = userId;
            TrySet(_count, userId, revision, vector);
            _count++;
        }

        /// <summary>Takes a row into use again.</summary>
        public void Put(int row, string userId, long revision, ReadOnlySpan<byte> vector)
        {
            (Ids[row], _revisions[row]) = (userId, 0);
            TrySet(row, userId, revision, vector);
        }

        public void Clear(int row)
        {
            Ids[row] = "";
            _vectors.AsSpan(row * dimension, dimension).Fill(float.NaN); // similar to nobody
        }

        public long RevisionOf(int row) => _revisions[row];

        /// <summary>Returns false if the row is not the user's any more. A higher revision stays.</summary>
        public bool TrySet(int row, string userId, long revision, ReadOnlySpan<byte> vector)
        {
            if (Ids[row] != userId)
                return false;
            if (_revisions[row] > revision)
                return true;
            _revisions[row] = revision;
            var place = _vectors.AsSpan(row * dimension, dimension);
            if (VectorBytes.AreZero(vector) || !VectorBytes.AreFinite(vector))
                place.Fill(float.NaN); // similar to nobody: its cosine is undefined
            else
                MemoryMarshal.Cast<byte, float>(vector).CopyTo(place);
            return true;
        }
    }
}
