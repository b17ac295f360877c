using System.Collections.Concurrent;

namespace Teal.Dispatcher.Registrations;

/// <summary>
/// The topics that nobody is registered for any more, in the order in which they are to be unbound. Those that somebody registered for
/// again are passed over.
/// </summary>
internal sealed class VacantTopics(RegistrationBudget budget, DispatcherOptions options, TimeProvider clock)
{
    // How many are unbound at once.
    private const int Batch = 500;

    private readonly ConcurrentQueue<Vacancy> _vacancies = new();
    private volatile TaskCompletionSource _crowded = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Completes when so many wait that they are not to wait for their time.</summary>
    public Task WhenCrowdedAsync() => _crowded.Task;

    /// <summary>Has <see cref="WhenCrowdedAsync"/> wait for the next time.</summary>
    public void Calm() => _crowded = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Adds one, under its lock.</summary>
    public void Add(TopicRegistrations entry)
    {
        _vacancies.Enqueue(new Vacancy(entry, entry.Version, clock.GetTimestamp()));
        if (budget.IsCrowded) _crowded.TrySetResult();
    }

    /// <summary>
    /// Takes those whose time has come, some hundreds at a time. A new binding of one waits for <paramref name="unbinding"/>.
    /// </summary>
    public List<TopicRegistrations> Take(Task unbinding)
    {
        var taken = new List<TopicRegistrations>();
        while (taken.Count < Batch && TryTake(out var vacancy))
        {
            lock (vacancy.Entry)
            {
                if (!vacancy.Entry.IsEmpty || vacancy.Entry.Version != vacancy.Version || vacancy.Entry.Bound is null) continue;
                vacancy.Entry.Bound = null;
                vacancy.Entry.Unbinding = unbinding;
            }

            taken.Add(vacancy.Entry);
        }

        return taken;
    }

    private bool TryTake(out Vacancy vacancy) =>
        _vacancies.TryPeek(out vacancy)
        && (clock.GetElapsedTime(vacancy.Since) >= options.UnbindDelay || budget.IsCrowded)
        && _vacancies.TryDequeue(out vacancy);

    private readonly record struct Vacancy(TopicRegistrations Entry, int Version, long Since);
}
