using System.Diagnostics.Metrics;
using System.Text;
using Confluent.Kafka;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.Metrics.Testing;
using Microsoft.Extensions.Options;
using ProfileService.Intake;
using ProfileService.Kafka;
using ProfileService.Platform;
using ProfileService.Tests.Privacy;
using static ProfileService.TestServers.Common.TestEvents;

namespace ProfileService.Tests.Kafka;

/// <summary>Events from a topic of librdkafka's mock cluster.</summary>
[Needs(Need.Server)]
public sealed class KafkaTests : IDisposable
{
    private const string Topic = "events";
    private const string Dead = "events-refused";
    private const string Group = "shop";
    private const int Partitions = 2;

    private readonly KafkaMockCluster _kafka = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public KafkaTests()
    {
        _kafka.CreateTopic(Topic, Partitions);
        _kafka.CreateTopic(Dead, 1);
    }

    public void Dispose() => _kafka.Dispose();

    [Fact]
    public async Task EventsOfATopicArriveInWindowsAndProfiles()
    {
        using var service = Start();
        await _kafka.Client.SendAsync(Topic, Event(1, "ada").Json());
        await _kafka.Client.SendAsync(Topic, $"[{Event(2, "ada").Json()},{Event(3, "bob").Json()}]");

        await HasAsync(service, "ada", 2);
        await HasAsync(service, "bob", 1);
        Assert.Equal(2, (await service.FreshAsync("ada")).Json.GetProperty("eventCount").GetInt32());
        await CommittedAsync();
    }

    [Fact]
    public async Task EventThatComesAgainOrByHttpIsADuplicate()
    {
        using var service = Start();
        using var verdicts = Metric<long>(service, "profiles.events");
        await service.AcceptAsync(Event(1, "ada"));
        await _kafka.Client.SendAllAsync(Topic, 0, [Event(1, "ada").Json(), Event(1, "ada").Json(), Event(2, "ada").Json()]);
        await HasAsync(service, "ada", 2);
        await CommittedAsync(); // they are counted after they are stored
        Assert.Equal((2, 2), (SumOf(verdicts, "verdict", "accepted"), SumOf(verdicts, "verdict", "duplicate")));
    }

    [Fact]
    public async Task WhatIsRefusedGoesToTheDeadLettersAsItCameWithTheReasonAndThePlace()
    {
        using var service = Start(("Kafka:DeadLetterTopic", Dead));
        using var messages = Metric<long>(service, "profiles.kafka.messages");
        string?[] refused = ["{no json", null, Event(1, "ada", kind: "stare").Json(), $"[{Event(2, "ada").Json()},{{}}]", "7"];
        foreach (var value in refused)
            await _kafka.Client.SendAsync(Topic, 1, value, ("trace", "t-1"));
        await _kafka.Client.SendAsync(Topic, 1, Event(3, "ada").Json());

        await HasAsync(service, "ada", 2); // consumption goes on, and the good one of the array is stored
        var letters = _kafka.Client.Read(Dead, refused.Length);
        Assert.Equal(refused, letters.Select(l => l.Message.Value is { } value ? Encoding.UTF8.GetString(value) : null));
        string[] codes = ["malformed_json", "empty_body", "unknown_kind", "missing_field", "wrong_type"];
        Assert.Equal(codes, letters.Select(l => Header(l, "profiles-error-code")));
        Assert.Equal(["", "", "kind", "userId", ""], letters.Select(l => Header(l, "profiles-error-field")));
        Assert.Equal(["0", "0", "0", "1", "0"], letters.Select(l => Header(l, "profiles-error-index")));
        Assert.Equal(["0", "1", "2", "3", "4"], letters.Select(l => Header(l, "profiles-source-offset")));
        Assert.All(letters, l => Assert.Equal((Topic, "1"), (Header(l, "profiles-source-topic"), Header(l, "profiles-source-partition"))));
        Assert.All(letters, l => Assert.Equal(("1", "t-1"), (Header(l, "profiles-errors"), Header(l, "trace"))));
        await CommittedAsync();
        Assert.Equal((1, 5), (SumOf(messages, "outcome", "stored"), SumOf(messages, "outcome", "dead_letter")));
    }

