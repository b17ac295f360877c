using StackExchange.Redis;
using StackExchange.Redis.Availability;

namespace Teal.Redis;

/// <summary>
/// Has the driver make a connection anew on which an answer was waited for in vain, and none came meanwhile. By itself it waits four times
/// as long, and the operating system a quarter of an hour.
/// </summary>
internal sealed class SilenceBreaker(TimeSpan limit, TimeProvider clock) : CircuitBreaker
{
    /// <inheritdoc/>
    public override Accumulator CreateAccumulator() => new Connection(limit, clock);

    private sealed class Connection(TimeSpan limit, TimeProvider clock) : Accumulator
    {
        private long _answered = clock.GetTimestamp();

        /// <inheritdoc/>
        public override void ObserveResult(in FaultContext fault)
        {
            if (!fault.IsFault) Volatile.Write(ref _answered, clock.GetTimestamp());
        }

        /// <inheritdoc/>
        public override bool IsHealthy() => clock.GetElapsedTime(Volatile.Read(ref _answered)) < limit;

        /// <inheritdoc/>
        public override void Reset() => Volatile.Write(ref _answered, clock.GetTimestamp());

        /// <inheritdoc/>
        protected override bool IsFailure(in FaultContext fault) => fault.ErrorKind == RedisErrorKind.Timeout;
    }
}
