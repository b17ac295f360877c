using System.Text;
using System.Text.RegularExpressions;
using Teal.Core.Events;
using Teal.Core.Journal;
using Teal.Core.Kinds;
using Teal.Core.Wire;
using Teal.Dispatcher.Commands;
using Teal.Dispatcher.Protocols;
using Teal.Dispatcher.Registrations;
using Teal.RabbitMq;
using Teal.Tests.Support;

namespace Teal.Tests.Contracts;

/// <summary>What every <see cref="EventKind"/> does. What journals do with each is in <see cref="EventJournalContract"/>.</summary>
public sealed class EventKindContract
{
    private static readonly DateTime At = new DateTime(2026, 5, 1, 12, 0, 0, DateTimeKind.Utc).AddMicroseconds(123456);

    private static IEnumerable<EventKind> Listed => EventKinds.All;

    private static IEnumerable<EventKind> AllAndOneMore => EventKinds.All.Append(MessageKind.Instance);

    // A storage format and two wire formats: a kind that is new has a line here, and none ever changes.
    [Test]
    public void All_OfKinds_AreStoredAndSentAsEver() =>
        EventKinds.All.Select(static kind => string.Join(
                ' ', kind.Number, JournalRoom.Of(kind).Number, kind, kind.TopicType, kind.KeyMember, kind.EventType, kind.EventKeyMember,
                kind.Exchange, kind.DefaultRetention.TotalDays))
            .Should().Equal(
                "0 0 Callback callback state callback state callbacks 7",
                "1 1 OpenIdCibaCallback openid_ciba_callback request_id openid_ciba_callback request_id openid_ciba_callbacks 7",
                "2 2 PowensDomain powens_domain powens_domain powens_webhook domain powens_domain_webhooks 7",
                "3 5 Webhook webhook name webhook name webhooks 7");

    [Test]
    public void Room_OfFurtherKinds_IsNoneOfThoseThatAreTaken()
    {
        var rooms = AllAndOneMore.Select(JournalRoom.Of).Append(JournalRoom.Freestanding).Append(JournalRoom.Unclaimed).ToArray();

        rooms.Should().OnlyHaveUniqueItems();
        JournalRoom.Of(MessageKind.Instance, isInvited: false, isClaimed: false).Should().Be(JournalRoom.Unclaimed);
        JournalRoom.Of(MessageKind.Instance, isInvited: false, isClaimed: true).Should().Be(JournalRoom.Of(MessageKind.Instance));
        JournalRoom.Of(EventKinds.Callback, isInvited: false, isClaimed: true).Should().Be(JournalRoom.Freestanding);
    }

    [TestCaseSource(nameof(Listed))]
    public void Kind_OfTheList_IsFoundByWhatIsSaidOfIt(EventKind kind)
    {
        EventKinds.ByNumber(kind.Number).Should().BeSameAs(kind);
        EventKinds.ByShortName(kind.ShortName).Should().BeSameAs(kind);
        EventKinds.ByTopicType(kind.TopicType).Should().BeSameAs(kind);
        EventKinds.ByExchange(kind.Exchange).Should().BeSameAs(kind);
        EventKinds.All.Select(static other => other.EventType).Should().OnlyHaveUniqueItems();
        EventKinds.All.Select(static other => other.Name).Should().OnlyHaveUniqueItems();
    }

    [Test]
    public void Kind_ThatIsNotListed_IsNotFound()
    {
        EventKinds.ByNumber(MessageKind.Instance.Number).Should().BeNull();
        EventKinds.ByNumber(-1).Should().BeNull();
        EventKinds.ByShortName(MessageKind.Instance.ShortName).Should().BeNull();
        EventKinds.ByTopicType(MessageKind.Instance.TopicType).Should().BeNull();
        EventKinds.ByExchange(MessageKind.Instance.Exchange).Should().BeNull();
    }

    [TestCaseSource(nameof(AllAndOneMore))]
    public void Event_OfTheBusOrTheJournal_IsReadBackWhole(EventKind kind)
    {
        foreach (var @event in EventSamples.Of(kind, At))
        {
            var (onBus, inJournal, content) = (EventJson.EncodeForBus(@event), EventJson.EncodeForJournal(@event), kind.ContentOf(@event));

            @event.Topic.Kind.Should().BeSameAs(kind);
            EventJsonReader.Read(kind, onBus, DateTime.UnixEpoch).Should().Be(@event);
            EventJsonReader.Read(kind, inJournal, DateTime.UnixEpoch, content).Should().Be(@event);
            EventJsonReader.ReadTopic(kind, onBus).Should().Be(@event.Topic);
            (content is null).Should().Be(inJournal.AsSpan().SequenceEqual(onBus), "only a content is left out");
        }
    }

    [TestCaseSource(nameof(AllAndOneMore))]
    public void Event_ForClients_IsThatOfTheBusWithItsType(EventKind kind)
    {
        var extended = new TealV2Dialect(Origins());
        foreach (var @event in EventSamples.Of(kind, At))
        {
            // Clients know of a team's topic by its name there.
            var members = Encoding.ASCII.GetString(EventJson.EncodeForBus(@event))[1..^1];
            if (kind.IsOfTeams) members = members.Replace("\"shop/", "\"", StringComparison.Ordinal);
            var classicMembers = kind.HasStates ? members.Replace(",\"method\":\"POST\"", "", StringComparison.Ordinal) : members;

            Write(new ClassicDialect(), @event).Should().Be($"{{\"type\":\"{kind.EventType}\",{classicMembers}}}");
            Write(extended, @event).Should().Be($"{{\"type\":\"{kind.EventType}\",{members},\"cursor\":null}}");
        }
    }