    [Fact]
    public async Task DeadLetterOfWhatTheStoreRefusedHasThePlaceToo()
    {
        using var service = Start(("Kafka:DeadLetterTopic", Dead));
        await service.AcceptAsync(Event(1, "ada"));
        service.Damage("ada");
        await _kafka.Client.SendAsync(Topic, $"[{Event(2, "bob").Json()},{Event(2, "ada").Json()},{Event(3, "ada").Json()}]");
        var letter = Assert.Single(_kafka.Client.Read(Dead, 1));
        Assert.Equal(
            ("window_unreadable", "1", "2"),
            (Header(letter, "profiles-error-code"), Header(letter, "profiles-error-index"), Header(letter, "profiles-errors")));
    }

    [Fact]
    public async Task WithoutATopicForThemRefusedMessagesAreCountedAndPassedOver()
    {
        using var log = new LogText();
        using var service = TestService.With(log, Settings());
        using var messages = Metric<long>(service, "profiles.kafka.messages");
        await _kafka.Client.SendAsync(Topic, 0, "hidden");
        await _kafka.Client.SendAsync(Topic, 0, Event(1, "ada", "hidden", kind: "hidden").Json());
        await _kafka.Client.SendAsync(Topic, 0, Event(1, "ada").Json());
        await HasAsync(service, "ada", 1);
        await CommittedAsync();
        Assert.Equal(2, SumOf(messages, "outcome", "passed_over"));
        Assert.Contains("partition 0 were refused, the first at offset 1: unknown_kind", $"{log}", StringComparison.Ordinal);
        Assert.DoesNotContain("hidden", $"{log}", StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(TimestampType.CreateTime, 1_700_000_000_000, 1_700_000_000_000)]
    [InlineData(TimestampType.LogAppendTime, 1_700_000_000_000, 1_700_000_000_000)]
    [InlineData(TimestampType.NotAvailable, -1, null)]
    [InlineData(TimestampType.CreateTime, -1, null)]
    public async Task DeadLetterHasTheTimeOfItsMessageWhateverTheTopicSaysOfTimes(TimestampType type, long time, long? expected)
    {
        using var service = Start(("Kafka:DeadLetterTopic", Dead));
        var before = TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds();
        await SendRefusedAsync(service, new Timestamp(time, type));

        var written = Assert.Single(_kafka.Client.Read(Dead, 1)).Message.Timestamp.UnixTimestampMs;
        if (expected is null)
            Assert.True(written >= before);
        else
            Assert.Equal(expected, written);
    }

    [Fact]
    public async Task DeadLetterWhoseTimeTheTopicRefusesHasTheTimeOfWriting()
    {
        using var service = Start(("Kafka:DeadLetterTopic", Dead));
        var before = TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds();
        _kafka.Refuse(KafkaRequest.Produce, (int)ErrorCode.InvalidTimestamp);
        await SendRefusedAsync(service, new Timestamp(1_700_000_000_000, TimestampType.CreateTime));

        var letter = Assert.Single(_kafka.Client.Read(Dead, 1)).Message;
        Assert.True(letter.Timestamp.UnixTimestampMs >= before);
        Assert.Equal("7", Encoding.UTF8.GetString(letter.Value!));
    }

    [Theory]
    [InlineData(ErrorCode.MsgSizeTooLarge, 0, true, true)]
    [InlineData(ErrorCode.MsgSizeTooLarge, 1, false, true)]
    [InlineData(ErrorCode.MsgSizeTooLarge, 2, false, false)]
    [InlineData(ErrorCode.InvalidTimestamp, 1, true, true)]
    [InlineData(ErrorCode.InvalidRecord, 2, false, false)]
    public async Task DeadLetterLeavesOutWhatTheTopicDoesNotTake(ErrorCode code, int refusals, bool hasValue, bool hasKey)
    {
        // The first request is of the message itself.
        _kafka.Refuse(KafkaRequest.Produce, [0, .. Enumerable.Repeat((int)code, refusals)]);
        await _kafka.Client.SendAsync(Topic, 1, Message("{}", "key", ("trace", "t-1")));
        using var service = Start(("Kafka:DeadLetterTopic", Dead));
        var letter = Assert.Single(_kafka.Client.Read(Dead, 1));

        Assert.Equal((hasValue, hasKey, hasKey), (letter.Message.Value is not null, letter.Message.Key is not null,
            letter.Message.Headers.TryGetLastBytes("trace", out _)));
        Assert.Equal(("missing_field", "0"), (Header(letter, "profiles-error-code"), Header(letter, "profiles-source-offset")));
        await CommittedAsync();
    }

    [Fact]
    public async Task EventsAreCountedOnceHoweverOftenADeadLetterIsTried()
    {
        using var service = Start(("Kafka:DeadLetterTopic", Dead));
        using var verdicts = Metric<long>(service, "profiles.events");
        using var retries = Metric<long>(service, "profiles.kafka.retries");
        _kafka.Refuse(KafkaRequest.Produce, 0, (int)ErrorCode.TopicAuthorizationFailed, (int)ErrorCode.TopicAuthorizationFailed);
        await _kafka.Client.SendAsync(Topic, 1, $"[{Event(1, "ada").Json()},{{}}]");
        Assert.Single(_kafka.Client.Read(Dead, 1));
        await CommittedAsync();

        Assert.Equal(2, retries.GetMeasurementSnapshot().Sum(m => m.Value));
        Assert.Equal(1, SumOf(verdicts, "verdict", "rejected"));
        Assert.Equal((1, 0), (SumOf(verdicts, "verdict", "accepted"), SumOf(verdicts, "verdict", "duplicate")));
    }

    [Fact]
    public async Task DeadLetterThatIsWrittenIsNotWrittenAgain()
    {
        using var service = Start(("Kafka:DeadLetterTopic", Dead));
        var letters = service.Services.GetRequiredService<DeadLetters>();
        var batch = new MessageBatch(2);
        Refuse(batch, new Timestamp(1_700_000_000_000, TimestampType.CreateTime));
        await letters.SendAsync(batch.Refused, Token);
        Refuse(batch, new Timestamp(1_700_000_000_001, TimestampType.CreateTime));
        await letters.SendAsync(batch.Refused, Token);

        var times = _kafka.Client.Read(Dead, 2).Select(l => l.Message.Timestamp.UnixTimestampMs);
        Assert.Equal([1_700_000_000_000, 1_700_000_000_001], times);
        Assert.Equal(2, _kafka.Client.Offsets(Group, Dead, 0).Written);
    }

    [Fact]
    public async Task DeadLetterInWhichAUserMayBeWhosePurposesDoNotAllowItHasNothingOfItsMessage()
    {
        using var service = Start(("Kafka:DeadLetterTopic", Dead));
        await RefuseAdaAsync(service);
        Message<byte[]?, byte[]?>[] bare =
        [
            Message($"[{{}},{Event(1, "ada").Json()}]"),
            Message(Event(1, "ada", kind: "stare").Json()),
            Message("""{ "user": { "id": "\u0061da" } }"""),
            Message("""[{ "userId": "bob" }, { "userId":"""),
            Message("""{ "userId": "bob" } { "userId": "ada" }"""),
            Message("ada"),
            Message(null, "ada"),
            Message("{}", null, ("ce_subject", "ada")),
        ];
        Message<byte[]?, byte[]?>[] whole = [Message("""{ "userId": "bob" }""", "bob"), Message("no json", "bob"), Message(null, "bob")];
        foreach (var message in bare.Concat(whole))
            await _kafka.Client.SendAsync(Topic, 0, message);

        var letters = _kafka.Client.Read(Dead, bare.Length + whole.Length);
        Assert.All(letters.Take(bare.Length), l => Assert.True(l.Message is { Key: null, Value: null }));
        Assert.All(
            letters.Take(bare.Length).SelectMany(l => l.Message.Headers),
            header => Assert.StartsWith("profiles-", header.Key, StringComparison.Ordinal));
        Assert.Equal(whole.Select(m => m.Key), letters.Skip(bare.Length).Select(l => l.Message.Key));
        Assert.Equal(whole.Select(m => m.Value), letters.Skip(bare.Length).Select(l => l.Message.Value));
        Assert.Equal(Enumerable.Range(0, letters.Count).Select(i => $"{i}"), letters.Select(l => Header(l, "profiles-source-offset")));
    }

    [Fact]
    public async Task EventOfAUserWhosePurposesDoNotAllowItIsWrittenNowhere()
    {
        using var service = Start(("Kafka:DeadLetterTopic", Dead));
        await RefuseAdaAsync(service);
        await _kafka.Client.SendAsync(Topic, 0, Event(1, "ada").Json());
        await _kafka.Client.SendAsync(Topic, 0, Event(1, "bob").Json());
        await HasAsync(service, "bob", 1);
        await CommittedAsync();
        Assert.Equal(404, (await service.GetAsync("/v1/users/ada/window")).Status);
        Assert.Equal(0, _kafka.Client.Offsets(Group, Dead, 0).Written);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(10)]
    public async Task BacklogIsStoredWholeInLargeBatches(int users)
    {
        const int count = 3_000;
        await _kafka.Client.SendAllAsync(Topic, 0, Enumerable.Range(0, count).Select(i => Event(i, $"u{i % users}", $"i{i}").Json()));
        using var service = Start(("Windows:MaxEvents", "10000"));
        for (var user = 0; user < users; user++)
            await HasAsync(service, $"u{user}", count / users);
        await CommittedAsync();
    }

    [Fact]
    public async Task EventOfBeforeAnErasureDoesNotComeBackByTheTopic()
    {
        using var service = Start();
        using var verdicts = Metric<long>(service, "profiles.events");
        await _kafka.Client.SendAsync(Topic, 0, Event(1, "ada").Json());
        await HasAsync(service, "ada", 1);
        Assert.Equal(202, (await service.SendAsync(HttpMethod.Delete, "/v1/users/ada", [])).Status);
        await Eventually.IsTrueAsync(async () => (await service.GetAsync("/v1/users/ada/window")).Status == 404);

        await _kafka.Client.SendAsync(Topic, 0, Event(1, "ada").Json());
        await _kafka.Client.SendAsync(Topic, 0, Event(1, "bob").Json());
        await HasAsync(service, "bob", 1);
        await CommittedAsync();
        Assert.Equal(1, SumOf(verdicts, "verdict", "erased"));
        Assert.Equal(404, (await service.GetAsync("/v1/users/ada/window")).Status);
    }

    [Fact]
    public async Task EventsWaitWhileTheStoreIsAwayAndNothingIsCommittedMeanwhile()
    {
        await using var redis = await RedisServer.StartAsync();
        redis.MayHang = true;
        using var service = Start(("ConnectionStrings:Redis", redis.ConnectionString()), ("Kafka:DeadLetterTopic", Dead));
        using var lag = Metric<long>(service, "profiles.kafka.lag");
        await _kafka.Client.SendAsync(Topic, 0, Event(1, "ada").Json());
        await HasAsync(service, "ada", 1);
        await CommittedAsync();

        await redis.PauseAsync();
        for (var i = 2; i < 12; i++)
            await _kafka.Client.SendAsync(Topic, i % Partitions, Event(i, "ada").Json());
        await Eventually.IsTrueAsync(async () => (await KafkaReadiness.OfAsync(service)).Contains("cannot be stored", StringComparison.Ordinal));
        await Eventually.IsTrueAsync(() => Task.FromResult(Last(lag) == 10));
        Assert.Equal(1, CommittedSum());

        await redis.ResumeAsync();
        await HasAsync(service, "ada", 11);
        await CommittedAsync();
        await Eventually.IsTrueAsync(() => Task.FromResult(Last(lag) == 0));
        await Eventually.IsTrueAsync(async () => (await KafkaReadiness.OfAsync(service)).StartsWith("Healthy", StringComparison.Ordinal));
        Assert.Equal(0, _kafka.Client.Offsets(Group, Dead, 0).Written);
    }

    [Fact]
    public async Task BrokersThatAreAwayAreDegradedAndEventsByHttpGoOn()
    {
        using var service = Start();
        await Eventually.IsTrueAsync(async () => (await KafkaReadiness.OfAsync(service)).StartsWith("Healthy", StringComparison.Ordinal));
        _kafka.StopBrokers();
        await Eventually.IsTrueAsync(async () => (await KafkaReadiness.OfAsync(service)).StartsWith("Degraded", StringComparison.Ordinal));
        await service.Client.ReadyAsync(200);
        await service.AcceptAsync(Event(1, "ada"));

        _kafka.StartBrokers();
        await _kafka.Client.SendAsync(Topic, Event(2, "ada").Json());
        await HasAsync(service, "ada", 2);
        await Eventually.IsTrueAsync(async () => (await KafkaReadiness.OfAsync(service)).StartsWith("Healthy", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(KafkaRequest.Fetch, ErrorCode.TopicAuthorizationFailed, "Read of the topic events.")]
    [InlineData(KafkaRequest.JoinGroup, ErrorCode.GroupAuthorizationFailed, "Read of the group shop.")]
    public async Task RightThatIsMissingIsDegradedAndNamed(object request, ErrorCode code, string right)
    {
        _kafka.Refuse((KafkaRequest)request, [.. Enumerable.Repeat((int)code, 10_000)]);
        using var service = Start();
        await Eventually.IsTrueAsync(async () => (await KafkaReadiness.OfAsync(service)).EndsWith(right, StringComparison.Ordinal));
        await service.Client.ReadyAsync(200);

        _kafka.RefuseNoMore((KafkaRequest)request);
        await _kafka.Client.SendAsync(Topic, Event(1, "ada").Json());
        await HasAsync(service, "ada", 1);
        await Eventually.IsTrueAsync(async () => (await KafkaReadiness.OfAsync(service)).StartsWith("Healthy", StringComparison.Ordinal));
    }

    /// <summary>The client says once for each partition that it may not read it, so not again of one that stays.</summary>
    [Fact]
    public async Task MissingRightOfTheTopicIsNamedAlsoWhenAnotherProcessTakesAPartition()
    {
        using var log = new LogText();
        _kafka.Refuse(KafkaRequest.Fetch, [.. Enumerable.Repeat((int)ErrorCode.TopicAuthorizationFailed, 10_000)]);
        using var service = TestService.With(log, Settings());
        var consumer = service.Services.GetRequiredService<TopicConsumer>();
        await Eventually.IsTrueAsync(() => Task.FromResult(consumer.MissingRight is not null));
        var before = Assignments();

        using var other = _kafka.Client.Join(Group, Topic);
        await Eventually.IsTrueAsync(() => Task.FromResult(Poll() > 0 && Assignments() > before));
        await Eventually.IsTrueAsync(() => Task.FromResult(consumer.MissingRight == "Read of the topic events"));

        int Poll()
        {
            try
            {
                other.Consume(TimeSpan.FromMilliseconds(100));
            }
            catch (ConsumeException)
            {
                // It may not read either.
            }

            return other.Assignment.Count;
        }

        int Assignments() => $"{log}".Split("Consumes partitions").Length - 1;
    }

    [Fact]
    public async Task ClientThatCannotGoOnIsReplacedAndEventsGoOn()
    {
        using var log = new LogText();
        using var service = TestService.With(log, [.. Settings(), ("Kafka:SessionTimeout", "00:00:02")]);
        await _kafka.Client.SendAsync(Topic, 0, Event(1, "ada").Json());
        await HasAsync(service, "ada", 1);
        _kafka.Refuse(KafkaRequest.Heartbeat, (int)ErrorCode.FencedInstanceId); // which the client takes for fatal
        await Eventually.IsTrueAsync(() => Task.FromResult($"{log}".Contains("another one joins the group", StringComparison.Ordinal)));

        await _kafka.Client.SendAsync(Topic, 0, Event(2, "ada").Json());
        await HasAsync(service, "ada", 2);
        await CommittedAsync();
    }

    /// <summary>As while a certificate is being replaced whose file is read when a client is made.</summary>
    [Fact]
    public async Task ClientThatCannotBeReplacedAtOnceIsReplacedLater()
    {
        using var log = new LogText();
        using var service = TestService.With(log, [.. Settings(), ("Kafka:SessionTimeout", "00:00:02")]);
        await _kafka.Client.SendAsync(Topic, 0, Event(1, "ada").Json());
        await HasAsync(service, "ada", 1);
        var options = service.Services.GetRequiredService<IOptions<KafkaOptions>>().Value;
        options.SessionTimeout = TimeSpan.Zero; // no client takes it
        _kafka.Refuse(KafkaRequest.Heartbeat, (int)ErrorCode.FencedInstanceId); // which the client takes for fatal
        await Eventually.IsTrueAsync(() => Task.FromResult($"{log}".Contains("no other one can be made", StringComparison.Ordinal)));
        await Eventually.IsTrueAsync(async () => (await KafkaReadiness.OfAsync(service)).Contains("is being replaced", StringComparison.Ordinal));

        options.SessionTimeout = TimeSpan.FromSeconds(2);
        await _kafka.Client.SendAsync(Topic, 0, Event(2, "ada").Json());
        await HasAsync(service, "ada", 2);
        await CommittedAsync();
        await Eventually.IsTrueAsync(async () => (await KafkaReadiness.OfAsync(service)).StartsWith("Healthy", StringComparison.Ordinal));
        Assert.Equal(2, $"{log}".Split("no other one can be made").Length); // it is said once
    }

    [Fact]
    public async Task LongestSessionTimeoutIsTaken()
    {
        using var service = Start(("Kafka:SessionTimeout", "00:30:00"));
        await _kafka.Client.SendAsync(Topic, 0, Event(1, "ada").Json());
        await HasAsync(service, "ada", 1);
    }

    [Fact]
    public async Task LagIsToldByPartitionAlsoBeforeTheFirstMessage()
    {
        await _kafka.Client.SendAllAsync(Topic, 1, Enumerable.Range(0, 5).Select(i => Event(i, "ada").Json()));
        using var service = Start();
        using var lag = Metric<long>(service, "profiles.kafka.lag");
        await HasAsync(service, "ada", 5);
        await Eventually.IsTrueAsync(() => Task.FromResult(LagByPartition(lag) is { Count: Partitions } all && all.Values.Sum() == 0));
    }

    /// <summary>The mock brokers keep 5 MB of a partition.</summary>
    [Theory]
    [InlineData(null)]
    [InlineData(1)]
    public async Task LagDoesNotCountMessagesThatThePartitionNoLongerHas(int? committed)
    {
        var partition = new TopicPartition(Topic, 0);
        var value = new string('x', 900_000);
        for (var i = 0; i < 12; i++)
            await _kafka.Client.SendAsync(Topic, 0, value);
        var settings = new ConsumerConfig
        {
            BootstrapServers = _kafka.BootstrapServers,
            GroupId = Group,
            AutoOffsetReset = AutoOffsetReset.Earliest,
            EnableAutoCommit = false,
        };
        using var consumer = new ConsumerBuilder<byte[]?, byte[]?>(settings).SetLogHandler((_, _) => { }).Build();
        if (committed is { } offset)
            consumer.Commit([new TopicPartitionOffset(partition, offset)]);
        consumer.Assign(new TopicPartitionOffset(partition, Offset.Beginning));
        Assert.NotNull(consumer.Consume(Eventually.Bound)); // from then on the client knows the end, and not the beginning

        var ends = consumer.QueryWatermarkOffsets(partition, Eventually.Bound);
        Assert.InRange(ends.Low.Value, 2, 11);
        var positions = new PartitionPositions(consumer);
        Assert.Equal(ends.High - ends.Low, positions.Lag(asksBrokers: false)[0]);
        Assert.Equal(ends.High - ends.Low, positions.Lag(asksBrokers: false)[0]); // also once the position is known
    }

    [Fact]
    public async Task CloudEventsAreToldByTheirHeadersOrByTheirVersion()
    {
        const string envelope = """
            { "specversion": "1.0", "id": "1", "source": "/shop", "type": "com.example.view", "subject": "ada",
              "time": "2026-11-01T10:00:00Z", "data": { "itemId": "i1" } }
            """;
        (string, string)[] headers =
        [
            ("ce_specversion", "1.0"), ("ce_id", "2"), ("ce_source", "/shop"), ("ce_type", "com.example.cart"), ("ce_subject", "ada"),
            ("ce_time", "2026-11-01T10:00:01Z"), ("content-type", "application/json"),
        ];
        using var service = Start(("Kafka:DeadLetterTopic", Dead));
        await _kafka.Client.SendAsync(Topic, 0, envelope, ("content-type", "application/cloudevents+json; charset=UTF-8"));
        await _kafka.Client.SendAsync(Topic, 0, """{ "itemId": "i2" }""", headers);
        await _kafka.Client.SendAsync(Topic, 0, envelope.Replace("\"1\"", "\"3\"", StringComparison.Ordinal));
        await _kafka.Client.SendAsync(Topic, 0, Event(5, "ada", item: "specversion").Json());
        await _kafka.Client.SendAsync(Topic, 0, envelope.Replace("i1", "", StringComparison.Ordinal));

        await _kafka.Client.SendAsync(Topic, 0, "\ufeff" + envelope.Replace("\"1\"", "\"4\"", StringComparison.Ordinal));

        await HasAsync(service, "ada", 5);
        var kinds = (await service.GetAsync("/v1/users/ada/window")).Json.GetProperty("events").EnumerateArray()
            .Select(e => $"{e.GetProperty("kind")} {e.GetProperty("itemId")}");
        Assert.Equal(["view i1", "view i1", "view i1", "cart i2", "view specversion"], kinds);
        var letter = Assert.Single(_kafka.Client.Read(Dead, 1));
        Assert.Equal(("invalid_length", "data.itemId"), (Header(letter, "profiles-error-code"), Header(letter, "profiles-error-field")));
    }

    [Theory]
    [InlineData("ce_id")]
    [InlineData("ce_subject")]
    public async Task HeadersThatAreNotUtf8AreRefusedForTheyWouldBeOne(string header)
    {
        using var service = Start(("Kafka:DeadLetterTopic", Dead));
        foreach (byte last in (byte[])[0xe8, 0xe9])
        {
            var message = Message(
                """{ "itemId": "i1", "userId": "ada" }""", null, ("ce_specversion", "1.0"), ("ce_source", "/shop"), ("ce_type", "view"),
                ("ce_time", "2026-11-01T10:00:01Z"), (header == "ce_id" ? "ce_subject" : "ce_id", "ada"));
            message.Headers.Add(header, [.. "caf"u8, last]);
            await _kafka.Client.SendAsync(Topic, 0, message);
        }

        foreach (var letter in _kafka.Client.Read(Dead, 2))
        {
            Assert.Equal(("invalid_text", header), (Header(letter, "profiles-error-code"), Header(letter, "profiles-error-field")));
            Assert.DoesNotContain('%', Header(letter, "profiles-error-detail"));
        }

        await CommittedAsync();
        Assert.Equal(404, (await service.GetAsync("/v1/users/ada/window")).Status);
    }

    private TestService Start(params (string, string)[] settings) => new([.. Settings(), .. settings]);

    private static Message<byte[]?, byte[]?> Message(string? value, string? key = null, params (string Name, string Value)[] headers)
    {
        var message = new Message<byte[]?, byte[]?> { Key = Bytes(key), Value = Bytes(value), Headers = [] };
        foreach (var (name, text) in headers)
            message.Headers.Add(name, Bytes(text));
        return message;

        static byte[]? Bytes(string? text) => text is null ? null : Encoding.UTF8.GetBytes(text);
    }

    private static Task SendRefusedAsync(TestService service, Timestamp timestamp)
    {
        var batch = new MessageBatch(1);
        Refuse(batch, timestamp);
        return service.Services.GetRequiredService<DeadLetters>().SendAsync(batch.Refused, Token);
    }

    /// <summary>Adds a message to a batch that is refused.</summary>
    private static void Refuse(MessageBatch batch, Timestamp timestamp)
    {
        var message = new Message<byte[]?, byte[]?> { Value = "7"u8.ToArray(), Headers = [], Timestamp = timestamp };
        batch.Add(new ConsumeResult<byte[]?, byte[]?> { Topic = Topic, Partition = 1, Offset = 5, Message = message });
        batch.Messages[^1].Refuse(new EntryProblem(0, "wrong_type", null, "An event is a JSON object."));
    }

    private static async Task RefuseAdaAsync(TestService service)
    {
        const string none = """{ "profile": false, "explain": false, "similar": false, "train": false }""";
        Assert.Equal(200, (await service.PutAsync("/v1/users/ada/purposes", none)).Status);
    }

    private (string, string)[] Settings() =>
        [("Kafka:BootstrapServers", _kafka.BootstrapServers), ("Kafka:Topic", Topic), ("Kafka:Group", Group)];

    private static Task HasAsync(TestService service, string user, int events) => Eventually.IsTrueAsync(async () =>
        await service.GetAsync($"/v1/users/{user}/window") is { Status: 200 } window
        && window.Json.GetProperty("events").GetArrayLength() == events);

    /// <summary>Returns when the group has committed all that was written.</summary>
    private Task CommittedAsync() => Eventually.IsTrueAsync(() => Task.FromResult(Enumerable.Range(0, Partitions)
        .All(p => _kafka.Client.Offsets(Group, Topic, p) is var (written, committed) && written == committed)));

    private long CommittedSum() => Enumerable.Range(0, Partitions).Sum(p => _kafka.Client.Offsets(Group, Topic, p).Committed);

    private static string Header(ConsumeResult<byte[]?, byte[]?> letter, string name) =>
        Encoding.UTF8.GetString(letter.Message.Headers.GetLastBytes(name));

    private static MetricCollector<T> Metric<T>(TestService service, string name)
        where T : struct => new(service.Services.GetRequiredService<IMeterFactory>(), ProfileMetrics.Name, name);

    private static long SumOf(MetricCollector<long> metric, string tag, string value) =>
        metric.GetMeasurementSnapshot().Where(m => value.Equals(m.Tags[tag])).Sum(m => m.Value);

    private static Dictionary<int, long> LagByPartition(MetricCollector<long> lag)
    {
        lag.Clear();
        lag.RecordObservableInstruments();
        return lag.GetMeasurementSnapshot().ToDictionary(m => (int)m.Tags["partition"]!, m => m.Value);
    }

    private static long Last(MetricCollector<long> lag) => LagByPartition(lag).Values.Sum();
}
