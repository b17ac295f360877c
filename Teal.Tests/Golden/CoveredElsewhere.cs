using Teal.Tests.Contracts;
using Teal.Tests.Core;
using Teal.Tests.EndToEnd;
using Teal.Tests.Listener.Ciba;
using Teal.Tests.RabbitMq;

namespace Teal.Tests.Golden;

/// <summary>
/// Recorded cases that cannot be replayed at a server within the test's process: they start processes with other environments, look
/// into the broker, or stop it. Each names the test that shows what Teal does there.
/// </summary>
internal static class CoveredElsewhere
{
    private static readonly (Type, string) Configured =
        (typeof(PublicAddressTests), nameof(PublicAddressTests.Metadata_WithPublicUrls_TellsThem));
    private static readonly (Type, string) Refused =
        (typeof(SettingsTests), nameof(SettingsTests.WrongSetting_AtStart_EndsWith78AndSaysWhat));
    private static readonly (Type, string) Distributed =
        (typeof(DistributedTests), nameof(DistributedTests.WrongSetting_OfTheDistributedDeployment_EndsWith78AndRepeatsNoSecret));
    private static readonly (Type, string) Started =
        (typeof(DistributedTests), nameof(DistributedTests.Start_WithoutRedisAndRabbitMq_WaitsAndSaysSo));
    private static readonly (Type, string) Broker =
        (typeof(DistributedTests), nameof(DistributedTests.Broker_AwayUnderLoad_KeepsAndDeliversEveryEventOnceAndHeals));
    private static readonly (Type, string) Wire =
        (typeof(RabbitMqEventBusTests), nameof(RabbitMqEventBusTests.Publish_HeardByTheOriginal_IsByteForByteItsForm));

    /// <summary>The tests, by the cases' ids.</summary>
    public static readonly IReadOnlyDictionary<string, (Type Fixture, string Test)> All = new Dictionary<string, (Type, string)>
    {
        ["A31"] = Configured,
        ["A33"] = Refused,
        ["A35"] = Refused,
        ["A41"] = Distributed,
        ["A43"] = Started,
        ["A50"] = Started,
        ["K01"] = Wire,
        ["K03"] = Wire,
        ["K05"] = Broker,
        ["K07"] = (typeof(DistributedTests), nameof(DistributedTests.Redis_Away_Gets503InTimeKeepsWebsocketsOpenAndHeals)),
        ["K09"] = Started,
        ["K11"] = (
            typeof(DistributedTests),
            nameof(DistributedTests.TwoListenersAndTwoDispatchers_OneInstallation_EachEventReachesEveryClientOnceInOrder)),
        ["K13"] = (typeof(EventBusContract), nameof(EventBusContract.Bind_ALongKey_IsReceived)),
        ["K15"] = (typeof(InProcessEventBusTests), nameof(InProcessEventBusTests.PublishAsync_FullQueue_HasTheReceiverLookForWhatItMissed)),
        ["K17"] = (typeof(CibaNotificationTests), nameof(CibaNotificationTests.Read_SomethingElse_IsRefused)),
    };
}
