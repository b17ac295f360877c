using System.Text;

namespace Teal.Client;

/// <summary>What the client proves who it is with, as the header has it.</summary>
internal static class Authorization
{
    private const string Anonymous = "anonymous", KeyStart = "teal_";

    // Of what is meant as a key (specification 8.3). A password of such a beginning can be shorter.
    private const int LeastKeyLength = 43;

    /// <summary>The header's value.</summary>
    public static string Of(TealClientOptions options)
    {
        var (user, secret) = (options.User, options.Password);
        if (user.Length == 0 && secret.StartsWith(KeyStart, StringComparison.Ordinal) && secret.Length >= LeastKeyLength)
            return $"Bearer {secret}";

        var text = $"{(user.Length == 0 ? Anonymous : user)}:{secret}";
        return $"Basic {Convert.ToBase64String(Encoding.UTF8.GetBytes(text))}";
    }
}
