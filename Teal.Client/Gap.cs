using System.Text.Json;

namespace Teal.Client;

/// <summary>Events may be missing here: the dispatcher does not keep them any more (specification 3.3).</summary>
public sealed class Gap : TealEvent
{
    internal const string TypeName = "gap";

    internal Gap(JsonElement json)
        : base(TypeName, json)
    {
    }
}
