using Microsoft.Extensions.Logging.Abstractions;
using Teal.Core.Journal;
using Teal.Dispatcher;
using Teal.Dispatcher.Registrations;
using Teal.Tests.Support;
using Teal.Web.Sessions;

namespace Teal.Tests.Dispatcher;

public sealed class FeedWatchTests
{
    [Test]
    public async Task Watch_AfterTheStoreGaveUp_GoesOn()
    {
        var feed = new Feed();
        var options = new DispatcherOptions { FeedInterval = TimeSpan.FromMilliseconds(1) };
        var registrations = new RegistrationTable(
            null!, null!, null!, new Outbox(), new RegistrationBudget(options), options, TimeProvider.System);
        using var watch = new FeedWatch([feed], registrations, options, TimeProvider.System, NullLogger<FeedWatch>.Instance);
        await watch.StartAsync(CancellationToken.None);

        // As the libraries of stores do that give up waiting by themselves.
        await Eventually.HoldsAsync(() => feed.Read > 0, "it reads");
        feed.Fault = new OperationCanceledException();
        await Eventually.HoldsAsync(() => feed.Failed > 0, "it fails");
        feed.Fault = null;
        var before = feed.Read;

        await Eventually.HoldsAsync(() => feed.Read > before, "it reads again");
        await watch.StopAsync(CancellationToken.None);
    }

    private sealed class Feed : IJournalFeed
    {
        private int _read;
        private int _failed;

        public int Read => Volatile.Read(ref _read);

        public int Failed => Volatile.Read(ref _failed);

        public Exception? Fault { get; set; }

        public ValueTask<string> FindFeedEndAsync(CancellationToken cancellationToken) => ValueTask.FromResult("0");

        public ValueTask<JournalFeedPage> ReadFeedAsync(string after, CancellationToken cancellationToken)
        {
            if (Fault is { } fault)
            {
                Interlocked.Increment(ref _failed);
                throw fault;
            }

            Interlocked.Increment(ref _read);
            return ValueTask.FromResult(new JournalFeedPage([], "0", IsComplete: true, HasMore: false));
        }
    }
}
