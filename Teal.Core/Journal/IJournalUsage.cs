namespace Teal.Core.Journal;

/// <summary>A journal that knows what it holds without looking.</summary>
public interface IJournalUsage
{
    /// <summary>What it holds now.</summary>
    JournalUsage Usage { get; }
}
