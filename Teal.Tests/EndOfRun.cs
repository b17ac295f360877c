using Teal.Tests.Support;

namespace Teal.Tests;

/// <summary>Ends what tests share. It stands in the root namespace, as its reach is that namespace and those below.</summary>
[SetUpFixture]
public sealed class EndOfRun
{
    [OneTimeTearDown]
    public static Task EndAsync() => SharedRabbitMq.EndAsync();
}