    [TestCaseSource(nameof(Listed))]
    public void Topic_InMessagesOfClients_IsReadAndWritten(EventKind kind)
    {
        var topic = new Topic(kind, kind.NormalizeKey("a"));
        var form = $"{{\"type\":\"{kind.TopicType}\",\"{kind.KeyMember}\":\"a\"}}";
        var message = Encoding.UTF8.GetBytes($"{{\"register_to\":{form}}}");

        ClientMessageReader.Read(message).Find<Command.Register>()!.Topic.Should().Be(topic);
        TealV2MessageReader.Read(message).Find<Command.Register>()!.Topic.Should().Be(topic);
        TealV2MessageReader.Read(Encoding.UTF8.GetBytes($"{{\"unregister_from\":{form}}}"))
            .Find<Command.Unregister>()!.Topic.Should().Be(topic);
        (TealV2MessageReader.Read(Encoding.UTF8.GetBytes($"{{\"delete\":{form}}}")).Fault is null).Should().Be(kind.IsCreated);
        var written = form.Replace("\"a\"", $"\"{topic.Key}\"", StringComparison.Ordinal);
        Encoding.ASCII.GetString(new TealV2Dialect(Origins()).EncodeNotice(new Notice.Replayed(topic.Within("shop"), 1), "shop")!)
            .Should().StartWith($"{{\"type\":\"replayed\",\"topic\":{written}");
    }

    [TestCaseSource(nameof(Listed))]
    public void Key_ThatIsNormal_StaysAsItIs(EventKind kind) =>
        kind.NormalizeKey(kind.NormalizeKey("a")).Should().Be(kind.NormalizeKey("a"));

    [TestCaseSource(nameof(Listed))]
    public void Exchange_WithAndWithoutAPrefix_TellsTheKind(EventKind kind)
    {
        var plain = new ExchangeNames(new RabbitMqOptions());
        var prefixed = new ExchangeNames(new RabbitMqOptions { ExchangePrefix = "p." });

        plain.All.Should().Contain(kind.Exchange);
        prefixed.All.Should().Contain($"p.{kind.Exchange}");
        plain.KindOf(kind.Exchange).Should().BeSameAs(kind);
        prefixed.KindOf($"p.{kind.Exchange}").Should().BeSameAs(kind);
        prefixed.KindOf(kind.Exchange).Should().BeNull();
    }

    [TestCaseSource(nameof(AllAndOneMore))]
    public void Retention_OfAKind_IsItsDefaultUntilAnotherIsSet(EventKind kind)
    {
        var options = new JournalOptions();
        options.RetentionOf(kind).Should().Be(kind.DefaultRetention).And.BePositive();

        options.Retention[kind] = TimeSpan.FromHours(1);
        options.RetentionOf(kind).Should().Be(TimeSpan.FromHours(1));
        options.RetentionOf(EventKinds.All.First(other => other != kind)).Should().Be(TimeSpan.FromDays(7));
    }

    // Who asks for a kind forgets the next one. Topics are made of kinds everywhere, and what listens for a kind makes its events.
    [TestCase("if (kind == EventKinds.Callback) return;", ExpectedResult = true)]
    [TestCase("case PowensWebhookEvent webhook:", ExpectedResult = true)]
    [TestCase("@event is CallbackEvent { IsPosted: true }", ExpectedResult = true)]
    [TestCase("CallbackEvent => 1,", ExpectedResult = true)]
    [TestCase("kind.Number switch", ExpectedResult = true)]
    [TestCase("new Topic(EventKinds.Callback, state)", ExpectedResult = false)]
    public bool Question_ForAKind_IsSeen(string code) => AsksForAKind().IsMatch(code);

    [Test]
    public void Source_OutsideOfKinds_AsksForNoKind()
    {
        var root = TealProcess.Metadata("RepositoryRoot");
        string[] projects = ["Teal.Core", "Teal.Listener", "Teal.Dispatcher", "Teal.Sqlite", "Teal.Redis", "Teal.RabbitMq", "Teal.Host"];
        var question = AsksForAKind();
        var files = projects.SelectMany(project => Directory.GetFiles(Path.Combine(root, project), "*.cs", SearchOption.AllDirectories))
            .Where(static path => !path.Contains("/obj/", StringComparison.Ordinal)).ToArray();

        files.Should().Contain(static path => IsOfKinds(path));
        files.Where(path => !IsOfKinds(path) && question.IsMatch(File.ReadAllText(path))).Should().BeEmpty();
    }

    private static Regex AsksForAKind()
    {
        var types = typeof(TealEvent).Assembly.GetTypes()
            .Where(static type => type.IsSubclassOf(typeof(TealEvent)) || type.IsSubclassOf(typeof(EventKind)));
        var names = string.Join('|', types.Select(static type => type.Name));
        string[] questions =
        [
            @"[=!]= EventKinds\.\w+\b(?!\.)", $@"\b(is|not|or|case) ({names})\b", $@"\b({names})( \w+)? =>",
            @"\b[Kk]ind\.\w+ switch", @"switch \([^)]*\b[Kk]ind\.\w+\)",
        ];
        return new Regex(string.Join('|', questions));
    }

    private static bool IsOfKinds(string path) => path.Contains("/Teal.Core/Kinds/", StringComparison.Ordinal);

    private static CursorOrigins Origins() => new(new MemoryEventJournal(new JournalOptions(), TimeProvider.System));

    private static string Write(IEventEncoder protocol, TealEvent @event)
    {
        var json = new CompactJsonWriter(EventJson.TypicalLength);
        protocol.WriteEvent(@event, ref json);
        var written = Encoding.ASCII.GetString(json.Written);
        json.Dispose();
        return written;
    }
}
