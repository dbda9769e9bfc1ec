using System.Text;

namespace CustomExecutor.Core.Kubernetes.Kubeconfig;

/// <summary>Checks the user of the chosen context, by the rules of client-go's validateAuthInfo and of its
/// transports.</summary>
internal sealed class UserReader(
    KubeconfigUser user,
    string path,
    KubeconfigMistakes mistakes,
    Func<string, FileContent> read
)
{
    /// <summary>The user, with only the authentication methods that are used.</summary>
    /// <param name="secure">Whether the connection is encrypted. Otherwise no credentials are sent.</param>
    /// <param name="cluster">The cluster, for a plugin that asks for it.</param>
    public ClusterUser Read(bool secure, KubeconfigCluster cluster)
    {
        CheckMethods();
        var (certificate, key) = Certificate();
        var exec = user.Exec is { } plugin
            ? new ExecReader(plugin, KubeconfigMistakes.Path(path, "exec"), user.File, mistakes).Read(
                cluster.ExecConfig
            )
            : null;
        var impersonate = Impersonate();
        if (!secure)
            return new ClusterUser { Impersonate = impersonate };

        var tokenFile = TokenFile();
        Check("token", user.Token);
        var needsExec =
            (
                user.Token
                ?? user.TokenFile
                ?? user.Username
                ?? user.ClientCertificate
                ?? (object?)user.ClientCertificateData
            )
            is null;
        // kubectl would prompt for a user name.
        if (needsExec && user is { Exec: null, AuthProvider: null })
            Add("", "has no credentials. Set token, tokenFile, client-certificate and client-key, or exec.");
        if (needsExec && exec is { InteractiveMode: "Always" })
        {
            Add(
                "exec.interactiveMode",
                "is Always, but the driver has no terminal. Use IfAvailable or Never if the plugin can work "
                    + "without one."
            );
        }

        return new ClusterUser
        {
            ClientCertificate = certificate,
            ClientKey = key,
            Token = user.Token,
            TokenFile = tokenFile,
            Username = user.Username,
            Password = user.Password,
            // client-go does not call the plugin if another method is set.
            Exec = needsExec ? exec : null,
            Impersonate = impersonate,
        };
    }

    private void CheckMethods()
    {
        if (user.AuthProvider is { } provider)
        {
            Add(
                "auth-provider",
                $"\"{DisplayText.Of(provider)}\" is not supported. Use its exec plugin (exec), or a token."
            );
        }

        if (
            (user.Token is not null && (user.Username ?? user.Password) is not null)
            || (user.TokenFile is not null && user.Username is not null)
        )
        {
            Add(
                user.Token is null ? "tokenFile" : "token",
                "is set, and username and password too. Remove one of the two."
            );
        }
    }

    private (string? Certificate, string? Key) Certificate()
    {
        if ((user.ClientCertificateData ?? (object?)user.ClientCertificate) is null)
            return (null, null);
        if (user is { ClientCertificate: not null, ClientCertificateData: not null })
            Add("client-certificate", "is set, and client-certificate-data too. Remove one of the two.");
        if (user is { ClientKey: not null, ClientKeyData: not null })
            Add("client-key", "is set, and client-key-data too. Remove one of the two.");
        if (user is { ClientKey: null, ClientKeyData: null })
            Add("client-key", "is missing for the client certificate. Set client-key or client-key-data.");
        var certificate = user.ClientCertificateData ?? ReadFile("client-certificate", user.ClientCertificate);
        var key = user.ClientKeyData ?? ReadFile("client-key", user.ClientKey);
        if (certificate is null || key is null)
            return (null, null);

        var pem = (Certificate: Encoding.UTF8.GetString(certificate), Key: Encoding.UTF8.GetString(key));
        if (CertificatePem.Mistake(pem.Certificate, pem.Key) is not var (inKey, sentence))
            return pem;
        var file = inKey ? user.ClientKey : user.ClientCertificate;
        var field = (inKey ? "client-key" : "client-certificate") + (file is null ? "-data" : "");
        Add(field, file is null ? sentence : $"the file {DisplayText.Of(file)} {sentence}");
        return pem;
    }

    private string? TokenFile()
    {
        // An unreadable file is a mistake only if there is no token.
        if (user.TokenFile is null || user.Token is not null)
            return user.TokenFile;
        if (ReadFile("tokenFile", user.TokenFile) is not { } bytes)
            return user.TokenFile;
        var token = Encoding.UTF8.GetString(bytes).Trim();
        if (token.Length == 0)
            Add("tokenFile", $"the file {DisplayText.Of(user.TokenFile)} is empty.");
        Check("tokenFile", token);
        return user.TokenFile;
    }

    private Impersonation? Impersonate()
    {
        if (user.As is not null)
            Check("as", user.As);
        else if (user.AsUid is not null || user.AsGroups.Count > 0 || user.AsUserExtra.Count > 0)
            Add("as", "is missing, but as-uid, as-groups or as-user-extra is set. Name the user to impersonate.");
        Check("as-uid", user.AsUid);
        foreach (var group in user.AsGroups)
            Check("as-groups", group);
        foreach (var value in user.AsUserExtra.Values.SelectMany(values => values))
            Check("as-user-extra", value);
        return user.As is null ? null : new Impersonation(user.As, user.AsUid, user.AsGroups, user.AsUserExtra);
    }

    /// <summary>A header's value must not have control characters. Go's net/http also rejects them.</summary>
    private void Check(string field, string? value)
    {
        if (value?.Any(c => c is not '\t' and (< ' ' or '\x7f')) == true)
            Add(field, "has a character that is not allowed in an HTTP header.");
    }

    private byte[]? ReadFile(string field, string? file)
    {
        if (file is null)
            return null;
        var content = read(file);
        if (content.Trouble is { } trouble)
            Add(field, $"the file {DisplayText.Of(file)} can't be read: {DisplayText.Of(trouble)}");
        return content.Bytes;
    }

    private void Add(string field, string sentence) =>
        mistakes.Add(
            user.File,
            field.Length == 0 ? path : field.Split('.').Aggregate(path, KubeconfigMistakes.Path),
            sentence
        );
}
