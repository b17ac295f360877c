using Teal.Core.Events;
using Teal.Core.Identities;
using Teal.Core.Kinds;
using Teal.Dispatcher.Registrations;

namespace Teal.Tests.Dispatcher;

/// <summary>When the events of a registration may come.</summary>
internal sealed class RegistrationTests
{
    // Another process tells of events while the client is not yet answered: what came then is read once it is.
    [Test]
    public void TryBeginReplay_BeforeTheClientIsTold_BeginsNothing()
    {
        var topic = new Topic(EventKinds.Callback, "s");
        var registration = new Registration(topic, null!, Sight.Unlimited, new Beginning(0, IsInstant: false));

        registration.TryBeginReplay().Should().BeFalse();
        registration.TryBegin().Should().BeTrue();
        registration.TryBeginReplay().Should().BeFalse("it reads already");
        registration.TryGoLive(0).Should().BeFalse("something may have come meanwhile");
        registration.TryGoLive(0).Should().BeTrue();
        registration.TryBeginReplay().Should().BeTrue("it is live");
        registration.End();
        registration.TryBegin().Should().BeFalse();
    }
}
