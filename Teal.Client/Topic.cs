namespace Teal.Client;

/// <summary>What a client registers for, as <c>register_to</c> has it (specification 3.2). It may be of any type.</summary>
/// <param name="Type">Its type.</param>
/// <param name="Member">The member that holds its key.</param>
/// <param name="Key">Its key.</param>
public sealed record Topic(string Type, string Member, string Key)
{
    /// <summary>The callbacks of a state.</summary>
    public static Topic Callback(string state) => new("callback", "state", state);

    /// <summary>The OpenID CIBA notifications for an <c>auth_req_id</c>.</summary>
    public static Topic OpenIdCiba(string requestId) => new("openid_ciba_callback", "request_id", requestId);

    /// <summary>
    /// What comes to a webhook of one's own team; <c>TEAM/NAME</c> is another's, for who may read it (specification 9.2).
    /// </summary>
    public static Topic Webhook(string name) => new("webhook", "name", name);

    /// <summary>The webhooks of a Powens domain, given with or without its suffix <c>.biapi.pro</c>.</summary>
    public static Topic Powens(string domain) => new("powens_domain", "powens_domain", domain);
}
