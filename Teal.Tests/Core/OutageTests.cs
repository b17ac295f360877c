using System.Globalization;
using Teal.Core.Hosting;

namespace Teal.Tests.Core;

public sealed class OutageTests
{
    private readonly Outage _outage = new();

    [Test]
    public void IsNew_OfServersThatDoNotAnswer_IsTrueForTheFirstFaultAlone()
    {
        _outage.IsNew("no answer", isRefusal: false).Should().BeTrue();

        _outage.IsNew("no answer", isRefusal: false).Should().BeFalse();
        _outage.IsNew("no connection", isRefusal: false).Should().BeFalse();
    }

    [Test]
    public void IsNew_OfARefusalBehindAnotherFault_IsTrueOnce()
    {
        _outage.IsNew("no answer", isRefusal: false);

        _outage.IsNew("password", isRefusal: true).Should().BeTrue();
        _outage.IsNew("no answer", isRefusal: false).Should().BeFalse();
        _outage.IsNew("password", isRefusal: true).Should().BeFalse();
        _outage.IsNew("certificate", isRefusal: true).Should().BeTrue();
    }

    [Test]
    public void IsNew_OfRefusalsWithoutEnd_IsTrueForTheFirstFew() =>
        Enumerable.Range(0, 100).Count(i => _outage.IsNew(i.ToString(CultureInfo.InvariantCulture), isRefusal: true))
            .Should().Be(Outage.MaximumFaults);

    [Test]
    public void TryEnd_OfAnOutage_IsTrueOnceAndTheNextOneIsToldAgain()
    {
        _outage.TryEnd().Should().BeFalse("there was none");
        _outage.IsNew("password", isRefusal: true);
        _outage.IsUnderWay.Should().BeTrue();

        _outage.TryEnd().Should().BeTrue();
        _outage.TryEnd().Should().BeFalse();
        _outage.IsUnderWay.Should().BeFalse();
        _outage.IsNew("password", isRefusal: true).Should().BeTrue();
    }
}
