using Teal.Core.Events;

namespace Teal.Core.Journal;

/// <summary>Finds the room of a topic.</summary>
public static class JournalRoomExtensions
{
    /// <summary>How many rooms there are.</summary>
    public const int Count = (int)JournalRoom.Unclaimed + 1;

    /// <summary>The room of a topic of that kind.</summary>
    /// <param name="kind">The kind.</param>
    /// <param name="isInvited">Whether an event of it was invited.</param>
    /// <param name="isClaimed">Whether it was claimed.</param>
    public static JournalRoom RoomOf(this EventKind kind, bool isInvited, bool isClaimed) => kind switch
    {
        _ when !isInvited && !isClaimed => JournalRoom.Unclaimed,
        EventKind.Callback => isInvited ? JournalRoom.Callbacks : JournalRoom.Freestanding,
        EventKind.OpenIdCibaCallback => JournalRoom.OpenIdCiba,
        _ => JournalRoom.Powens,
    };
}
