using System.Net;
using System.Net.Sockets;

namespace ProfileService.TestServers.Fuzz;

/// <summary>A client that sends drawn requests, several at once on one connection, and judges each answer.</summary>
internal sealed class FuzzConnection(IPEndPoint server, RequestDraw requests, Drawn drawn, FuzzTotals totals, TimeSpan? slow)
{
    private const int MaxAtOnce = 16;
    private const int Patience = 120_000; // ms; an answer that takes as long is a hang

    private FuzzRequest? _held; // for the next batch
    private FuzzRequest? _answered; // the last one on this connection

    /// <summary>Sends so many requests, or more where connections ended before their answer.</summary>
    public void Run(int count, CancellationToken stop)
    {
        while (count > 0 && !stop.IsCancellationRequested)
        {
            using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp)
            {
                NoDelay = true,
                ReceiveTimeout = Patience,
                SendTimeout = Patience
            };
            socket.Connect(server);
            count -= RunOne(socket, count, stop);
        }
    }

    private int RunOne(Socket socket, int most, CancellationToken stop)
    {
        var reader = new AnswerReader(socket);
        _answered = null;
        var sent = 0;
        for (var open = true; open && sent < most && !stop.IsCancellationRequested;)
        {
            var batch = NextBatch(most - sent);
            sent += batch.Count;
            open = TrySend(socket, batch) & ReadAll(reader, batch);
        }
        return sent;
    }

    // What may be refused goes alone: whoever refuses it closes the connection, and answers that were under way are lost.
    private List<FuzzRequest> NextBatch(int most)
    {
        var batch = new List<FuzzRequest>();
        for (var count = Math.Min(most, 1 + drawn.Below(MaxAtOnce)); batch.Count < count && batch is not [.., { IsLast: true }];)
        {
            var next = _held ?? requests.Next();
            _held = next.MayBeRefused && batch.Count > 0 ? next : null;
            if (_held is not null)
                break;
            batch.Add(next);
        }
        return batch;
    }

    private static bool TrySend(Socket socket, List<FuzzRequest> batch)
    {
        try
        {
            socket.Send(batch.ConvertAll(request => new ArraySegment<byte>(request.Bytes)));
            if (batch[^1].MayBeRefused)
                socket.Shutdown(SocketShutdown.Send); // it may be without an end
            return true;
        }
        catch (SocketException) // the server has closed it already; what it answered can still be read
        {
            return false;
        }
    }

    /// <summary>False where the connection has ended.</summary>
    private bool ReadAll(AnswerReader reader, List<FuzzRequest> batch)
    {
        foreach (var request in batch)
        {
            if (TryRead(reader, request) is not { } answer)
                return false;
            _answered = request;
            totals.Add(answer);
            if (AnswerRules.Break(request, answer) is { } broken)
                totals.Break(broken, request, answer);
            if (slow is { } limit && answer.Took > limit)
                totals.Break($"slower than {limit.TotalSeconds:0} s", request, answer);
            if (answer.Closes)
                return false;
        }
        return !batch[^1].IsLast;
    }

    private Answer? TryRead(AnswerReader reader, FuzzRequest request)
    {
        try
        {
            var answer = reader.Read(request.HasNoBody);
            if (answer is null && !request.MayBeRefused)
                totals.Break("no answer", request, null, _answered);
            return answer;
        }
        catch (SocketException e)
        {
            if (e.SocketErrorCode is SocketError.TimedOut or SocketError.WouldBlock || !request.MayBeRefused)
                totals.Break(e.SocketErrorCode is SocketError.TimedOut or SocketError.WouldBlock ? $"no answer in {Patience / 1_000} s"
                    : "connection reset", request, null, _answered);
            return null;
        }
    }
}
