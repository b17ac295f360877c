using System.Text.Json.Serialization;
using Teal.Api.Http;

namespace Teal.Api.Accounts;

/// <summary>Writes accounts.</summary>
[JsonSerializable(typeof(AccountPage))]
internal sealed partial class AccountForms : JsonSerializerContext
{
    /// <summary>The one for all.</summary>
    public static AccountForms Written { get; } = new(ApiJson.Form());
}
